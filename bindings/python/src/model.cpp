#include "model.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <array>
#include <optional>

#include "bind.hpp"
#include "error.hpp"
#include "numbers.hpp"
#include "value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {
namespace {

/// One number a row, or nothing.
class RowNumbers {
 public:
  RowNumbers(nb::handle of, const char* name, const char* formats, std::size_t rows) {
    if (of.is_none()) return;
    numbers_.emplace(of, name, 1, formats);
    numbers_->need_size(name, rows);
  }
  template <class Number>
  const Number* data() const noexcept {
    return numbers_ ? numbers_->data<const Number>() : nullptr;
  }

 private:
  std::optional<Numbers> numbers_;
};

std::int32_t answer_of(const std::string& name) {
  static constexpr std::array names = {"value", "probabilities", "scores", "contributions", "leaves"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (name == names[i]) return static_cast<std::int32_t>(i);
  raise(EMPTOR_INVALID, "there is no such answer", "value, probabilities, scores, contributions or leaves");
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

Answer Model::info() const {
  emptor_document* document = nullptr;
  check_call([&](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_model_info(handle_.get(), &document, error);
  });
  return nb::cast<Answer>(report_of(document));
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
      .def(
          "predict_into", &Model::predict, "x"_a, "out"_a, nb::kw_only(), "answer"_a = "value", "threads"_a = 1,
          "progress"_a = nb::none(),
          "Answers for each row of x into `out`, a writable buffer of float64 with as many rows and the width that\n"
          "info()['answers'] tells: 'value', 'probabilities', 'scores', 'contributions' or 'leaves'. x is a buffer of\n"
          "float32 or float64 with two dimensions, read where it lies.",
          nb::sig("def predict_into(self, x: object, out: object, *, "
                  "answer: str = 'value', threads: int = 1, "
                  "progress: collections.abc.Callable[[str, int, int], object] | None = None) -> None"))
      .def("explain", &Model::explain, "row"_a,
           "Why the model says what it says of one row (a buffer with two dimensions): 'value', 'reasons' with the\n"
           "weightiest first, and in 'sum' what their contributions add up to.",
           nb::sig("def explain(self, row: object) -> dict[str, typing.Any]"))
      .def("info", &Model::info, "What the model is: its algorithm, options, answers, and what was fitted.")
      .def("save", &Model::save, "The model's bytes.")
      .def("__reduce__",
           [](nb::handle self) {
             return nb::make_tuple(nb::module_::import_("emptor.mining").attr("load_model"),
                                   nb::make_tuple(nb::cast<Model&>(self).save()));
           })
      .def("__repr__", [](const Model& self) {
        return "<emptor.Model " + nb::cast<std::string>(nb::object(self.info())["algorithm"]) + ">";
      });
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
