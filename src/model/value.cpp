#include "emptor/model/value.hpp"

#include <array>
#include <cmath>

namespace emptor {
namespace {

constexpr std::array<std::string_view, 9> names = {"id",   "integer", "decimal", "real", "boolean",
                                                   "text", "date",    "instant", "bytes"};

template <class T>
int order(const T& a, const T& b) noexcept {
  return a < b ? -1 : (b < a ? 1 : 0);
}

/// By value, and what is not a number last.
int order_reals(double a, double b) noexcept {
  if (std::isnan(a) || std::isnan(b)) return order(std::isnan(a), std::isnan(b));
  return order(a, b);
}

}  // namespace

std::string_view name_of(Type type) noexcept {
  const auto at = static_cast<std::size_t>(type);
  return at < names.size() ? names[at] : std::string_view("unknown");
}

int compare(const Value& a, const Value& b) noexcept {
  if (!a.present() || !b.present()) return order(a.present(), b.present());
  if (a.type() != b.type()) return order(a.type(), b.type());
  if (a.is_text()) return a.text().compare(b.text());
  return a.type() == Type::real ? order_reals(a.real(), b.real()) : order(a.bits(), b.bits());
}

}  // namespace emptor
