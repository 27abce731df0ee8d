#include "insight/fraud/customer_activity.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>

namespace emptor {
namespace {

constexpr std::int64_t night_ends = 5 * 3'600'000'000LL;  // micros after midnight
constexpr std::size_t least_sharing = 2;

/// Micros after the local midnight of an instant's day.
class MidnightFinder {
 public:
  explicit MidnightFinder(const Zone& zone) : zone_(zone) {}
  std::int64_t since_midnight(const ActivityEvent& event) {
    const auto [at, fresh] = begins_.try_emplace(event.day, 0);
    if (fresh) at->second = zone_.instant_of({event.day}, 0).micros;
    return event.at - at->second;
  }

 private:
  const Zone& zone_;
  std::unordered_map<std::int32_t, std::int64_t> begins_;
};

}  // namespace

std::int32_t CustomerActivity::last_day() const noexcept {
  std::int32_t last = no_day;
  for (const ActivityEvent& event : events)
    if (event.kind == ActivityKind::order) last = last == no_day ? event.day : std::max(last, event.day);
  return last;
}

std::int32_t CustomerActivity::first_day() const noexcept {
  std::int32_t first = no_day;
  for (const ActivityEvent& event : events)
    if (event.kind == ActivityKind::order) first = std::min(first, event.day);
  return first;
}

ActivityBuilder::ActivityBuilder(std::vector<std::int64_t> customers, const Zone& zone) : zone_(zone) {
  out_.customer = std::move(customers);
  out_.labelled.assign(out_.customer.size(), CustomerActivity::no_day);
}

std::optional<std::size_t> ActivityBuilder::place_of(std::int64_t customer) const noexcept {
  const auto at = std::lower_bound(out_.customer.begin(), out_.customer.end(), customer);
  if (at == out_.customer.end() || *at != customer) return std::nullopt;
  return static_cast<std::size_t>(at - out_.customer.begin());
}

void ActivityBuilder::add(std::size_t place, const ActivityEvent& event) {
  events_.emplace_back(static_cast<std::uint32_t>(place), event);
}

void ActivityBuilder::add_payment(std::size_t place, std::int64_t at, std::int32_t day, std::int64_t amount,
                                  std::string_view reference) {
  std::uint32_t number = 0;
  if (!reference.empty()) {
    const auto next = static_cast<std::uint32_t>(references_.size() + 1);
    number = references_.try_emplace(std::string(reference), next).first->second;
    add_key(place, "payment", reference);
  }
  add(place, {.at = at, .amount = amount, .day = day, .kind = ActivityKind::payment, .reference = number});
}

void ActivityBuilder::add_key(std::size_t place, std::string_view kind, std::string_view text) {
  if (text.empty()) return;
  std::string key(kind);
  key += '\0';
  key += text;
  keys_[std::move(key)].push_back(static_cast<std::uint32_t>(place));
}

void ActivityBuilder::label(std::size_t place, std::int32_t day) noexcept {
  out_.labelled[place] = std::min(out_.labelled[place], day);
}

/// Where every order stands at one time of the day, that is no time anybody ordered at.
void ActivityBuilder::mark_nights() {
  MidnightFinder finder(zone_);
  std::optional<std::int64_t> first;
  for (auto& [place, event] : events_) {
    if (event.kind != ActivityKind::order) continue;
    const std::int64_t since = finder.since_midnight(event);
    event.night = since < night_ends;
    out_.has_times = out_.has_times || (first && *first != since);
    first = since;
  }
  if (out_.has_times) return;
  for (auto& [place, event] : events_) event.night = false;
}

void ActivityBuilder::join_keys() {
  out_.keys.resize(out_.customer.size());
  std::vector<std::int32_t> came(out_.customer.size(), CustomerActivity::no_day);
  for (const auto& [place, event] : events_) came[place] = std::min(came[place], event.day);
  for (auto& [text, places] : keys_) {
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    if (places.size() < least_sharing) continue;
    std::vector<std::int32_t>& days = out_.joined.emplace_back();
    for (const std::uint32_t place : places) {
      out_.keys[place].push_back(static_cast<std::uint32_t>(out_.joined.size() - 1));
      days.push_back(came[place]);
    }
    std::sort(days.begin(), days.end());
  }
}

CustomerActivity ActivityBuilder::finish() {
  mark_nights();
  join_keys();
  std::stable_sort(events_.begin(), events_.end(), [](const auto& a, const auto& b) {
    const auto key = [](const auto& one) {
      return std::tuple(one.first, one.second.at, one.second.kind, one.second.amount);
    };
    return key(a) < key(b);
  });
  out_.ends.assign(out_.customer.size(), 0);
  for (const auto& [place, event] : events_) {
    out_.events.push_back(event);
    ++out_.ends[place];
  }
  for (std::size_t i = 1; i < out_.ends.size(); ++i) out_.ends[i] += out_.ends[i - 1];
  return std::move(out_);
}

}  // namespace emptor
