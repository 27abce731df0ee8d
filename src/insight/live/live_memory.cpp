#include "insight/live/live_memory.hpp"

#include <algorithm>

#include "emptor/model/insight.hpp"

namespace emptor {
namespace {

struct Named {
  Id id;
  std::int64_t version = 0;
};

std::vector<Named> live_records(Reader& reader) {
  const Query query{.entity = std::string(Model::entity_name),
                    .where = Where::equal("live", Value(true)),
                    .order = {{"name"}},
                    .fields = {"version"},
                    .limit = 1'000};
  std::vector<Named> named;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) named.push_back({batch.ids[i], batch.columns[0].value(i).integer()});
  }
  return named;
}

KeptModel read_model(Reader& reader, const Named& named) {
  const Entity& entity = reader.schema()->entity(Model::entity_name);
  Batch batch;
  reader.get(entity, std::span(&named.id, 1), batch);
  const auto text = [&](std::string_view field) {
    return std::string(batch.columns[entity.field(field).number].value(0).text());
  };
  return {named.id, named.version, text("name"), text("options"), text("fitted")};
}

}  // namespace

bool any_live_model(Reader& reader) { return !live_records(reader).empty(); }

void check_live_model(Reader& reader, const Entity& entity, Row model) {
  const auto cell = [&](std::string_view field) { return model[entity.field(field).number]; };
  const Value live = cell("live");
  if (model[system_field::deleted_at].present() || !live.present() || !live.boolean()) return;
  load_live_model({model[system_field::id].id(), 0, std::string(cell("name").text()),
                   std::string(cell("options").text()), std::string(cell("fitted").text())},
                  Zone::of(reader.info().zone));
}

void load_live_models(Reader& reader, LiveMemory& memory) {
  std::vector<LiveModel> models;
  for (const Named& named : live_records(reader)) {
    const auto same = [&](const LiveModel& one) {
      return one.kept.id == named.id && one.kept.version == named.version;
    };
    const auto known = std::ranges::find_if(memory.models, same);
    if (known != memory.models.end())
      models.push_back(std::move(*known));
    else
      models.push_back(load_live_model(read_model(reader, named), memory.zone));
  }
  memory.models = std::move(models);
}

}  // namespace emptor
