#include "desk/duties.hpp"

namespace emptor::desk {
namespace {

// A missing status is none of these.
Where not_in(std::string_view field, std::initializer_list<const char*> ends) {
  std::vector<Where> parts;
  for (const char* end : ends) parts.push_back(Where::compare(std::string(field), Operator::not_equal, end));
  return Where::all(std::move(parts));
}

Where missing_all(std::initializer_list<const char*> fields) {
  std::vector<Where> parts;
  for (const char* field : fields) parts.push_back(Where::missing(field));
  return Where::all(std::move(parts));
}

Where open_tasks() { return Where::all({Where::missing("done_at"), not_in("status", {"done", "cancelled"})}); }

Where never() { return Where::any({}); }

}  // namespace

const std::vector<Duty>& duties() {
  static const std::vector<Duty> all = {
      {"task", true, open_tasks()},
      {"case", true, Where::missing("closed_at")},
      {"opportunity", true, missing_all({"outcome", "closed_at"})},
      {"quote", true, not_in("status", {"accepted", "refused", "expired", "replaced"})},
      {"contract", true, not_in("status", {"ended", "cancelled"})},
      {"alert", true, not_in("status", {"acted", "dismissed", "expired"})},
      {"repair_order", false, missing_all({"finished_at", "confirmed_at"})},
      {"campaign", false, not_in("status", {"done", "cancelled"})},
      {"segment", false, Where::compare("active", Operator::not_equal, Value(false))},
      {"article", false, not_in("status", {"retired"})},
      {"interaction", false, never(), KeptReason::fact},
      {"order", false, never(), KeptReason::fact},
      {"subscription", false, never(), KeptReason::fact},
      {"target", false, never(), KeptReason::fact},
  };
  return all;
}

}  // namespace emptor::desk
