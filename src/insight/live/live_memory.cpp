#include "insight/live/live_memory.hpp"

#include <algorithm>

#include "emptor/model/insight.hpp"
#include "insight/facts/borrowed_view.hpp"

namespace emptor {
namespace {

using SharedMemory = std::shared_ptr<LiveMemory>;

struct Named {
  Id id;
  std::int64_t version = 0;
};

std::vector<Named> live_records(const View& view) {
  const Query query{.entity = std::string(Model::entity_name),
                    .where = Where::equal("live", Value(true)),
                    .order = {{"name"}},
                    .fields = {"version"},
                    .limit = 1'000};
  std::vector<Named> named;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan(query, key, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) named.push_back({batch.ids[i], batch.columns[0].value(i).integer()});
  }
  return named;
}

}  // namespace

bool any_live_model(Reader& reader) { return !live_records(borrowed_view(reader)).empty(); }

void check_live_model(Reader& reader, const Entity& entity, Row model) {
  const auto cell = [&](std::string_view field) { return model[entity.field(field).number]; };
  const Value live = cell("live");
  if (model[system_field::deleted_at].present() || !live.present() || !live.boolean()) return;
  load_live_model({model[system_field::id].id(), 0, std::string(cell("name").text()),
                   std::string(cell("options").text()), std::string(cell("fitted").text())},
                  Zone::of(reader.info().zone));
}

void load_live_models(const View& view, LiveMemory& memory) {
  std::vector<LiveModel> models;
  for (const Named& named : live_records(view)) {
    const auto same = [&](const LiveModel& one) {
      return one.kept.id == named.id && one.kept.version == named.version;
    };
    const auto known = std::ranges::find_if(memory.models, same);
    if (known != memory.models.end())
      models.push_back(std::move(*known));
    else
      models.push_back(load_live_model(kept_model(*view.get(Model::entity_name, named.id)), memory.zone));
  }
  memory.models = std::move(models);
}

LiveMemory& current_models(const View& view, DerivationMemory& memory) {
  if (!memory.kept.has_value()) {
    memory.kept = std::make_shared<LiveMemory>(Zone::of(view.info().zone));
    memory.current = false;
  }
  LiveMemory& own = *std::any_cast<SharedMemory&>(memory.kept);
  if (!memory.current) {
    own.histories.clear();
    load_live_models(view, own);
  }
  memory.current = true;
  return own;
}

KnownHistory known_history(const View& view, Id customer, DayFinder& days) {
  const std::optional<Record> kept =
      view.setting("derivations_behind").empty() ? view.get("customer_history", customer) : std::nullopt;
  if (kept) return decoded_history(customer.value, kept->get("lines").text(), kept->get("touches").text());
  return {read_lines_of(view, customer), read_kept_touches_of(view, customer, days)};
}

std::vector<ScoreNow> live_scores_of(const View& view, Id customer, Date day, LiveMemory& memory) {
  std::vector<ScoreNow> scores;
  if (memory.models.empty()) return scores;
  const KnownHistory known = known_history(view, customer, memory.days);
  const ShapedHistory history(known);
  LiveResult result;
  for (const LiveModel& model : memory.models) {
    result.clear();
    model.score(history, day, result);
    for (const std::string_view name : model.scores) {
      const auto given = std::ranges::find(result.scores, name, &GivenScore::name);
      const bool has = given != result.scores.end();
      scores.push_back({name, has ? given->value : std::nullopt, has ? std::move(given->label) : std::string()});
    }
  }
  return scores;
}

}  // namespace emptor
