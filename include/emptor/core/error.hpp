/// The one exception of the library, and the codes it carries.
///
/// Every failure that a caller can meet is an `Error`: a code that programs act on, and words that
/// name the entity, field and row and say what to do. The codes are the same numbers in the C API.
/// Text that came from a record (a name, a phone number) never enters an error.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emptor {

enum class Code : int {
  ok = 0,
  invalid = 1,       ///< a value breaks a rule of its field
  not_found = 2,     ///< no such record, field, entity or file
  conflict = 3,      ///< the record changed since the version that was expected
  duplicate = 4,     ///< a unique value is taken
  denied = 5,        ///< the actor may not do this
  busy = 6,          ///< another process held the store longer than was allowed to wait
  io = 7,            ///< the system refused a read or a write
  full = 8,          ///< no space left
  corrupt = 9,       ///< the store or the input is damaged
  newer = 10,        ///< the file was written by a newer version of the library
  unsupported = 11,  ///< a known thing that this store or build does not do
  budget = 12,       ///< a limit on time, memory or rows was reached
  cancelled = 13,    ///< the host asked to stop
  memory = 14,       ///< an allocation failed
  misuse = 15,       ///< a call that breaks the contract of the function
  internal = 16,     ///< a bug in the library
};

/// The stable lower-case word for a code ("not_found").
std::string_view name_of(Code code) noexcept;

/// One thing wrong with one change of a change set or one line of an input.
struct Problem {
  Code code = Code::invalid;
  std::string message;              ///< what is wrong, in one sentence, without personal data
  std::string entity;               ///< "order_line"; empty where none applies
  std::string field;                ///< "quantity"; empty where none applies
  std::optional<std::int64_t> row;  ///< index of the change in its change set, or line of the file
  std::string hint;                 ///< what to do about it
};

/// Thrown by every function that fails. `problems()` lists all that was found, never just the first.
class Error : public std::exception {
 public:
  explicit Error(Problem problem);
  Error(Code code, std::string message, std::string hint = {});
  explicit Error(std::vector<Problem> problems);  ///< requires at least one

  Code code() const noexcept { return problems_.front().code; }
  const Problem& first() const noexcept { return problems_.front(); }
  const std::vector<Problem>& problems() const noexcept { return problems_; }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::vector<Problem> problems_;
  std::string what_;
};

}  // namespace emptor
