#include "session/derive.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "session/customer_summary.hpp"

namespace emptor {
namespace {

constexpr std::string_view derivations_setting = "derivations";
constexpr std::size_t rows_at_once = 4096;

std::vector<std::string> recorded(Reader& reader) {
  std::vector<std::string> names;
  const std::string text = reader.setting(derivations_setting);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

void build(Writer& writer, const Derivation& derivation) {
  const Entity& entity = writer.schema()->entity(derivation.writes);
  std::vector<Value> values;
  const auto flush = [&] {
    std::vector<Row> rows;
    for (std::size_t at = 0; at < values.size(); at += entity.fields.size())
      rows.emplace_back(values.data() + at, entity.fields.size());
    writer.put(entity, rows, true);
    values.clear();
  };
  derivation.recompute(writer, [&](Row row) {
    values.insert(values.end(), row.begin(), row.end());
    if (values.size() >= rows_at_once * entity.fields.size()) flush();
  });
  flush();
}

}  // namespace

std::span<const Derivation> derivations() {
  static const std::vector<Derivation> all = {customer_summary_derivation()};
  return all;
}

void prepare_derivations(Writer& writer) {
  std::vector<std::string> names = recorded(writer);
  const auto all = derivations();
  for (const std::string& name : names)
    if (std::none_of(all.begin(), all.end(), [&](const Derivation& d) { return d.name == name; }))
      throw Error(Code::unsupported, "the store keeps something up to date that this program does not know: " + name,
                  "open it read-only, or use a newer version of the library");
  std::string list;
  bool added = false;
  for (const Derivation& derivation : all) {
    list += (list.empty() ? "" : ",") + derivation.name;
    if (std::find(names.begin(), names.end(), derivation.name) != names.end()) continue;
    build(writer, derivation);
    added = true;
  }
  if (added) writer.set_setting(derivations_setting, list);
}

void run_derivations(Writer& writer, std::span<const RecordChange> changes) {
  for (const Derivation& derivation : derivations()) {
    std::vector<RecordChange> wanted;
    for (const RecordChange& change : changes)
      if (std::find(derivation.reads.begin(), derivation.reads.end(), change.entity->name) != derivation.reads.end())
        wanted.push_back(change);
    if (!wanted.empty()) derivation.update(writer, wanted);
  }
}

}  // namespace emptor
