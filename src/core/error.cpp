#include "emptor/core/error.hpp"

#include <array>
#include <utility>

namespace emptor {
namespace {

constexpr std::array<std::string_view, 17> names = {
    "ok",      "invalid", "not_found",   "conflict", "duplicate", "denied", "busy",   "io",      "full",
    "corrupt", "newer",   "unsupported", "budget",   "cancelled", "memory", "misuse", "internal"};

/// "order_line.quantity", "order_line" or nothing.
std::string place_of(const Problem& problem) {
  if (problem.field.empty()) return problem.entity;
  if (problem.entity.empty()) return problem.field;
  return problem.entity + '.' + problem.field;
}

std::string words_of(const Problem& problem) {
  std::string words(name_of(problem.code));
  if (const std::string place = place_of(problem); !place.empty()) words += ": " + place;
  if (problem.row) words += " (row " + std::to_string(*problem.row) + ")";
  if (!problem.message.empty()) words += ": " + problem.message;
  if (!problem.hint.empty()) words += " (" + problem.hint + ")";
  return words;
}

Problem problem_of(Code code, std::string message, std::string hint) {
  Problem problem;
  problem.code = code;
  problem.message = std::move(message);
  problem.hint = std::move(hint);
  return problem;
}

std::vector<Problem> at_least_one(std::vector<Problem> problems) {
  if (problems.empty()) problems.push_back(problem_of(Code::internal, "an error was raised without a problem", {}));
  return problems;
}

}  // namespace

std::string_view name_of(Code code) noexcept {
  const auto at = static_cast<std::size_t>(code);
  return at < names.size() ? names[at] : std::string_view("unknown");
}

Error::Error(Problem problem) : Error(std::vector<Problem>{std::move(problem)}) {}

Error::Error(Code code, std::string message, std::string hint)
    : Error(problem_of(code, std::move(message), std::move(hint))) {}

Error::Error(std::vector<Problem> problems) : problems_(at_least_one(std::move(problems))) {
  what_ = words_of(problems_.front());
  if (problems_.size() > 1) what_ += " [and " + std::to_string(problems_.size() - 1) + " more]";
}

}  // namespace emptor
