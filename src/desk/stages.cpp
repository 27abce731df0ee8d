#include "emptor/desk/stages.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/long_call.hpp"
#include "desk/json_writer.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/system.hpp"
#include "session/batch_row.hpp"

namespace emptor {
namespace {

constexpr std::string_view stage_names[stage_count] = {"prospect", "new", "active", "regular", "dormant", "lost"};
constexpr std::size_t at_once = 10'000, most_told = 1'000;
constexpr std::int64_t most_days = 36'500, most_orders = 1'000'000;

void require(bool holds, const char* rule, const char* hint) {
  if (!holds)
    throw Error(
        Problem{.code = Code::invalid, .message = "a rule of stages is out of range", .field = rule, .hint = hint});
}

void check(const StageRules& rules) {
  require(rules.new_days >= 1 && rules.new_days <= most_days, "new_days", "1 to 36500 days");
  require(rules.regular_orders >= 2 && rules.regular_orders <= most_orders, "regular_orders", "2 to 1000000 orders");
  require(rules.dormant_days >= 1 && rules.dormant_days <= most_days, "dormant_days", "1 to 36500 days");
  require(rules.lost_days > rules.dormant_days && rules.lost_days <= most_days, "lost_days",
          "more than dormant_days, to 36500 days");
}

class Staging {
 public:
  Staging(Session& session, const StageOptions& options) : session_(session), options_(options) {
    std::unique_ptr<Reader> reader = session.store().read();
    rights_ = session.rights(*reader);
    view_.emplace(std::move(reader), rights_);
    zone_ = Zone::of(view_->info().zone);
    staged_.day = options.day.value_or(zone_.date_of(session.now()));
    staged_.customers.resize(stage_count);
  }

  Staged run() {
    const Query query{.entity = std::string(Customer::entity_name), .limit = at_once};
    ScanKey key;
    Batch customers;
    std::uint64_t done = 0;
    for (bool more = true; more;) {
      more = view_->scan(query, key, customers);
      beat("stages", done += customers.rows());
      place(customers);
    }
    return std::move(staged_);
  }

 private:
  void place(const Batch& customers) {
    const std::unordered_map<Id, OrderTimes> times = times_of(customers);
    const std::size_t stage = customer().field("stage").number;
    ChangeSet changes;
    for (std::size_t row = 0; row < customers.rows(); ++row) {
      const Id id = customers.ids[row];
      if (!may_place(customers, row)) continue;
      const auto found = times.find(id);
      const Stage to = stage_of(found == times.end() ? OrderTimes{} : found->second, staged_.day, options_.rules);
      ++staged_.customers[static_cast<std::size_t>(to)];
      const std::string_view from = customers.columns[stage].value(row).text();
      if (from == name_of(to)) continue;
      staged_.changes.push_back({id, std::string(from), to});
      changes.put(Customer::entity_name, id).set("stage", name_of(to));
    }
    if (changes.size() > 0) session_.apply(changes, {.reason = options_.reason, .dry_run = options_.dry_run});
  }

  std::unordered_map<Id, OrderTimes> times_of(const Batch& customers) const {
    std::unordered_map<Id, OrderTimes> times;
    if (customers.rows() == 0) return times;
    const Query query{.entity = std::string(CustomerSummary::entity_name),
                      .where = Where::all({Where::compare("id", Operator::greater_equal, Value(customers.ids.front())),
                                           Where::compare("id", Operator::less_equal, Value(customers.ids.back()))}),
                      .fields = {"orders", "first_order_at", "last_order_at"},
                      .limit = at_once};
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = view_->scan(query, key, batch);
      for (std::size_t row = 0; row < batch.rows(); ++row)
        times[batch.ids[row]] = {batch.columns[0].bits[row], day_of(batch, 1, row), day_of(batch, 2, row)};
    }
    return times;
  }

  std::optional<Date> day_of(const Batch& batch, std::size_t column, std::size_t row) const {
    const Value at = batch.columns[column].value(row);
    return at.present() ? std::optional(zone_.date_of(at.instant())) : std::nullopt;
  }

  // Who may not see what a customer bought would take every buyer for a prospect.
  bool may_place(const Batch& customers, std::size_t row) const {
    if (!rights_) return true;
    std::vector<Value> told(summary().fields.size());
    told[system_field::id] = Value(customers.ids[row]);
    return rights_->allows(summary(), Action::read, told) &&
           rights_->allows(customer(), Action::update, row_of(customers, row));
  }

  Session& session_;
  const StageOptions& options_;
  RightsPtr rights_;
  std::optional<View> view_;
  Zone zone_ = Zone::of("UTC");
  Staged staged_;

  const Entity& customer() const { return view_->schema().entity(Customer::entity_name); }
  const Entity& summary() const { return view_->schema().entity(CustomerSummary::entity_name); }
};

}  // namespace

std::string_view name_of(Stage stage) noexcept { return stage_names[static_cast<std::size_t>(stage)]; }

Stage stage_of(const OrderTimes& times, Date day, const StageRules& rules) noexcept {
  if (times.orders <= 0 || !times.first || !times.last || *times.first > day) return Stage::prospect;
  const std::int64_t quiet = std::int64_t{day.days} - times.last->days;
  if (quiet >= rules.lost_days) return Stage::lost;
  if (quiet >= rules.dormant_days) return Stage::dormant;
  if (times.orders >= rules.regular_orders) return Stage::regular;
  return std::int64_t{day.days} - times.first->days < rules.new_days ? Stage::fresh : Stage::active;
}

Staged stage_customers(Session& session, const StageOptions& options) {
  check(options.rules);
  const LongCall call(session.options().progress);
  return Staging(session, options).run();
}

std::string to_json(const Staged& staged) {
  std::string out;
  desk::JsonWriter json(out);
  json.open('{');
  json.name("day").value(Value(staged.day));
  json.name("customers");
  json.open('{');
  for (std::size_t i = 0; i < stage_count; ++i)
    json.name(stage_names[i]).value(Value(static_cast<std::int64_t>(staged.customers[i])));
  json.close('}');
  json.name("changed").value(Value(static_cast<std::int64_t>(staged.changes.size())));
  json.name("changes");
  json.open('[');
  for (const StageChange& change : std::span(staged.changes).first(std::min(staged.changes.size(), most_told))) {
    json.open('{');
    json.member("customer_id", Value(change.customer));
    json.member("from", Value(std::string_view(change.from)));
    json.member("to", Value(name_of(change.to)));
    json.close('}');
  }
  json.close(']');
  json.close('}');
  return out;
}

}  // namespace emptor
