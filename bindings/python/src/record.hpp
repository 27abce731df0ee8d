/// A record as a mapping from field names to values, with the fields as attributes too.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "entity.hpp"
#include "handle.hpp"

namespace emptor::python {

class Record {
 public:
  Record(RecordHandle handle, EntityPtr entity) : handle_(std::move(handle)), entity_(std::move(entity)) {}

  /// None for a missing value; raises NotFound (a KeyError) for an unknown field.
  nanobind::object get(const std::string& field) const;
  /// None clears the field.
  void set(const std::string& field, nanobind::handle value);
  /// Sets what a mapping names, all or none.
  void update(nanobind::handle values);
  std::string json() const;

  const Entity& entity() const noexcept { return *entity_; }
  emptor_record* handle() const noexcept { return handle_.get(); }

 private:
  RecordHandle handle_;
  EntityPtr entity_;
};

/// A record without an id, to be put.
Record new_record(emptor_session* session, EntityPtr entity);

}  // namespace emptor::python
