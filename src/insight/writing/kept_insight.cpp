#include "insight/writing/kept_insight.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/history_changes.hpp"
#include "insight/live/live_records.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t entries_at_a_time = 32;
constexpr std::size_t ids_a_query = 500;
constexpr std::size_t customers_a_write = 2'000;

/// Whom the journal's entries after a position touch.
class TouchedSince {
 public:
  TouchedSince(const View& view, std::size_t most) : view_(view), most_(most), sources_(history_sources()) {}

  /// Nothing where there are more than may be, or where answers of many changed at once.
  std::optional<std::set<std::int64_t>> find(std::int64_t position) {
    if (position < view_.journal_base().head.position) return std::nullopt;
    while (position < view_.info().position) {
      beat("changes", static_cast<std::uint64_t>(position), static_cast<std::uint64_t>(view_.info().position));
      const Feed feed = view_.feed(position, entries_at_a_time);
      if (feed.position == position) break;
      position = feed.position;
      for (const FeedItem& item : feed.items)
        if (!see(item)) return std::nullopt;
      resolve();
      if (touched_.size() > most_) return std::nullopt;
    }
    return std::move(touched_);
  }

 private:
  bool see(const FeedItem& item) {
    if (std::ranges::find(sources_, item.entity) == sources_.end()) return true;
    if (item.entity == "survey") return item.kind == ChangeKind::insert;
    if (item.entity == "customer") {
      if (item.kind != ChangeKind::insert) touched_.insert(item.id.value);
      return true;
    }
    ids_[item.entity].push_back(item.id);
    if (item.kind != ChangeKind::insert) see_former(item);
    return true;
  }
  /// A record may have been another customer's.
  void see_former(const FeedItem& item) {
    for (const RecordVersion& version : view_.history(item.entity, item.id))
      add(version.record.get("customer_id").id());
  }
  void add(Id customer) {
    if (customer) touched_.insert(customer.value);
  }

  void resolve() {
    std::vector<Id> orders;
    for (auto& [entity, ids] : ids_) {
      const bool line = entity == "order_line";
      each_of(entity, ids, line ? "order_id" : "version", [&](Id customer, Id order) {
        add(customer);
        if (line) orders.push_back(order);
      });
    }
    each_of("order", orders, "version", [&](Id customer, Id) { add(customer); });
    ids_.clear();
  }
  template <class Visit>
  void each_of(const std::string& entity, const std::vector<Id>& ids, const char* second, const Visit& visit) {
    for (std::size_t first = 0; first < ids.size(); first += ids_a_query) {
      std::vector<Value> values;
      for (std::size_t i = first; i < std::min(first + ids_a_query, ids.size()); ++i) values.emplace_back(ids[i]);
      each_row(view_,
               {.entity = entity,
                .where = Where::in("id", std::move(values)),
                .fields = {"customer_id", second},
                .limit = 1'000,
                .with_deleted = true},
               [&](const Batch& batch, std::size_t i) {
                 visit(batch.columns[0].value(i).id(), batch.columns[1].value(i).id());
               });
    }
  }

  const View& view_;
  std::size_t most_;
  std::vector<std::string> sources_;
  std::map<std::string, std::vector<Id>> ids_;
  std::set<std::int64_t> touched_;
};

std::optional<LiveModel> model_that_serves(const View& view, std::string_view insight, const Zone& zone) {
  const auto models = view.select({.entity = "model", .where = Where::equal("name", insight), .limit = 1});
  if (models.empty() || !models.front().get("data_version").present() || !models.front().get("as_of").present() ||
      !models.front().get("fitted").present())
    return std::nullopt;
  try {
    return load_live_model(kept_model(models.front()), zone);
  } catch (const Error&) {
    return std::nullopt;  // it is fitted anew then
  }
}

std::optional<Date> newest_order_day(const View& view, const Zone& zone) {
  const Groups newest =
      view.aggregate({.entity = "order", .where = {}, .group_by = {}, .measures = {{Measure::max, "ordered_at"}}});
  if (newest.groups.empty() || !newest.groups.front().results.front().present()) return std::nullopt;
  return zone.date_of(newest.groups.front().results.front().instant());
}

/// The rows that follow as changes like any other.
ChangeSet changes_of(const FollowingRecords& following) {
  ChangeSet changes;
  for (const FollowingRecords::Record& record : following.records()) {
    const Row before = following.before(record), after = following.after(record);
    const Id id = record.is_new ? no_id : before[system_field::id].id();
    if (after[system_field::deleted_at].present()) {
      changes.erase(record.entity->name, id);
      continue;
    }
    ChangeSet::Put put = changes.put(record.entity->name, id);
    for (const Field& field : record.entity->fields) {
      if (field.number < system_field::count || field.has(field_flag::system)) continue;
      const Value& now = after[field.number];
      if (record.is_new ? now.present() : !(now == before[field.number])) put.set(field.name, now);
    }
  }
  return changes;
}

void score_again(Session& session, LiveMemory& memory, const std::vector<Id>& customers, Date day) {
  const Instant noon = memory.zone.instant_of(day, micros_per_day / 2);
  for (std::size_t first = 0; first < customers.size(); first += customers_a_write) {
    const std::span<const Id> some =
        std::span(customers).subspan(first, std::min(customers_a_write, customers.size() - first));
    beat(memory.models.front().kept.name, first, customers.size());
    const View view = session.view();
    memory.histories.clear();
    for (const Id customer : some)
      memory.histories[customer.value] = {read_lines_of(view, customer),
                                          read_kept_touches_of(view, customer, memory.days)};
    FollowingRecords following;
    const std::unique_ptr<Reader> reader = session.store().read();
    follow_live(*reader, some, {noon, reader->info().position}, memory, following);
    const ChangeSet changes = changes_of(following);
    if (!changes.empty()) session.apply(changes, {.reason = "insight " + memory.models.front().kept.name + ", kept"});
  }
}

}  // namespace

std::optional<json::object> keep_insight(Session& session, std::string_view insight, const KeptTerms& terms) {
  const View view = session.view();
  if (view.restricted()) return std::nullopt;  // what is kept was made of everybody's records
  LiveMemory memory(Zone::of(view.info().zone));
  std::optional<LiveModel> model = model_that_serves(view, insight, memory.zone);
  const std::optional<Date> day = terms.as_of ? terms.as_of : newest_order_day(view, memory.zone);
  if (!model || !day) return std::nullopt;
  const std::optional<Record> record = view.get("model", model->kept.id);
  const Date since = record->get("as_of").date();
  if (*day < since || day->days - since.days > kept_days) return std::nullopt;
  const std::int64_t customers = view.count("customer"), version = record->get("data_version").integer();
  const auto most = static_cast<std::size_t>(terms.changed_share * static_cast<double>(customers));
  const auto touched = TouchedSince(view, most).find(version);
  if (!touched) return std::nullopt;
  memory.models.push_back(std::move(*model));
  const std::vector<Id> again = [&] {
    std::vector<Id> ids;
    for (const std::int64_t customer : *touched) ids.push_back(Id{customer});
    return ids;
  }();
  if (terms.write_back) score_again(session, memory, again, *day);
  const double share = customers == 0 ? 0 : static_cast<double>(again.size()) / static_cast<double>(customers);
  char percent[32];
  std::snprintf(percent, sizeof percent, "%.2g", 100 * share);
  return json::object{
      {"insight", insight},
      {"verdict", "kept: " + std::string(percent) + " % of customers changed since " + to_string(since)},
      {"kept", true},
      {"model_id", std::to_string(memory.models.front().kept.id.value)},
      {"model_as_of", to_string(since)},
      {"as_of", to_string(*day)},
      {"data_version", version},
      {"customers", customers},
      {"changed_customers", again.size()},
      {"scored", terms.write_back ? again.size() : 0}};
}

}  // namespace emptor
