/// A set of changes under construction, and what became of one.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "handle.hpp"
#include "record.hpp"

namespace emptor::python {

class Session;

/// The id of a record in another system: its name, and the id there.
using ExternalId = std::optional<std::pair<std::string, std::string>>;

class Changes {
 public:
  explicit Changes(std::shared_ptr<Session> session);

  /// Return the record's id, negative for a new one.
  std::int64_t put(const Record& record, const ExternalId& by);
  std::int64_t put(const std::string& entity, nanobind::handle values, const ExternalId& by);
  void erase(const Record& record);
  void erase(const std::string& entity, std::int64_t id, std::int64_t version);
  std::size_t count() const;
  emptor_changes* handle() const noexcept { return handle_.get(); }

 private:
  std::shared_ptr<Session> session_;
  ChangesHandle handle_;
};

class Receipt {
 public:
  explicit Receipt(ReceiptHandle handle);

  const emptor_receipt_summary& summary() const noexcept { return summary_; }
  /// Id and version of the change at an index.
  std::pair<std::int64_t, std::int64_t> change(std::size_t index) const;

 private:
  ReceiptHandle handle_;
  emptor_receipt_summary summary_ = EMPTOR_RECEIPT_SUMMARY_INIT;
};

}  // namespace emptor::python
