/// Options of an operation, read one by one; without a word about how JSON is held.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/decimal.hpp"
#include "emptor/core/time.hpp"

namespace emptor {

/// A value; an option that was not given is empty, 0, false, nothing or what the caller says instead.
class OptionReader {
 public:
  /// An empty text is no options. Throws Code::invalid with every fault, as `checked_options`.
  OptionReader(std::string_view schema, std::string_view json);

  bool has(std::string_view name) const;
  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  std::int64_t integer(std::string_view name, std::int64_t otherwise = 0) const;
  std::optional<double> number(std::string_view name) const;
  bool flag(std::string_view name, bool otherwise = false) const;
  std::vector<std::string> texts(std::string_view name) const;
  std::vector<std::int64_t> integers(std::string_view name) const;
  /// Throws Code::invalid for what is no day.
  std::optional<Date> day(std::string_view name) const;
  /// The options but for these, as JSON.
  std::string without(std::initializer_list<std::string_view> names) const;

 private:
  struct Object;
  std::shared_ptr<const Object> object_;
};

/// A schema with more properties in front of its own; both are JSON texts, `more` the inside of an object.
std::string with_properties(std::string_view schema, std::string_view more);

}  // namespace emptor
