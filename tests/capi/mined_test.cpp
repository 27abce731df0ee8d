// Models through the C API: the same numbers as the C++ API gives, whatever the layout, and defined answers to
// nonsense.

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/mine/algorithm.hpp"
#include "emptor/mine/tree_text.hpp"
#include "support/capi_world.hpp"
#include "support/taken_document.hpp"

using namespace emptor::test;
namespace json = boost::json;
namespace mine = emptor::mine;

namespace {

constexpr std::size_t rows = 300, columns = 4;

struct Made {
  std::vector<double> x, y;
};

// Three classes around three centres, and one column of noise.
Made made() {
  emptor::Random random(7);
  Made all;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto kind = static_cast<double>(row % 3);
    all.y.push_back(kind);
    for (std::size_t column = 0; column < columns; ++column)
      all.x.push_back((column == 3 ? 0 : 4 * kind * static_cast<double>(column + 1)) + random.normal());
  }
  return all;
}

emptor_matrix matrix_of(const std::vector<double>& x, std::size_t width = columns) {
  emptor_matrix matrix = EMPTOR_MATRIX_INIT;
  matrix.data = x.data();
  matrix.rows = x.size() / width;
  matrix.columns = width;
  return matrix;
}

class OwnedModel {
 public:
  OwnedModel(const char* algorithm, const std::string& options, const emptor_matrix& x, const double* y,
             const emptor_host* host = nullptr) {
    emptor_error error = EMPTOR_ERROR_INIT;
    const emptor_status status =
        emptor_model_fit(algorithm, options.data(), options.size(), &x, y, nullptr, nullptr, host, &model, &error);
    REQUIRE_MESSAGE(status == EMPTOR_OK, algorithm, ": ", error.message);
  }
  ~OwnedModel() { emptor_model_free(model, nullptr); }
  OwnedModel(const OwnedModel&) = delete;
  OwnedModel& operator=(const OwnedModel&) = delete;

  std::string bytes() const {
    emptor_text text{};
    REQUIRE(emptor_model_save(model, &text, nullptr) == EMPTOR_OK);
    return std::string(text.data, text.size);
  }
  std::vector<double> ask(const emptor_matrix& x, std::int32_t answer, std::size_t width) const {
    std::vector<double> out(x.rows * width, -7);
    emptor_error error = EMPTOR_ERROR_INIT;
    const emptor_status status = emptor_model_predict(model, &x, answer, nullptr, out.data(), out.size(), &error);
    REQUIRE_MESSAGE(status == EMPTOR_OK, error.message);
    return out;
  }

  emptor_model* model = nullptr;
};

json::value info_of(const OwnedModel& model) {
  emptor_document* document = nullptr;
  REQUIRE(emptor_model_info(model.model, &document, nullptr) == EMPTOR_OK);
  return take(document);
}

std::string written(const OwnedModel& model, const char* format, const std::string& options) {
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  REQUIRE_MESSAGE(
      emptor_model_text(model.model, format, options.data(), options.size(), &document, &error) == EMPTOR_OK,
      error.message);
  emptor_text text{};
  REQUIRE(emptor_document_text(document, &text, nullptr) == EMPTOR_OK);
  std::string all(text.data, text.size);
  emptor_document_free(document, nullptr);
  return all;
}

// Options under which an algorithm takes the made rows.
std::string options_for(const std::string& name) {
  if (name == "gradient_boosting") return R"({"loss":"softmax","rounds":5})";
  if (name == "random_forest") return R"({"trees":7})";
  // The made classes lie apart: bins are pure, and only a ridge has an estimate.
  if (name == "scorecard") return R"({"least_events":0,"ridge":1})";
  return "{}";
}

/// What an algorithm learns: a scorecard and a blend two classes, the others all three.
std::vector<double> targets_for(const std::string& name, const Made& data) {
  std::vector<double> y = data.y;
  if (name == "scorecard" || name == "blended_boosting")
    for (double& one : y) one = std::min(one, 1.0);
  return y;
}

emptor_status fit_status(const char* algorithm, const char* options, const emptor_matrix* x, const double* y,
                         std::string& field) {
  emptor_model* model = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status =
      emptor_model_fit(algorithm, options, EMPTOR_NUL, x, y, nullptr, nullptr, nullptr, &model, &error);
  field = error.field;
  CHECK((status == EMPTOR_OK) == (model != nullptr));
  emptor_model_free(model, nullptr);
  return status;
}

}  // namespace

TEST_CASE("models in C: every algorithm of the list fits, tells what it is, answers, and is the same when loaded") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  for (const mine::AlgorithmEntry& entry : mine::algorithms()) {
    const std::string name(entry.name);
    const OwnedModel model(name.c_str(), options_for(name), x, targets_for(name, data).data());
    const json::value info = info_of(model);
    CHECK(info.at("features").to_number<std::size_t>() == columns);
    CHECK((name == "mini_batch_kmeans" || std::string(info.at("algorithm").as_string()) == name));
    const std::string bytes = model.bytes();
    emptor_model* again = nullptr;
    REQUIRE(emptor_model_load(bytes.data(), bytes.size(), &again, nullptr) == EMPTOR_OK);
    emptor_text text{};
    REQUIRE(emptor_model_save(again, &text, nullptr) == EMPTOR_OK);
    CHECK(std::string_view(text.data, text.size) == bytes);
    static const std::vector<std::string> answers = {"value",         "probabilities", "scores",
                                                     "contributions", "leaves",        "originals"};
    for (std::int32_t answer = EMPTOR_VALUE; answer <= EMPTOR_ORIGINALS; ++answer) {
      const json::value* width = info.at("answers").as_object().if_contains(answers[static_cast<std::size_t>(answer)]);
      if (width == nullptr) {
        double number = 0;
        CHECK(emptor_model_predict(model.model, &x, answer, nullptr, &number, 1, nullptr) == EMPTOR_UNSUPPORTED);
        continue;
      }
      const auto each = width->to_number<std::size_t>();
      const std::vector<double> all = model.ask(x, answer, each);
      std::vector<double> loaded(all.size());
      REQUIRE(emptor_model_predict(again, &x, answer, nullptr, loaded.data(), loaded.size(), nullptr) == EMPTOR_OK);
      CHECK(all == loaded);
      for (std::size_t row = 0; row < rows; row += 97) {  // one row at a time says the same
        emptor_matrix one = x;
        one.data = data.x.data() + row * columns;
        one.rows = 1;
        const std::vector<double> alone = model.ask(one, answer, each);
        CHECK(std::equal(alone.begin(), alone.end(), all.begin() + static_cast<std::ptrdiff_t>(row * each)));
      }
    }
    emptor_model_free(again, nullptr);
  }
}

TEST_CASE("models in C: the layout of the numbers does not matter, nor the number of threads") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  std::vector<double> by_column(data.x.size());
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      by_column[column * rows + row] = data.x[row * columns + column];
  emptor_matrix turned = matrix_of(by_column);
  turned.row_stride = 1;
  turned.column_stride = rows;
  for (const char* name : {"kmeans", "decision_tree", "random_forest", "logistic"}) {
    const OwnedModel first(name, options_for(name), x, data.y.data());
    CHECK(OwnedModel(name, options_for(name), turned, data.y.data()).bytes() == first.bytes());
    for (const std::size_t threads : {2, 5}) {
      emptor_host host = EMPTOR_HOST_INIT;
      host.threads = threads;
      CHECK(OwnedModel(name, options_for(name), x, data.y.data(), &host).bytes() == first.bytes());
    }
  }
}

TEST_CASE("models in C: a host's executor runs the tasks, and its progress stops the fit") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  static int tasks = 0;
  emptor_host host = EMPTOR_HOST_INIT;
  host.threads = 2;
  host.executor = [](void*, size_t count, emptor_task task, void* context) {
    for (std::size_t i = count; i-- > 0;) task(context, i);
    tasks += static_cast<int>(count);
  };
  const OwnedModel serial("random_forest", options_for("random_forest"), x, data.y.data());
  const OwnedModel hosted("random_forest", options_for("random_forest"), x, data.y.data(), &host);
  CHECK(tasks > 0);
  CHECK(hosted.bytes() == serial.bytes());
  host.progress = [](void*, const char*, std::uint64_t, std::uint64_t) { return 0; };
  emptor_model* model = nullptr;
  CHECK(emptor_model_fit("random_forest", nullptr, 0, &x, data.y.data(), nullptr, nullptr, &host, &model, nullptr) ==
        EMPTOR_CANCELLED);
  CHECK(model == nullptr);
}

TEST_CASE("models in C: nonsense is refused by name") {
  const Made data = made();
  const emptor_matrix good = matrix_of(data.x);
  std::string field;
  CHECK(fit_status("no_such", "{}", &good, nullptr, field) == EMPTOR_NOT_FOUND);
  CHECK(fit_status("kmeans", R"({"kk":3})", &good, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "kk");
  CHECK(fit_status("kmeans", R"({"k":0})", &good, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "k");
  CHECK(fit_status("kmeans", R"({"k":301})", &good, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "k");
  CHECK(fit_status("kmeans", R"({"k":2,"starts":[1,2,3]})", &good, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "starts");
  CHECK(fit_status("kmeans", R"({"seed":-1})", &good, nullptr, field) == EMPTOR_INVALID);
  CHECK(fit_status("logistic", "{}", &good, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "y");
  CHECK(fit_status("kmeans", "{}", nullptr, nullptr, field) == EMPTOR_MISUSE);
  emptor_matrix bad = good;
  bad.data = nullptr;
  CHECK(fit_status("kmeans", "{}", &bad, nullptr, field) == EMPTOR_MISUSE);
  bad = good;
  bad.size = 0;
  CHECK(fit_status("kmeans", "{}", &bad, nullptr, field) == EMPTOR_MISUSE);
  bad = good;
  bad.type = 7;
  CHECK(fit_status("kmeans", "{}", &bad, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "x");
  bad = good;
  bad.row_stride = SIZE_MAX / 2;
  CHECK(fit_status("kmeans", "{}", &bad, nullptr, field) == EMPTOR_INVALID);
  bad = good;
  bad.rows = SIZE_MAX;
  bad.row_stride = 0;
  CHECK(fit_status("kmeans", "{}", &bad, nullptr, field) == EMPTOR_INVALID);
  bad = good;
  bad.rows = 0;
  CHECK(fit_status("kmeans", "{}", &bad, nullptr, field) == EMPTOR_INVALID);
  for (const double number : {std::nan(""), HUGE_VAL}) {
    std::vector<double> spoilt = data.x;
    spoilt[5] = number;
    const emptor_matrix with = matrix_of(spoilt);
    for (const char* name : {"kmeans", "logistic"})
      CHECK(fit_status(name, "{}", &with, data.y.data(), field) == EMPTOR_INVALID);
  }
}

TEST_CASE("models in C: questions that do not fit a model are refused") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  const OwnedModel model("logistic", "{}", x, data.y.data());
  std::vector<double> out(rows * 3);
  const auto ask = [&](const emptor_matrix& rows_of, std::int32_t answer, std::size_t size) {
    return emptor_model_predict(model.model, &rows_of, answer, nullptr, out.data(), size, nullptr);
  };
  CHECK(ask(x, EMPTOR_PROBABILITIES, out.size()) == EMPTOR_OK);
  CHECK(ask(x, EMPTOR_PROBABILITIES, out.size() - 1) == EMPTOR_INVALID);
  CHECK(ask(x, EMPTOR_LEAVES, out.size()) == EMPTOR_UNSUPPORTED);
  CHECK(ask(x, EMPTOR_ORIGINALS, out.size()) == EMPTOR_UNSUPPORTED);
  CHECK(ask(x, 6, out.size()) == EMPTOR_INVALID);
  CHECK(ask(x, -1, out.size()) == EMPTOR_INVALID);
  emptor_matrix narrow = x;
  narrow.columns = columns - 1;
  CHECK(ask(narrow, EMPTOR_VALUE, rows) == EMPTOR_INVALID);
  emptor_matrix none = x;
  none.rows = 0;
  CHECK(ask(none, EMPTOR_VALUE, 0) == EMPTOR_OK);
  emptor_document* document = nullptr;
  CHECK(emptor_model_explain(model.model, &x, &document, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_model_explain(model.model, &narrow, &document, nullptr) == EMPTOR_INVALID);
}

TEST_CASE("models in C: the reasons for a row add up to what they say they do") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  emptor_matrix one = x;
  one.rows = 1;
  for (const char* name : {"decision_tree", "gradient_boosting", "logistic"}) {
    const OwnedModel model(name, options_for(name), x, data.y.data());
    emptor_document* document = nullptr;
    REQUIRE(emptor_model_explain(model.model, &one, &document, nullptr) == EMPTOR_OK);
    const json::value why = take(document);
    double sum = why.at("base").to_number<double>();
    for (const json::value& reason : why.at("reasons").as_array()) sum += reason.at("contribution").to_number<double>();
    CHECK(why.at("reasons").as_array().size() == columns);
    const std::vector<double> scores = model.ask(one, EMPTOR_SCORES, 3);
    CHECK(sum == doctest::Approx(scores[why.at("output").to_number<std::size_t>()]).epsilon(1e-9));
    CHECK(why.at("value").to_number<double>() == 0);
  }
}

TEST_CASE(
    "models in C: trees are written in words, SQL, DOT and ONNX as C++ writes them, with the names that are given") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  const std::string names = R"({"features":["a","b","c","d \"x\""],"outputs":["no","maybe","yes"]})";
  const std::vector<std::string> features = {"a", "b", "c", "d \"x\""}, outputs = {"no", "maybe", "yes"};
  for (const char* algorithm : {"decision_tree", "random_forest", "gradient_boosting"}) {
    const OwnedModel model(algorithm, options_for(algorithm), x, data.y.data());
    const mine::AnyModel same = mine::load_model(model.bytes());
    const mine::TreeEnsemble& trees = std::visit(
        [](const auto& one) -> const mine::TreeEnsemble& {
          if constexpr (requires { one.ensemble; }) return one.ensemble;
          throw std::bad_variant_access();
        },
        same);
    CHECK(written(model, "words", names) == to_words(trees, {features, outputs}));
    CHECK(written(model, "words", "") == to_words(trees));
    CHECK(written(model, "sql", names) == to_sql(trees, {features, outputs}));
    CHECK(written(model, "dot", names) == to_dot(trees, {features, outputs}));
    CHECK(written(model, "dot", R"({"tree":0})") == to_dot(trees));
    CHECK(written(model, "onnx", "{}") == to_onnx(trees, true));
  }
}

TEST_CASE("models in C: a format, a name or a tree that is not there is refused, and a model without trees") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  const OwnedModel tree("decision_tree", "{}", x, data.y.data()), clusters("kmeans", R"({"k":2})", x, nullptr);
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const auto ask = [&](const OwnedModel& model, const char* format, const char* options) {
    return emptor_model_text(model.model, format, options, EMPTOR_NUL, &document, &error);
  };
  CHECK(ask(tree, "latin", "{}") == EMPTOR_INVALID);
  CHECK(error.field == std::string("format"));
  CHECK(std::string(error.hint).find("onnx") != std::string::npos);
  CHECK(ask(tree, "sql", R"({"features":["a"]})") == EMPTOR_INVALID);
  CHECK(error.field == std::string("features"));
  CHECK(ask(tree, "sql", R"({"features":["a","b","c","d\u0000"]})") == EMPTOR_INVALID);
  CHECK(ask(tree, "words", R"({"outputs":["a","b"]})") == EMPTOR_INVALID);
  CHECK(error.field == std::string("outputs"));
  CHECK(ask(tree, "dot", R"({"tree":1})") == EMPTOR_INVALID);
  CHECK(error.field == std::string("tree"));
  CHECK(ask(tree, "dot", R"({"tree":18446744073709551615})") == EMPTOR_INVALID);
  CHECK(ask(tree, "dot", R"({"tree":-1})") == EMPTOR_INVALID);
  CHECK(ask(tree, "dot", R"({"trees":0})") == EMPTOR_INVALID);
  CHECK(ask(tree, "dot", "[]") == EMPTOR_INVALID);
  for (const char* format : {"words", "sql", "dot", "onnx"}) CHECK(ask(clusters, format, "{}") == EMPTOR_UNSUPPORTED);
  CHECK(document == nullptr);
}

TEST_CASE("models in C: a scaling is learnt, applied, undone and kept") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  const mine::Scaling expected = mine::fit_scaling({data.x.data(), rows, columns, columns, 1});
  std::vector<double> scaled(data.x.size());
  apply(expected, {data.x.data(), rows, columns, columns, 1}, scaled);
  const OwnedModel scaling("scaling", R"({"data_version":"7"})", x, nullptr);
  CHECK(scaling.ask(x, EMPTOR_VALUE, columns) == scaled);
  const std::vector<double> back = scaling.ask(matrix_of(scaled), EMPTOR_ORIGINALS, columns);
  for (std::size_t i = 0; i < back.size(); ++i) CHECK(back[i] == doctest::Approx(data.x[i]).epsilon(1e-12));
  const json::value info = info_of(scaling);
  CHECK(info.at("data_version") == "7");
  CHECK(info.at("centre").at(2).to_number<double>() == doctest::Approx(expected.centre[2]));
  CHECK(info.at("options").at("method") == "zscore");
  const OwnedModel robust("scaling", R"({"method":"robust"})", x, nullptr);
  CHECK(robust.bytes() != scaling.bytes());
  std::string field;
  std::vector<double> flat(rows, 3.0);
  const emptor_matrix constant = matrix_of(flat, 1);
  CHECK(fit_status("scaling", "{}", &constant, nullptr, field) == EMPTOR_INVALID);
  CHECK(fit_status("scaling", R"({"constant":"keep"})", &constant, nullptr, field) == EMPTOR_OK);
  CHECK(fit_status("scaling", R"({"method":"log"})", &x, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "method");
  emptor_matrix one = x;
  one.rows = 1;
  emptor_document* document = nullptr;
  CHECK(emptor_model_explain(scaling.model, &one, &document, nullptr) == EMPTOR_UNSUPPORTED);
}

TEST_CASE("models in C: k is chosen by its figures, and the model that comes of it is k-means of that k") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  const OwnedModel chosen("kmeans_choice", R"({"greatest_k":6,"stability_rounds":5})", x, nullptr);
  const json::value info = info_of(chosen);
  CHECK(info.at("k").to_number<int>() == 3);  // the made rows have three centres
  CHECK(info.at("by_silhouette").to_number<int>() == 3);
  CHECK(info.at("by_elbow").to_number<int>() == 3);
  REQUIRE(info.at("candidates").as_array().size() == 5);
  CHECK(info.at("candidates").at(1).at("k").to_number<int>() == 3);
  CHECK(info.at("stability").at("rand_indices").as_array().size() == 5);
  CHECK(info.at("stability").at("cluster_overlap").as_array().size() == 3);
  const OwnedModel plain("kmeans", R"({"k":3})", x, nullptr);
  CHECK(info.at("inertia") == info_of(plain).at("inertia"));
  CHECK(info.at("candidates").at(1).at("inertia") == info.at("inertia"));
  CHECK(chosen.ask(x, EMPTOR_VALUE, 1) == plain.ask(x, EMPTOR_VALUE, 1));
  CHECK(chosen.ask(x, EMPTOR_SCORES, 3) == plain.ask(x, EMPTOR_SCORES, 3));
  CHECK(info_of(OwnedModel("kmeans_choice", R"({"stability_rounds":0})", x, nullptr)).as_object().count("stability") ==
        0);
  std::string field;
  CHECK(fit_status("kmeans_choice", R"({"least_k":4,"greatest_k":3})", &x, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "greatest_k");
  CHECK(fit_status("kmeans_choice", R"({"greatest_k":301})", &x, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "greatest_k");
  CHECK(fit_status("kmeans_choice", R"({"stability_share":0})", &x, nullptr, field) == EMPTOR_INVALID);
  CHECK(fit_status("kmeans_choice", R"({"by":"eye"})", &x, nullptr, field) == EMPTOR_INVALID);
  CHECK(field == "by");
  CHECK(fit_status("kmeans_choice", R"({"k":3})", &x, nullptr, field) == EMPTOR_INVALID);
}

namespace {

// The made rows in batches of so many, and how often they were read.
struct MadeBatches {
  const Made& data;
  std::size_t each;
  std::size_t at = 0, passes = 0;
  std::size_t fail_at = SIZE_MAX;  // where `next` says that it failed
  bool widening = false;           // a second batch of other columns

  emptor_batches view() {
    emptor_batches batches = EMPTOR_BATCHES_INIT;
    batches.columns = columns;
    batches.context = this;
    batches.rewind = [](void* context) {
      auto& self = *static_cast<MadeBatches*>(context);
      self.at = 0;
      ++self.passes;
      return 0;
    };
    batches.next = next_of;
    return batches;
  }
  static int next_of(void* context, emptor_batch* batch) { return static_cast<MadeBatches*>(context)->next(*batch); }

 private:
  int next(emptor_batch& batch) {
    if (at >= fail_at) return -1;
    if (at == rows) return 0;
    const std::size_t count = std::min(each, rows - at);
    batch.x.data = data.x.data() + at * columns;
    batch.x.rows = count;
    batch.x.columns = widening && at > 0 ? columns - 1 : columns;
    batch.y = data.y.data() + at;
    at += count;
    return 1;
  }
};

emptor_status fit_batches(const char* algorithm, const char* options, const emptor_batches* batches, std::string& bytes,
                          const emptor_host* host = nullptr) {
  emptor_model* model = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status = emptor_model_fit_batches(algorithm, options, EMPTOR_NUL, batches, host, &model, &error);
  CHECK((status == EMPTOR_OK) == (model != nullptr));
  if (status != EMPTOR_OK) return status;
  emptor_text text{};
  REQUIRE(emptor_model_save(model, &text, nullptr) == EMPTOR_OK);
  bytes.assign(text.data, text.size);
  emptor_model_free(model, nullptr);
  return status;
}

}  // namespace

TEST_CASE("models in C: rows in batches give the model of all rows at once, however they are cut") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  emptor_host host = EMPTOR_HOST_INIT;
  host.threads = 2;
  for (const char* options : {R"({"k":3})", R"({"k":3,"start":"parallel","restarts":2})"}) {
    const std::string whole = OwnedModel("kmeans", options, x, nullptr).bytes();
    for (const std::size_t each : {1, 7, 300}) {
      MadeBatches made_batches{data, each};
      const emptor_batches batches = made_batches.view();
      std::string bytes;
      CHECK(fit_batches("kmeans", options, &batches, bytes, &host) == EMPTOR_OK);
      CHECK(bytes == whole);
      CHECK(made_batches.passes > 2);
    }
  }
  for (const char* algorithm : {"logistic", "naive_bayes"}) {
    const std::string whole = OwnedModel(algorithm, "{}", x, data.y.data()).bytes();
    for (const std::size_t each : {11, 300}) {
      MadeBatches made_batches{data, each};
      const emptor_batches batches = made_batches.view();
      std::string bytes;
      CHECK(fit_batches(algorithm, "{}", &batches, bytes, &host) == EMPTOR_OK);
      CHECK(bytes == whole);
    }
  }
  MadeBatches once{data, 100};
  const emptor_batches stream = once.view();
  std::string bytes;
  CHECK(fit_batches("mini_batch_kmeans", R"({"k":3,"batch":100})", &stream, bytes) == EMPTOR_OK);
  CHECK(once.passes == 1);
  CHECK(bytes == OwnedModel("mini_batch_kmeans", R"({"k":3,"batch":100})", x, nullptr).bytes());
}

TEST_CASE("models in C: batches that fail, contradict themselves or are none are errors") {
  const Made data = made();
  std::string bytes;
  const auto fit_with = [&](const char* algorithm, auto change) {
    MadeBatches made_batches{data, 100};
    emptor_batches batches = made_batches.view();
    change(made_batches, batches);
    return fit_batches(algorithm, "{}", &batches, bytes);
  };
  for (const char* algorithm : {"kmeans", "logistic", "mini_batch_kmeans", "naive_bayes"}) {
    CHECK(fit_with(algorithm, [](auto&, auto&) {}) == EMPTOR_OK);
    CHECK(fit_with(algorithm, [](auto& made_batches, auto&) { made_batches.fail_at = 200; }) == EMPTOR_IO);
    CHECK(fit_with(algorithm, [](auto& made_batches, auto&) { made_batches.fail_at = 0; }) == EMPTOR_IO);
    CHECK(fit_with(algorithm, [](auto&, auto& batches) { batches.rewind = [](void*) { return -1; }; }) == EMPTOR_IO);
    CHECK(fit_with(algorithm, [](auto& made_batches, auto&) { made_batches.widening = true; }) == EMPTOR_INVALID);
    CHECK(fit_with(algorithm, [](auto&, auto& batches) { batches.columns = columns + 1; }) == EMPTOR_INVALID);
    CHECK(fit_with(algorithm, [](auto&, auto& batches) { batches.columns = 0; }) == EMPTOR_INVALID);
    CHECK(fit_with(algorithm, [](auto&, auto& batches) { batches.columns = SIZE_MAX; }) == EMPTOR_INVALID);
    CHECK(fit_with(algorithm, [](auto&, auto& batches) { batches.rewind = nullptr; }) == EMPTOR_MISUSE);
    CHECK(fit_with(algorithm, [](auto&, auto& batches) { batches.next = nullptr; }) == EMPTOR_MISUSE);
    CHECK(fit_with(algorithm, [](auto&, auto& batches) { batches.size = 8; }) == EMPTOR_MISUSE);
    const auto with_next = [&](auto next) {
      return fit_with(algorithm, [&](auto&, auto& batches) { batches.next = next; });
    };
    CHECK(with_next([](void*, emptor_batch*) { return 0; }) == EMPTOR_INVALID);  // no rows at all
    CHECK(with_next([](void*, emptor_batch* batch) { return batch->x.rows = 3, batch->x.columns = columns, 1; }) ==
          EMPTOR_MISUSE);
    CHECK(with_next([](void*, emptor_batch* batch) { return batch->x.size = 0, 1; }) == EMPTOR_MISUSE);
  }
  // Batches may be empty, whatever else they say.
  CHECK(fit_with("kmeans", [](auto&, auto& batches) {
          batches.next = [](void* context, emptor_batch* batch) {
            static bool empty = false;
            empty = !empty;
            return empty ? 1 : MadeBatches::next_of(context, batch);
          };
        }) == EMPTOR_OK);
  CHECK(fit_batches("kmeans", "{}", nullptr, bytes) == EMPTOR_MISUSE);
  CHECK(fit_with("decision_tree", [](auto&, auto&) {}) == EMPTOR_UNSUPPORTED);
  CHECK(fit_with("no_such", [](auto&, auto&) {}) == EMPTOR_NOT_FOUND);
  MadeBatches made_batches{data, 100};
  const emptor_batches batches = made_batches.view();
  emptor_host host = EMPTOR_HOST_INIT;
  host.progress = [](void*, const char*, std::uint64_t, std::uint64_t) { return 0; };
  CHECK(fit_batches("kmeans", "{}", &batches, bytes, &host) == EMPTOR_CANCELLED);
}

TEST_CASE("models in C: bytes that are no model, damaged or cut are refused") {
  const Made data = made();
  const OwnedModel model("kmeans", R"({"k":3})", matrix_of(data.x), nullptr);
  const std::string bytes = model.bytes();
  emptor_model* loaded = nullptr;
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CHECK(emptor_model_load(damaged.data(), damaged.size(), &loaded, nullptr) == EMPTOR_CORRUPT);
    CHECK(emptor_model_load(bytes.data(), at, &loaded, nullptr) == EMPTOR_CORRUPT);
  }
  CHECK(emptor_model_load(nullptr, 3, &loaded, nullptr) == EMPTOR_MISUSE);
  CHECK(loaded == nullptr);
}

TEST_CASE("models in C: one model is asked by many threads at once, and cannot be freed meanwhile") {
  const Made data = made();
  const emptor_matrix x = matrix_of(data.x);
  const OwnedModel model("random_forest", options_for("random_forest"), x, data.y.data());
  const std::vector<double> expected = model.ask(x, EMPTOR_PROBABILITIES, 3);
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong)
    threads.emplace_back([&] {
      std::vector<double> out(expected.size());
      for (int round = 0; round < 50; ++round) {
        const emptor_status status =
            emptor_model_predict(model.model, &x, EMPTOR_PROBABILITIES, nullptr, out.data(), out.size(), nullptr);
        count += status != EMPTOR_OK || out != expected;
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const int count : wrong) CHECK(count == 0);
}

TEST_CASE("models in C: the schema of every algorithm lets its defaults pass and names each option once") {
  for (const mine::AlgorithmEntry& entry : mine::algorithms()) {
    const json::value schema = json::parse({entry.options.data(), entry.options.size()});
    std::set<std::string> names;
    for (const auto& [name, option] : schema.at("properties").as_object()) {
      CHECK(names.insert(std::string(name)).second);
      CHECK(!option.at("description").as_string().empty());
    }
    CHECK(names.count("data_version") == 1);
  }
}
