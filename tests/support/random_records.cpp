#include "support/random_records.hpp"

namespace emptor::test {
namespace {

bool is_set_by_host(const Field& field) {
  return field.number >= system_field::count && !field.has(field_flag::system);
}

}  // namespace

void RandomRecords::make_one_of_each() {
  const SchemaPtr schema = session_.view().schema_pointer();
  ChangeSet set;
  std::vector<const Entity*> made;
  of_set_.clear();
  for (const Entity& entity : schema->entities())
    if (entity.keeping == Keeping::journalled) {
      made.push_back(&entity);
      of_set_[entity.name] = set.put(entity.name).id();
    }
  for (const Entity* entity : made) {
    ChangeSet::Put put = set.put(entity->name, of_set_[entity->name]);
    fill(put, *entity, true);
  }
  const Receipt receipt = session_.apply(set);
  for (std::size_t i = 0; i < made.size(); ++i) ids_[made[i]->name].push_back(receipt.ids[i]);
  of_set_.clear();
  text_.clear();
}

void RandomRecords::change_some() {
  const SchemaPtr schema = session_.view().schema_pointer();
  ChangeSet set;
  for (const auto& [name, ids] : ids_) {
    if (ids.empty() || !chance(3)) continue;
    ChangeSet::Put put = set.put(name, any(name));
    fill(put, schema->entity(name), false);
  }
  session_.apply(set);
  text_.clear();
}

void RandomRecords::erase_one() {
  auto at = ids_.begin();
  std::advance(at, static_cast<std::ptrdiff_t>(random_.below(ids_.size())));
  if (at->second.empty()) return;
  ChangeSet set;
  set.erase(at->first, at->second.back());
  at->second.pop_back();
  session_.apply(set);
}

void RandomRecords::fill(ChangeSet::Put& put, const Entity& entity, bool anew) {
  for (const Field& field : entity.fields) {
    if (!is_set_by_host(field)) continue;
    const bool required = field.has(field_flag::required);
    if (anew ? required || !chance(3) : chance(4))
      put.set(field.name, value_for(entity, field));
    else if (!anew && !required && chance(6))
      put.set(field.name, Value());
  }
}

Value RandomRecords::value_for(const Entity& entity, const Field& field) {
  switch (field.type) {
    case Type::id: {
      const std::string target = field.reference == "*" ? "customer" : field.reference;
      if (target == entity.name) return {};
      const auto made = of_set_.find(target);
      return made != of_set_.end() ? made->second : any(target);
    }
    case Type::integer:
      return static_cast<std::int64_t>(random_.next() >> (1 + random_.below(63))) * (chance(2) ? 1 : -1);
    case Type::decimal:
      return Value::of_bits(
          Type::decimal, static_cast<std::int64_t>(random_.next() >> (30 + random_.below(34))) * (chance(2) ? 1 : -1));
    case Type::real:
      return random_.normal() * (chance(3) ? 1e30 : 1);
    case Type::boolean:
      return field.name != "live" && chance(2);  // only models of a known kind may be
    case Type::date:
      return Date{static_cast<std::int32_t>(random_.below(60'000)) - 20'000};
    case Type::instant:
      return Instant{static_cast<std::int64_t>(random_.below(4'000'000'000'000'000)) - 1'000'000'000'000'000};
    case Type::text:
      return text_.keep(Value(std::string_view(text_for(field))));
    case Type::bytes:
      return text_.keep(Value::bytes(std::string("octets ") + static_cast<char>(random_.below(256))));
  }
  return {};
}

std::string RandomRecords::text_for(const Field& field) {
  static constexpr std::string_view parts[] = {"a", "'", "\"", "\\", "\n", "\t", "\x01", "é", "北京", "𝄞", "***", " "};
  if (field.name == "scope") return "own";  // of a permission: a rule would have to be one
  if (!field.choices.empty()) return field.choices[random_.below(field.choices.size())];
  if (field.name == "entity") return "customer";
  if (field.name == "currency") return chance(2) ? "USD" : "CNY";
  std::string text = std::to_string(++number_);
  if (field.name == "rule") return "has tag 'none " + text + "'";  // of a segment
  for (std::uint64_t left = random_.below(12); left > 0; --left) text += parts[random_.below(std::size(parts))];
  return text;
}

Id RandomRecords::any(const std::string& entity) {
  const std::vector<Id>& ids = ids_[entity];
  return ids.empty() ? no_id : ids[random_.below(ids.size())];
}

}  // namespace emptor::test
