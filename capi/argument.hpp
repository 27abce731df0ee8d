/// Arguments as they come from C: checked once, here, before anything else is done.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "emptor.h"
#include "emptor/core/error.hpp"

namespace emptor::capi {

constexpr std::size_t max_text_bytes = std::size_t{64} << 20;
constexpr std::size_t max_name_bytes = 255;
constexpr std::size_t max_rows = 1'000'000;

/// A pointer and a length, as UTF-8 without NUL. `of` lends entity and field to the error.
std::string_view text_in(const char* text, std::size_t size, const Problem& of = {});
/// A C string that the program wrote itself. `optional_name` takes NULL for an empty one.
std::string_view name_in(const char* name);
std::string_view optional_name(const char* name);
/// `limit` or, where it is 0, `otherwise`; Code::invalid above a million.
std::size_t limit_in(std::size_t limit, std::size_t otherwise);

inline emptor_text text_out(std::string_view text) noexcept {
  return {text.data() != nullptr ? text.data() : "", text.size()};
}

/// Where a result goes: zero until there is one.
template <class T>
T& output(T* to) {
  if (to == nullptr) throw Error(Code::misuse, "a place for the result is NULL", "pass a pointer to a variable");
  return *to = T{};
}
/// Where a result goes that the caller may leave out.
template <class T>
void give(T* to, const T& value) noexcept {
  if (to != nullptr) *to = value;
}

[[noreturn]] void refuse_size();

/// The size that a struct had in the first header that had it; smaller ones make no sense.
template <class Struct>
inline constexpr std::size_t first_size = sizeof(Struct);
template <>
inline constexpr std::size_t first_size<emptor_store_options> = offsetof(emptor_store_options, log);
template <>
inline constexpr std::size_t first_size<emptor_session_options> = offsetof(emptor_session_options, accept_clock_jump);
template <>
inline constexpr std::size_t first_size<emptor_query> = offsetof(emptor_query, rule);

/// The caller's options over the defaults, as far as the caller's header had them; the defaults for NULL.
template <class Options>
Options options_in(const Options* options, const Options& defaults) {
  Options all = defaults;
  if (options == nullptr) return all;
  if (options->size < first_size<Options>) refuse_size();
  std::memcpy(&all, options, std::min(options->size, sizeof all));
  all.size = sizeof all;
  return all;
}
/// A caller's struct to be filled: everything but its size is zero until then.
template <class Result>
Result& struct_out(Result* to) {
  static_assert(first_size<Result> == sizeof(Result), "a result that grew must be filled up to the caller's size");
  if (to == nullptr) throw Error(Code::misuse, "a place for the result is NULL", "pass a pointer to a struct");
  if (to->size < sizeof(Result)) refuse_size();
  const std::size_t size = to->size;
  *to = Result{};
  to->size = size;
  return *to;
}

}  // namespace emptor::capi
