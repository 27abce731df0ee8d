#include "session/segments/member_sets.hpp"

#include <algorithm>

#include "emptor/model/party.hpp"
#include "emptor/model/system.hpp"
#include "session/segments/affected.hpp"

namespace emptor::segments {
namespace {

constexpr std::size_t customers_at_once = 4096;

class Telling {
 public:
  Telling(Reader& reader, const Program& program, const Zone& zone, std::size_t segment, Date today)
      : reader_(reader), evaluation_(program, zone), segment_(segment), today_(today) {}

  void tell(std::span<const Id> customers, IdSet& members) {
    for (std::size_t first = 0; first < customers.size(); first += customers_at_once) {
      const auto lot = customers.subspan(first, std::min(customers_at_once, customers.size() - first));
      evaluation_.begin(reader_, lot, today_);
      const std::span<const Truth> holds = evaluation_.members(segment_);
      for (std::size_t i = 0; i < lot.size(); ++i) holds[i] != 0 ? members.insert(lot[i]) : members.erase(lot[i]);
    }
  }

 private:
  Reader& reader_;
  Evaluation evaluation_;
  std::size_t segment_;
  Date today_;
};

template <class Take>
void each_customer_row(Reader& reader, Where where, Take&& take) {
  const KeptRows rows(*reader.schema());
  Query query;
  query.entity = rows.entity().name;
  query.where = std::move(where);
  query.limit = customers_at_once;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row) take(batch.ids[row], rows.row(batch, row));
  }
}

template <class Take>
void each_customer(Reader& reader, Take&& take) {
  Query query;
  query.entity = std::string(Customer::entity_name);
  query.fields = {"id"};
  query.limit = customers_at_once;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    take(std::span<const Id>(batch.ids));
  }
}

// Takes what rows tell and asks the rest. Rows are told of in any order.
class Reading {
 public:
  Reading(Reader& reader, const Book& book, std::size_t segment, Date today, IdSet& members)
      : reader_(reader),
        book_(book),
        place_(book.place(segment)),
        segment_(segment),
        today_(today),
        members_(members) {}

  void take(Id customer, const Kept& kept) {
    const bool of_rule = kept.generation >= place_.since;
    settled_ &= of_rule;
    if (!of_rule || kept.due <= today_.days) return behind_.push_back(customer);
    kept.has(place_) ? members_.insert(customer) : members_.erase(customer);
  }
  /// Customers of whom nothing is kept.
  void take_unknown(std::span<const Id> customers) {
    settled_ &= customers.empty();
    behind_.insert(behind_.end(), customers.begin(), customers.end());
  }
  bool finish() {
    std::ranges::sort(behind_);
    behind_.erase(std::ranges::unique(behind_).begin(), behind_.end());
    if (!behind_.empty()) Telling(reader_, book_.program(), book_.zone(), segment_, today_).tell(behind_, members_);
    return settled_;
  }

 private:
  Reader& reader_;
  const Book& book_;
  const Place& place_;
  std::size_t segment_;
  Date today_;
  IdSet& members_;
  std::vector<Id> behind_;
  bool settled_ = true;
};

bool read_all(Reader& reader, const Book& book, std::size_t segment, Date today, IdSet& members) {
  Reading reading(reader, book, segment, today, members);
  IdSet told;
  const bool behind = !reader.setting(behind_setting).empty();
  each_customer_row(reader, {}, [&](Id customer, const Kept& kept) {
    if (behind) told.insert(customer);
    reading.take(customer, kept);
  });
  if (behind) {
    std::vector<Id> unknown;
    each_customer(reader, [&](std::span<const Id> customers) {
      std::ranges::copy_if(customers, std::back_inserter(unknown), [&](Id id) { return !told.contains(id); });
    });
    reading.take_unknown(unknown);
  }
  return reading.finish();
}

// Rows that were told anew since, and those that fell due.
bool read_newer(Reader& reader, const Book& book, std::size_t segment, Date today, std::int64_t position,
                IdSet& members) {
  Reading reading(reader, book, segment, today, members);
  const auto take = [&](Id customer, const Kept& kept) { reading.take(customer, kept); };
  each_customer_row(reader, Where::compare("told", Operator::greater, position), take);
  each_customer_row(reader, Where::compare("due", Operator::less_equal, today), take);
  return reading.finish();
}

}  // namespace

IdSet members_of_all(Reader& reader, const Program& program, const Zone& zone, std::size_t segment, Date today) {
  IdSet members;
  Telling telling(reader, program, zone, segment, today);
  each_customer(reader, [&](std::span<const Id> customers) { telling.tell(customers, members); });
  return members;
}

IdSetPtr MemberSets::of(Reader& reader, const BookPtr& book, std::size_t segment, Date today, CustomerColumns& columns,
                        const Executor& executor) {
  const std::lock_guard lock(turn_);
  Known& known = known_[book->program().sources()[segment].id.value];
  const StoreInfo& info = reader.info();
  const bool same_rules =
      known.members && known.generation == book->generation() && known.schema_version == info.schema_version;
  if (same_rules && known.position == info.position && known.today == today) return known.members;
  const bool goes_on =
      same_rules && known.position <= info.position && known.today <= today && (known.settled || known.today == today);
  IdSet members = goes_on ? *known.members : IdSet();
  Known fresh{book->generation(), info.position, info.schema_version, today, known.settled, nullptr};
  std::optional<IdSet> at_once;
  if (!goes_on && !reader.setting(behind_setting).empty())
    at_once = columns.members(reader, *book, segment, today, executor);
  if (at_once) {
    members = std::move(*at_once);
    fresh.settled = false;
  } else if (goes_on) {
    read_newer(reader, *book, segment, today, known.position, members);
  } else {
    fresh.settled = read_all(reader, *book, segment, today, members);
  }
  fresh.members = std::make_shared<const IdSet>(std::move(members));
  const bool older = same_rules && info.position < known.position;
  if (older) return fresh.members;
  known = fresh;
  return fresh.members;
}

}  // namespace emptor::segments
