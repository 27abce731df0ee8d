#include "insight/service/service_fates.hpp"

#include <map>
#include <string>

namespace emptor {
namespace {

/// A promise by an end; nothing without one, and before its time: else those that were kept early would count sooner
/// than those that are to be broken.
std::optional<bool> broken(const std::optional<std::int64_t>& due, const std::optional<std::int64_t>& done,
                           std::int64_t end) {
  if (!due || *due >= end) return std::nullopt;
  return !done || *done > *due;
}

/// The fates of all cases.
class FateReading {
 public:
  FateReading(const ServiceRecords& records, std::int32_t repeat_days, std::int64_t end)
      : records_(records), repeat_(std::int64_t{repeat_days} * micros_per_day), end_(end) {}

  ServiceFates read() {
    ServiceFates fates;
    see_what_is_known(fates);
    fates.of.resize(records_.cases.size());
    find_repeats(fates.of);
    for (std::size_t i = 0; i < records_.cases.size(); ++i) {
      const ServiceCase& one = records_.cases[i];
      CaseFate& fate = fates.of[i];
      if (fates.answers_known) fate.answer_broken = broken(one.answer_due, one.answered, end_);
      fate.solution_broken = broken(one.due, one.resolved, end_);
      if (fate.repeated)
        fate.first_contact = !*fate.repeated && one.reopened == 0 && (!fates.contacts_known || one.contacts <= 1);
    }
    return fates;
  }

 private:
  void see_what_is_known(ServiceFates& fates) const {
    std::size_t solved = 0, answered = 0;
    for (const ServiceCase& one : records_.cases) {
      solved += one.resolved ? 1U : 0U;
      answered += one.resolved && one.answered ? 1U : 0U;
      fates.contacts_known |= one.contacts > 0;
      fates.promises_known |= one.due.has_value() || one.answer_due.has_value();
    }
    fates.answers_known = answered > 0 && 2 * answered >= solved;
  }
  /// Each case and the next one of its customer on its topic.
  void find_repeats(std::vector<CaseFate>& fates) const {
    std::map<std::pair<std::int64_t, std::string>, std::size_t> last;
    const auto settle = [&](std::size_t i, std::optional<std::int64_t> next) {
      const ServiceCase& one = records_.cases[i];
      if (!one.resolved) return;
      if (next && *next <= *one.resolved + repeat_)
        fates[i].repeated = true;
      else if (*one.resolved + repeat_ <= end_)
        fates[i].repeated = false;
    };
    for (std::size_t i = 0; i < records_.cases.size(); ++i) {
      const ServiceCase& one = records_.cases[i];
      if (one.customer == 0) continue;
      const auto [found, fresh] = last.try_emplace({one.customer, one.topic}, i);
      if (fresh) continue;
      settle(found->second, one.opened);
      found->second = i;
    }
    for (const auto& [key, i] : last) settle(i, std::nullopt);
    // A repeat that came before its own window was over would count only where it came: such a case must wait.
    for (std::size_t i = 0; i < fates.size(); ++i)
      if (fates[i].repeated && *records_.cases[i].resolved + repeat_ > end_) fates[i].repeated.reset();
  }

  const ServiceRecords& records_;
  std::int64_t repeat_, end_;
};

}  // namespace

ServiceFates read_fates(const ServiceRecords& records, std::int32_t repeat_days, std::int64_t end) {
  return FateReading(records, repeat_days, end).read();
}

}  // namespace emptor
