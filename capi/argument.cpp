#include "argument.hpp"

#include <cstring>

#include "emptor/core/text.hpp"

namespace emptor::capi {

namespace {

[[noreturn]] void refuse(Code code, std::string message, std::string hint, const Problem& of) {
  Problem problem = of;
  problem.code = code;
  problem.message = std::move(message);
  problem.hint = std::move(hint);
  throw Error(std::move(problem));
}

}  // namespace

std::string_view text_in(const char* text, std::size_t size, const Problem& of) {
  if (size == 0) return {};
  if (text == nullptr) refuse(Code::misuse, "a text is NULL although its length is not 0", "pass a length of 0", of);
  if (size == EMPTOR_NUL) size = strnlen(text, max_text_bytes + 1);
  if (size > max_text_bytes) refuse(Code::invalid, "a text is longer than 64 MiB", "pass its length in bytes", of);
  const std::string_view view(text, size);
  if (!is_utf8(view)) refuse(Code::invalid, "a text is not UTF-8 without NUL", "convert it before the call", of);
  return view;
}

std::string_view name_in(const char* name) {
  if (name == nullptr) throw Error(Code::misuse, "a name is NULL", "pass the name of an entity, field or insight");
  const std::size_t size = strnlen(name, max_name_bytes + 1);
  if (size > max_name_bytes) throw Error(Code::invalid, "a name is longer than 255 bytes");
  const std::string_view view(name, size);
  if (!is_utf8(view)) throw Error(Code::invalid, "a name is not UTF-8");
  return view;
}

std::string_view optional_name(const char* name) { return name == nullptr ? std::string_view() : name_in(name); }

std::size_t limit_in(std::size_t limit, std::size_t otherwise) {
  if (limit > max_rows)
    throw Error(Code::invalid, "a limit is above 1,000,000", "ask for less and continue from there");
  return limit == 0 ? otherwise : limit;
}

void refuse_size() {
  throw Error(Code::misuse, "the size of a struct is not set", "initialise it with its _INIT macro");
}

}  // namespace emptor::capi
