#include "guard.hpp"

#include <cstring>

#include "emptor/core/text.hpp"

namespace emptor::capi {
namespace {

template <std::size_t size>
void copy(char (&to)[size], std::string_view from) noexcept {
  const std::string_view cut = truncate(from, size - 1);
  std::memcpy(to, cut.data(), cut.size());
  to[cut.size()] = 0;
}

}  // namespace

bool usable(const emptor_error* error) noexcept { return error == nullptr || error->size >= sizeof(emptor_error); }

void clear(emptor_error* error) noexcept {
  if (error == nullptr) return;
  error->code = EMPTOR_OK;
  error->problems = 0;
  error->row = -1;
  error->message[0] = error->entity[0] = error->field[0] = error->hint[0] = 0;
}

emptor_status tell(emptor_error* error, const Error& problem) noexcept {
  const Problem& first = problem.first();
  const auto status = static_cast<emptor_status>(first.code);
  if (error == nullptr) return status;
  error->code = status;
  error->problems = static_cast<std::int32_t>(problem.problems().size());
  error->row = first.row.value_or(-1);
  copy(error->message, first.message);
  copy(error->entity, first.entity);
  copy(error->field, first.field);
  copy(error->hint, first.hint);
  return status;
}

emptor_status tell(emptor_error* error, Code code, const char* message) noexcept {
  const auto status = static_cast<emptor_status>(code);
  if (error == nullptr) return status;
  clear(error);
  error->code = status;
  error->problems = 1;
  copy(error->message, message);
  return status;
}

}  // namespace emptor::capi
