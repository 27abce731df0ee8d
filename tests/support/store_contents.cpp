#include "support/store_contents.hpp"

#include <algorithm>
#include <map>

#include "emptor/session/session.hpp"

namespace emptor::test {
namespace {

using Names = std::map<std::pair<std::string, std::int64_t>, std::string>;

std::vector<Record> all(const View& view, const std::string& entity) {
  return view.select({.entity = entity, .limit = 1'000'000});
}

Names names_of(const View& view) {
  Names names;
  for (const Record& identity : all(view, "identity"))
    names[{std::string(identity.get("entity").text()), identity.get("record_id").id().value}] =
        identity.get("external_id").text();
  return names;
}

std::string told(const Record& record, const Field& field, const Names& names) {
  const Value& value = record[field.number];
  if (value.is_text()) return std::string(value.text());
  if (field.type != Type::id) return std::to_string(value.bits());
  const std::string entity = field.reference == "*" ? std::string(record.get("entity").text()) : field.reference;
  const auto name = names.find({entity, value.id().value});
  return name == names.end() ? "?" : name->second;
}

}  // namespace

std::vector<std::string> contents(Store& store) {
  const Session session(store);
  const View view = session.view();
  const Names names = names_of(view);
  std::vector<std::string> texts;
  for (const Entity& entity : view.schema().entities()) {
    if (entity.keeping == Keeping::system) continue;
    for (const Record& record : all(view, entity.name)) {
      std::string text = entity.name;
      for (const Field& field : entity.fields)
        if (field.number >= system_field::count && record[field.number].present())
          text += "|" + field.name + "=" + told(record, field, names);
      texts.push_back(std::move(text));
    }
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::string difference(const std::vector<std::string>& found, const std::vector<std::string>& expected) {
  const auto [other, meant] = std::mismatch(found.begin(), found.end(), expected.begin(), expected.end());
  if (other == found.end() && meant == expected.end()) return {};
  const bool surplus = meant == expected.end() || (other != found.end() && *other < *meant);
  return surplus ? "has besides: " + *other : "lacks: " + *meant;
}

}  // namespace emptor::test
