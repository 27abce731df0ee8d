#include "model.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <array>

#include "batches.hpp"
#include "bind.hpp"
#include "error.hpp"
#include "numbers.hpp"
#include "stream.hpp"
#include "value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {
namespace {

std::int32_t answer_of(const std::string& name) {
  static constexpr std::array names = {"value", "probabilities", "scores", "contributions", "leaves", "originals"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (name == names[i]) return static_cast<std::int32_t>(i);
  raise(EMPTOR_INVALID, "there is no such answer", "value, probabilities, scores, contributions, leaves or originals");
}

emptor_text text_of(const DocumentHandle& document) {
  emptor_text text{};
  check_call([&](emptor_error* error) { return emptor_document_text(document.get(), &text, error); });
  return text;
}

ModelHandle fitted(const std::string& algorithm, const std::string& json, const emptor_matrix& x, const double* y,
                   const double* weights, const std::uint64_t* ids, HostCall& host) {
  emptor_model* model = nullptr;
  host.run([&](const emptor_host* asked, emptor_error* error) {
    return emptor_model_fit(algorithm.c_str(), json.data(), json.size(), &x, y, weights, ids, asked, &model, error);
  });
  return ModelHandle(model);
}

}  // namespace

Model Model::fit(const std::string& algorithm, nb::handle x, nb::handle y, nb::handle weights, nb::handle ids,
                 std::size_t threads, nb::object progress, nb::kwargs options) {
  const std::string json = json_of(options);
  const Numbers numbers(x, "x", 2, "fd");
  const emptor_matrix rows = numbers.matrix();
  const RowNumbers target(y, "y", "d", rows.rows), heavy(weights, "weights", "d", rows.rows),
      named(ids, "ids", "QL", rows.rows);
  HostCall host(std::move(progress), threads);
  return Model(
      fitted(algorithm, json, rows, target.data<double>(), heavy.data<double>(), named.data<std::uint64_t>(), host));
}

Model Model::fit_batches(const std::string& algorithm, std::size_t columns, nb::object rewind, nb::object next,
                         std::size_t threads, nb::object progress, nb::kwargs options) {
  const std::string json = json_of(options);
  Batches batches(columns, std::move(rewind), std::move(next));
  const emptor_batches view = batches.view();
  emptor_model* model = nullptr;
  HostCall host(std::move(progress), threads);
  try {
    host.run([&](const emptor_host* asked, emptor_error* error) {
      return emptor_model_fit_batches(algorithm.c_str(), json.data(), json.size(), &view, asked, &model, error);
    });
  } catch (...) {
    batches.rethrow();  // what Python raised says more than that it failed
    throw;
  }
  return Model(ModelHandle(model));
}

Model Model::fit_table(const std::string& algorithm, nb::handle table, std::size_t threads, nb::object progress,
                       nb::kwargs options) {
  const std::string json = json_of(options);
  const StreamIn in(table);
  emptor_model* model = nullptr;
  HostCall host(std::move(progress), threads);
  host.run([&](const emptor_host* asked, emptor_error* error) {
    return emptor_model_fit_table(algorithm.c_str(), json.data(), json.size(), in.get(), asked, &model, error);
  });
  return Model(ModelHandle(model));
}

Model Model::load(nb::handle bytes) {
  const Numbers numbers(bytes, "bytes", 1, "Bbc");
  numbers.need_whole("bytes");
  emptor_model* model = nullptr;
  check_call([&](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_model_load(numbers.data<const char>(), numbers.size(), &model, error);
  });
  return Model(ModelHandle(model));
}

void Model::predict(nb::handle x, nb::handle out, const std::string& answer, std::size_t threads,
                    nb::object progress) const {
  const Numbers numbers(x, "x", 2, "fd");
  const emptor_matrix rows = numbers.matrix();
  const Numbers place(out, "out", 2, "d", true);
  place.need_whole("out");
  const std::int32_t asked = answer_of(answer);
  HostCall host(std::move(progress), threads);
  host.run([&](const emptor_host* from, emptor_error* error) {
    return emptor_model_predict(handle_.get(), &rows, asked, from, place.data<double>(), place.size(), error);
  });
}

Answer Model::explain(nb::handle row) const {
  const Numbers numbers(row, "x", 2, "fd");
  const emptor_matrix rows = numbers.matrix();
  emptor_document* document = nullptr;
  check_call([&](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_model_explain(handle_.get(), &rows, &document, error);
  });
  return nb::cast<Answer>(report_of(document));
}

Answer Model::ask(nb::kwargs question) const {
  const std::string json = json_of(question);
  emptor_document* document = nullptr;
  check_call([&](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_model_ask(handle_.get(), json.data(), json.size(), &document, error);
  });
  return nb::cast<Answer>(report_of(document));
}

Answer Model::info() const {
  emptor_document* document = nullptr;
  check_call([&](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_model_info(handle_.get(), &document, error);
  });
  return nb::cast<Answer>(report_of(document));
}

DocumentHandle Model::written(const char* format, const std::string& json) const {
  emptor_document* document = nullptr;
  check_call([&](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_model_text(handle_.get(), format, json.data(), json.size(), &document, error);
  });
  return DocumentHandle(document);
}

nb::str Model::text(const std::string& format, nb::kwargs options) const {
  if (format == "onnx") raise(EMPTOR_INVALID, "ONNX is bytes, not a text", "call onnx()");
  const DocumentHandle document = written(format.c_str(), json_of(options));
  const emptor_text text = text_of(document);
  return nb::str(text.data, text.size);
}

nb::bytes Model::onnx() const {
  const DocumentHandle document = written("onnx", "{}");
  const emptor_text text = text_of(document);
  return nb::bytes(text.data, text.size);
}

nb::bytes Model::save() const {
  emptor_text bytes{};
  check_call([&](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_model_save(handle_.get(), &bytes, error);
  });
  return nb::bytes(bytes.data, bytes.size);
}

void bind_model(nb::module_& module) {
  nb::class_<Model>(module, "Model",
                    "A fitted model. It is the same to the last bit for any number of threads and on any machine; it\n"
                    "can be pickled, and asked from several threads at once.")
      .def_static("load", &Model::load, "bytes"_a, "The model of these bytes, as save() gave them.",
                  nb::sig("def load(bytes: object) -> Model"))
      .def("predict_into", &Model::predict, "x"_a, "out"_a, nb::kw_only(), "answer"_a = "value", "threads"_a = 1,
           "progress"_a = nb::none(),
           "Answers for each row of x into `out`, a writable buffer of float64 with as many rows and the width that\n"
           "info()['answers'] tells: 'value', 'probabilities', 'scores', 'contributions', 'leaves' or 'originals'. x "
           "is a buffer of\n"
           "float32 or float64 with two dimensions, read where it lies.",
           nb::sig("def predict_into(self, x: object, out: object, *, "
                   "answer: str = 'value', threads: int = 1, "
                   "progress: collections.abc.Callable[[str, int, int], object] | None = None) -> None"))
      .def("explain", &Model::explain, "row"_a,
           "Why the model says what it says of one row (a buffer with two dimensions): 'value', 'reasons' with the\n"
           "weightiest first, and in 'sum' what their contributions add up to.",
           nb::sig("def explain(self, row: object) -> dict[str, typing.Any]"))
      .def("ask", &Model::ask, "question"_a,
           "Asks a model of a table. A Markov chain: ask(state=..., steps=1), ask(history=[...]), ask(until=...) or\n"
           "ask(stationary=True). A rule server: ask(basket=[...], count=5).",
           nb::sig("def ask(self, **question: typing.Any) -> dict[str, typing.Any]"))
      .def("info", &Model::info, "What the model is: its algorithm, options, answers, and what was fitted.")
      .def("text", &Model::text, "format"_a = "words", "options"_a,
           "The trees of a model in a language that others read: 'words' (a line a leaf), 'sql' (an expression an\n"
           "output: its score) or 'dot' (a drawing of one tree, for Graphviz). Options: `features` and `outputs`, "
           "lists\n"
           "of names, and `tree`, which one 'dot' draws.",
           nb::sig("def text(self, format: str = 'words', **options: typing.Any) -> str"))
      .def("onnx", &Model::onnx, "The trees of a model as the bytes of an ONNX model, with one input 'x'.")
      .def("save", &Model::save, "The model's bytes.")
      .def("__reduce__",
           [](nb::handle self) {
             return nb::make_tuple(nb::module_::import_("emptor.mining").attr("load_model"),
                                   nb::make_tuple(nb::cast<Model&>(self).save()));
           })
      .def("__repr__", [](const Model& self) {
        return "<emptor.Model " + nb::cast<std::string>(nb::object(self.info())["algorithm"]) + ">";
      });
  module.def("fit_batches", &Model::fit_batches, "algorithm"_a, "columns"_a, "rewind"_a, "next"_a, nb::kw_only(),
             "threads"_a = 1, "progress"_a = nb::none(), "options"_a,
             "Fits a model to batches: rewind() begins again, next() gives a tuple of buffers (x, y, weights, ids) or\n"
             "None. emptor.fit_batches() takes iterables.",
             nb::sig("def fit_batches(algorithm: str, columns: int, rewind: collections.abc.Callable[[], object], "
                     "next: collections.abc.Callable[[], tuple[object, object, object, object] | None], *, "
                     "threads: int = 1, "
                     "progress: collections.abc.Callable[[str, int, int], object] | None = None, "
                     "**options: typing.Any) -> Model"));
  module.def("fit_table", &Model::fit_table, "algorithm"_a, "table"_a, nb::kw_only(), "threads"_a = 1,
             "progress"_a = nb::none(), "options"_a,
             "Fits a model to a frame with the Arrow PyCapsule protocol: 'markov_chain' to a row for each state of a\n"
             "history, 'rule_server' to a table of rules.",
             nb::sig("def fit_table(algorithm: str, table: typing.Any, *, threads: int = 1, "
                     "progress: collections.abc.Callable[[str, int, int], object] | None = None, "
                     "**options: typing.Any) -> Model"));
  module.def("fit_model", &Model::fit, "algorithm"_a, "x"_a, "y"_a = nb::none(), "weights"_a = nb::none(),
             "ids"_a = nb::none(), nb::kw_only(), "threads"_a = 1, "progress"_a = nb::none(), "options"_a,
             "Fits a model to buffers of numbers; emptor.fit() takes frames and lists, too.",
             nb::sig("def fit_model(algorithm: str, x: object, y: object = "
                     "None, weights: object = None, ids: object = "
                     "None, *, threads: int = 1, "
                     "progress: collections.abc.Callable[[str, int, int], object] | None = None, "
                     "**options: typing.Any) -> Model"));
}

}  // namespace emptor::python
