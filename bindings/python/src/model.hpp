/// A fitted model.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <string>

#include "document.hpp"
#include "handle.hpp"
#include "host.hpp"

namespace emptor::python {

/// Calls without the GIL; any number of threads may ask one model at once.
class Model {
 public:
  explicit Model(ModelHandle handle) : handle_(std::move(handle)) {}

  static Model fit(const std::string& algorithm, nanobind::handle x, nanobind::handle y, nanobind::handle weights,
                   nanobind::handle ids, std::size_t threads, nanobind::object progress, nanobind::kwargs options);
  static Model fit_batches(const std::string& algorithm, std::size_t columns, nanobind::object rewind,
                           nanobind::object next, std::size_t threads, nanobind::object progress,
                           nanobind::kwargs options);
  static Model fit_table(const std::string& algorithm, nanobind::handle table, std::size_t threads,
                         nanobind::object progress, nanobind::kwargs options);
  static Model load(nanobind::handle bytes);

  void predict(nanobind::handle x, nanobind::handle out, const std::string& answer, std::size_t threads,
               nanobind::object progress) const;
  Answer explain(nanobind::handle row) const;
  Answer ask(nanobind::kwargs question) const;
  Answer info() const;
  nanobind::str text(const std::string& format, nanobind::kwargs options) const;
  nanobind::bytes onnx() const;
  nanobind::bytes save() const;

 private:
  /// What the model is written as, in a document.
  DocumentHandle written(const char* format, const std::string& json) const;

  ModelHandle handle_;
};

}  // namespace emptor::python
