#include "insight/live/live_records.hpp"

#include <algorithm>

namespace emptor {
namespace {

constexpr std::size_t customers_at_once = 500;

/// Full rows of one entity, as they stand. They live as long as what follows.
class StandingRows {
 public:
  StandingRows(Reader& reader, const char* entity, std::span<const Id> customers, bool with_deleted,
               FollowingRecords& following, Where also = {})
      : entity_(reader.schema()->entity(entity)) {
    std::vector<Value> ids(customers.begin(), customers.end());
    Where whose = ids.size() == 1 ? Where::equal("customer_id", ids[0]) : Where::in("customer_id", std::move(ids));
    if (also.kind != Where::Kind::always) whose = Where::all({std::move(whose), std::move(also)});
    const Query query{.entity = entity, .where = std::move(whose), .limit = 10'000, .with_deleted = with_deleted};
    ScanKey key;
    for (bool more = true; more;) {
      Batch& batch = following.keep_batch();
      more = reader.scan(query, key, batch);
      batches_.push_back(&batch);
    }
  }

  const Entity& entity() const noexcept { return entity_; }
  FieldNumber field(std::string_view name) const { return entity_.field(name).number; }
  template <class Visit>
  void each(const Visit& visit) const {
    for (const Batch* batch : batches_)
      for (std::size_t i = 0; i < batch->rows(); ++i) visit(*batch, i);
  }

 private:
  const Entity& entity_;
  std::vector<const Batch*> batches_;
};

struct ScoreFields {
  explicit ScoreFields(const Entity& entity)
      : customer(entity.field("customer_id").number),
        name(entity.field("name").number),
        value(entity.field("value").number),
        label(entity.field("label").number),
        model(entity.field("model_id").number),
        data_version(entity.field("data_version").number) {}
  FieldNumber customer, name, value, label, model, data_version;
};

class LiveWriting {
 public:
  LiveWriting(Reader& reader, std::span<const Id> customers, const WriteMoment& moment, LiveMemory& memory,
              FollowingRecords& following)
      : reader_(reader),
        customers_(customers),
        moment_(moment),
        memory_(memory),
        day_(memory.zone.date_of(moment.at)),
        following_(following),
        scores_(reader, "score", customers, true, following),
        fields_(scores_.entity()) {
    scores_.each([&](const Batch& batch, std::size_t i) { places_.push_back({&batch, i}); });
    std::ranges::sort(places_, {}, [&](const Place& place) { return customer_of(place); });
  }

  void write() {
    for (const Id customer : customers_) {
      const ShapedHistory history(memory_.histories.at(customer.value));
      for (const LiveModel& model : memory_.models) {
        result_.clear();
        model.score(history, day_, result_);
        write_result(customer, model);
      }
    }
  }

 private:
  struct Place {
    const Batch* batch;
    std::size_t row;
    Value cell(FieldNumber field) const { return batch->columns[field].value(row); }
  };
  std::int64_t customer_of(const Place& place) const { return place.cell(fields_.customer).id().value; }

  const Place* standing(Id customer, std::string_view name) const {
    const auto theirs =
        std::ranges::equal_range(places_, customer.value, {}, [&](const Place& place) { return customer_of(place); });
    for (const Place& place : theirs)
      if (place.cell(fields_.name).text() == name) return &place;
    return nullptr;
  }

  const GivenScore* given(std::string_view name) const {
    const auto found = std::ranges::find(result_.scores, name, &GivenScore::name);
    return found == result_.scores.end() ? nullptr : &*found;
  }

  void write_result(Id customer, const LiveModel& model) {
    bool tag_changed = false, alert_near = false;
    for (const std::string_view name : model.scores) {
      const GivenScore* score = given(name);
      const Place* place = standing(customer, name);
      if (model.alerts && name == model.alerts->score)
        alert_near = result_.alert || reaches(place, model.alerts->threshold);
      const bool other_label = write_score(customer, model, {.name = name}, score, place);
      tag_changed |= other_label && name == model.tagged;
    }
    if (tag_changed) write_tag(customer, model);
    if (alert_near) write_alert(customer, model);
  }

  bool reaches(const Place* place, double threshold) const {
    if (place == nullptr) return false;
    const Value value = place->cell(fields_.value);
    return value.present() && value.real() >= threshold;
  }

  /// Whether the label is another now.
  bool write_score(Id customer, const LiveModel& model, const GivenScore& nothing, const GivenScore* score,
                   const Place* place) {
    if (place == nullptr && score == nullptr) return false;
    const GivenScore& now = score == nullptr ? nothing : *score;
    const Value value = now.value ? Value(*now.value) : Value();
    std::string_view old_label;
    if (place != nullptr) {
      old_label = place->cell(fields_.label).text();
      const bool deleted = place->cell(system_field::deleted_at).present();
      if (!deleted && place->cell(fields_.value) == value && old_label == now.label &&
          place->cell(fields_.model).id() == model.kept.id)
        return false;
    }
    const std::span<Value> row = place == nullptr ? following_.add(scores_.entity())
                                                  : following_.change(scores_.entity(), *place->batch, place->row);
    row[system_field::deleted_at] = Value();
    row[fields_.customer] = Value(customer);
    if (place == nullptr) row[fields_.name] = following_.keep(now.name);
    row[fields_.value] = value;
    row[fields_.label] = following_.keep(now.label);
    row[fields_.model] = Value(model.kept.id);
    row[fields_.data_version] = Value(moment_.version);
    return old_label != now.label;
  }

  void write_tag(Id customer, const LiveModel& model) {
    const StandingRows tags(reader_, "tag", std::span(&customer, 1), false, following_,
                            Where::equal("source", std::string_view(model.kept.name)));
    const FieldNumber name = tags.field("name"), of_model = tags.field("model_id");
    bool stands = false;
    tags.each([&](const Batch& batch, std::size_t i) {
      if (!stands && !result_.tag.empty()) {
        stands = true;
        if (batch.columns[name].text(i) == result_.tag && batch.columns[of_model].value(i).id() == model.kept.id)
          return;
        const std::span<Value> row = following_.change(tags.entity(), batch, i);
        row[name] = following_.keep(result_.tag);
        row[of_model] = Value(model.kept.id);
      } else {
        following_.change(tags.entity(), batch, i)[system_field::deleted_at] = Value(moment_.at);
      }
    });
    if (stands || result_.tag.empty()) return;
    const std::span<Value> row = following_.add(tags.entity());
    row[tags.field("customer_id")] = Value(customer);
    row[tags.field("source")] = following_.keep(model.kept.name);
    row[name] = following_.keep(result_.tag);
    row[of_model] = Value(model.kept.id);
  }

  /// One that is open stays as it is while the chance stays above the threshold, and expires when it falls below. One
  /// that somebody has handled is not raised again for some days, as write_alerts has it.
  void write_alert(Id customer, const LiveModel& model) {
    const StandingRows alerts(reader_, "alert", std::span(&customer, 1), false, following_,
                              Where::equal("model_id", model.kept.id));
    const FieldNumber status = alerts.field("status"), raised = alerts.field("raised_at"),
                      handled = alerts.field("handled_at");
    bool open = false, quiet = false;
    alerts.each([&](const Batch& batch, std::size_t i) {
      const std::string_view now = batch.columns[status].text(i);
      if (now == "expired") return;
      if (now.empty() || now == "open") {
        open = true;
        if (!result_.alert) following_.change(alerts.entity(), batch, i)[status] = following_.keep("expired");
        return;
      }
      const FieldNumber when = batch.columns[handled].valid[i] ? handled : raised;
      const std::int64_t until = std::int64_t{model.alerts->quiet_days} * micros_per_day;
      quiet |= batch.columns[when].valid[i] && moment_.at.micros - batch.columns[when].bits[i] < until;
    });
    if (!result_.alert || open || quiet) return;
    const std::span<Value> row = following_.add(alerts.entity());
    row[alerts.field("customer_id")] = Value(customer);
    row[alerts.field("kind")] = following_.keep(result_.alert->kind);
    row[alerts.field("severity")] = Value(result_.alert->severity);
    row[alerts.field("reason")] = following_.keep(result_.alert->reason);
    row[raised] = Value(moment_.at);
    row[status] = following_.keep("open");
    row[alerts.field("model_id")] = Value(model.kept.id);
    row[alerts.field("data_version")] = Value(moment_.version);
  }

  Reader& reader_;
  std::span<const Id> customers_;
  const WriteMoment& moment_;
  LiveMemory& memory_;
  Date day_;
  FollowingRecords& following_;
  StandingRows scores_;
  ScoreFields fields_;
  std::vector<Place> places_;
  LiveResult result_;
};

}  // namespace

void follow_live(Reader& reader, std::span<const Id> customers, const WriteMoment& moment, LiveMemory& memory,
                 FollowingRecords& following) {
  for (std::size_t first = 0; first < customers.size(); first += customers_at_once)
    LiveWriting(reader, customers.subspan(first, std::min(customers_at_once, customers.size() - first)), moment, memory,
                following)
        .write();
}

}  // namespace emptor
