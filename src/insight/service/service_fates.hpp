/// Fates: what became of each case, as far as that can be told.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "insight/service/service_records.hpp"

namespace emptor {

/// What became of one case; nothing where it cannot be told (yet).
struct CaseFate {
  std::optional<bool> first_contact;  ///< solved at once: not reopened, one contact, and no repeat
  std::optional<bool> repeated;       ///< the customer came again on the topic, by repeat_days after it was solved
  std::optional<bool> answer_broken, solution_broken;  ///< promises
  bool late = false;                                   ///< open, and past what was promised, or past nine in ten of all
};

struct ServiceFates {
  std::vector<CaseFate> of;  ///< of each case
  /// What is recorded at all. Where hardly any solved case has a first answer on record, answers are not; then waiting
  /// for them is not known either.
  bool answers_known = false, contacts_known = false, promises_known = false;
};
/// As of a moment. `late` is left to whoever knows how long cases usually take.
ServiceFates read_fates(const ServiceRecords& records, std::int32_t repeat_days, std::int64_t end);

}  // namespace emptor
