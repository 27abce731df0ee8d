#include "mine/lifetimes.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/fixed_point.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

void check(bool good, const char* message, const char* field, std::size_t row) {
  if (good) return;
  throw Error(Problem{.code = Code::invalid,
                      .message = message,
                      .entity = {},
                      .field = field,
                      .row = static_cast<std::int64_t>(row),
                      .hint = {}});
}

void check_size(std::size_t size, std::size_t rows, bool may_be_empty, const char* field) {
  if (size != rows && !(may_be_empty && size == 0))
    refuse_input(std::string(field) + " and time differ in number", field);
}

}  // namespace

CheckedLifetimes checked_lifetimes(const Lifetimes& rows) {
  const std::size_t count = rows.time.size();
  check_size(rows.event.size(), count, false, "event");
  check_size(rows.weights.size(), count, true, "weights");
  check_size(rows.groups.size(), count, true, "groups");
  double most = 0;
  for (std::size_t r = 0; r < count; ++r) {
    if (r % 65'536 == 0) beat("survival", r, count);
    check(rows.time[r] >= 0 && std::isfinite(rows.time[r]), "a time is negative or not finite", "time", r);
    check(rows.event[r] == 0 || rows.event[r] == 1, "event is neither 0 nor 1", "event", r);
    const double weight = rows.weights.empty() ? 1 : rows.weights[r];
    check(weight >= 0 && std::isfinite(weight), "a weight is negative or not finite", "weights", r);
    most = std::max(most, weight);
  }
  CheckedLifetimes out;
  out.units.assign(count, 1.0);
  if (!rows.weights.empty()) {
    const FixedScale scale = FixedScale::of(most, count, 53);
    out.factor = scale.factor();
    for (std::size_t r = 0; r < count; ++r) out.units[r] = static_cast<double>(scale.round(rows.weights[r]));
  }
  for (std::size_t r = 0; r < count; ++r)
    if (out.units[r] > 0) out.rows.push_back(r);
  if (out.rows.empty()) refuse_input("there are no rows with a weight above 0", "time");
  return out;
}

}  // namespace emptor::mine
