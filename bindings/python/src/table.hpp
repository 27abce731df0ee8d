/// A table that Arrow's consumers read: pandas, Polars, PyArrow, DuckDB.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <string>

#include "kept.hpp"
#include "session.hpp"

namespace emptor::python {

class Table {
 public:
  /// Fills a stream; runs in a turn of the session.
  using Source = std::function<emptor_status(emptor_session*, ArrowArrayStream*, emptor_error*)>;

  /// Read from the store each time it is asked for.
  Table(std::string title, std::shared_ptr<Session> session, Source source);
  /// Read once, and kept.
  Table(std::string title, KeptPtr kept, nanobind::object summary);

  /// A new capsule "arrow_array_stream".
  nanobind::object stream() const;
  const std::string& title() const noexcept { return title_; }
  /// emptor.report.Report of the operation that made it; None for records.
  const nanobind::object& summary() const noexcept { return summary_; }

 private:
  std::string title_;
  std::shared_ptr<Session> session_;
  Source source_;
  KeptPtr kept_;
  nanobind::object summary_ = nanobind::none();
};

}  // namespace emptor::python
