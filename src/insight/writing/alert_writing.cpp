#include "insight/writing/alert_writing.hpp"

#include <algorithm>
#include <map>

#include "core/long_call.hpp"
#include "insight/facts/each_row.hpp"

namespace emptor {
namespace {

constexpr std::size_t alerts_a_batch = 2'000;

struct Standing {
  Id id;
  std::string kind, reason, status;
  std::int64_t severity = 0, data_version = 0;
  std::optional<Instant> raised_at, handled_at;

  bool is_open() const { return status.empty() || status == "open"; }
};
using StandingAlerts = std::map<std::int64_t, Standing>;

/// Of each customer the one that is open, else the newest.
StandingAlerts standing_alerts(const View& view, Id model) {
  StandingAlerts standing;
  const Query query{
      .entity = "alert",
      .where = Where::all({Where::equal("model_id", model), Where::negate(Where::equal("status", "expired"))}),
      .fields = {"customer_id", "kind", "severity", "reason", "status", "raised_at", "handled_at", "data_version"},
      .limit = 10'000};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto cell = [&](std::size_t column) { return batch.columns[column].value(i); };
    Standing one{.id = batch.ids[i],
                 .kind = std::string(cell(1).text()),
                 .reason = std::string(cell(3).text()),
                 .status = std::string(cell(4).text()),
                 .raised_at = {},
                 .handled_at = {}};
    if (cell(2).present()) one.severity = cell(2).integer();
    if (cell(5).present()) one.raised_at = cell(5).instant();
    if (cell(6).present()) one.handled_at = cell(6).instant();
    if (cell(7).present()) one.data_version = cell(7).integer();
    Standing& kept = standing[cell(0).id().value];
    if (!kept.id || !kept.is_open()) kept = std::move(one);  // ids ascend, so that later ones are newer
  });
  return standing;
}

class AlertChanges {
 public:
  AlertChanges(Session& session, const InsightRun& run, Id model, std::int32_t quiet_days)
      : session_(session),
        run_(run),
        model_(model),
        now_(session.now()),
        quiet_(std::int64_t{quiet_days} * micros_per_day),
        standing_(standing_alerts(session.view(), model)) {}

  void give(const GivenAlert& alert) {
    const auto found = standing_.extract(alert.customer);
    if (found.empty()) return raise(alert);
    const Standing& old = found.mapped();
    if (old.is_open()) return change(alert, old);
    const std::optional<Instant> handled = old.handled_at ? old.handled_at : old.raised_at;
    if (!handled || now_.micros - handled->micros >= quiet_) raise(alert);
  }
  void finish() {
    for (const auto& [customer, old] : standing_)
      if (old.is_open()) put(old.id).set("status", "expired");
    apply();
  }

 private:
  ChangeSet::Put put(Id id) {
    if (++changed_ % alerts_a_batch == 0) apply();
    return changes_.put("alert", id);
  }
  void raise(const GivenAlert& alert) {
    ChangeSet::Put put = this->put(no_id);
    put.set("customer_id", Id{alert.customer}).set("raised_at", now_).set("status", "open");
    describe(put, alert);
  }
  void change(const GivenAlert& alert, const Standing& old) {
    if (old.kind == alert.kind && old.severity == alert.severity && old.reason == alert.reason &&
        old.data_version == run_.data_version)
      return;
    ChangeSet::Put put = this->put(old.id);
    describe(put, alert);
  }
  void describe(ChangeSet::Put& put, const GivenAlert& alert) {
    put.set("kind", alert.kind).set("severity", alert.severity).set("reason", std::string_view(alert.reason));
    put.set("model_id", model_).set("data_version", run_.data_version);
  }
  void apply() {
    beat(run_.name, changed_, changed_);
    if (!changes_.empty()) session_.apply(changes_, {.reason = "insight " + run_.name});
    changes_ = ChangeSet();
  }

  Session& session_;
  const InsightRun& run_;
  Id model_;
  Instant now_;
  std::int64_t quiet_;
  StandingAlerts standing_;
  ChangeSet changes_;
  std::size_t changed_ = 0;
};

}  // namespace

void write_alerts(Session& session, const InsightRun& run, Id model, std::span<const GivenAlert> alerts,
                  std::int32_t quiet_days) {
  AlertChanges changes(session, run, model, quiet_days);
  for (const GivenAlert& alert : alerts) changes.give(alert);
  changes.finish();
}

}  // namespace emptor
