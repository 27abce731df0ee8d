#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"
#include "support/world_calls.hpp"

namespace emptor::test {

std::string Asker::text_of(const Error& error) {
  std::string text(name_of(error.code()));
  for (const Problem& problem : error.problems())
    text += " [" + problem.message + "|" + problem.entity + "|" + problem.field + "|" +
            (problem.row ? std::to_string(*problem.row) : "") + "|" + problem.hint + "]";
  return text;
}

const Entity& Asker::entity() {
  const Schema& schema = world.schema();
  const std::uint64_t way = draw(8);
  if (way == 0) {
    const std::uint64_t which = draw(3);
    if (which < 2) return schema.entity(which == 0 ? "customer_summary" : "subject_key");
    return schema.entities()[draw(schema.entities().size())];
  }
  if (way == 2 && plan().reads.contains("contact_point")) return schema.entity("contact_point");
  if (way < 3) return schema.entity("customer");
  if (way == 3 && !plan().kept.empty()) return schema.entity(plan().kept[draw(plan().kept.size())].entity);
  if (plan().reads.empty()) return schema.entity("customer");
  return schema.entity(*std::next(plan().reads.begin(), static_cast<std::ptrdiff_t>(draw(plan().reads.size()))));
}

const Field& Asker::field(const Entity& entity) {
  const std::uint64_t way = draw(4), which = draw(64);
  std::vector<const Field*> fields;
  for (const KeptField& kept : plan().kept) {
    if (kept.entity != entity.name) continue;
    fields.push_back(&entity.field(kept.field));
    for (const auto& [source, key] :
         {std::pair{"name", "name_key"}, std::pair{"value", "value_key"}, std::pair{"channel", "value_key"},
          std::pair{"amount", "base_amount"}, std::pair{"currency", "base_amount"}})
      if (kept.field == source && entity.find(key) != nullptr) fields.push_back(&entity.field(key));
  }
  if (way < 2 && !fields.empty()) return *fields[which % fields.size()];
  for (const std::string_view often : {"name", "city", "country", "value_key", "name_key"})
    if (way == 2 && entity.find(often) != nullptr) fields.push_back(&entity.field(often));
  if (way == 2 && !fields.empty()) return *fields[which % fields.size()];
  return entity.fields[which % entity.fields.size()];
}

Id Asker::customer() {
  const std::uint64_t way = draw(10), which = draw(64);
  if (way < 8) return world.customer(static_cast<Hands>(way % 4), which);
  return world.unseen("customer", which);
}

Id Asker::record(const Entity& entity) {
  const std::uint64_t way = draw(4), which = draw(64);
  const Id shared = world.shared(entity.name, which);
  return way == 0 || !shared ? world.unseen(entity.name, which) : shared;
}

Value Asker::value(const Field& field) {
  const std::uint64_t number = draw(12), kind = draw(4);
  switch (field.type) {
    case Type::id:
      return Value(world.shared(field.reference == "*" ? "customer" : field.reference, number));
    case Type::integer:
      return Value(static_cast<std::int64_t>(number));
    case Type::decimal:
      return Value(Decimal(static_cast<std::int64_t>(number * 40)));
    case Type::real:
      return Value(static_cast<double>(number));
    case Type::boolean:
      return Value(number % 2 == 0);
    case Type::date:
      return Value(Date{19'400 + static_cast<std::int32_t>(number * 50)});
    case Type::instant:
      return Value(Instant{1'699'000'000'000'000 - static_cast<std::int64_t>(number) * 33 * 86'400'000'000});
    case Type::bytes:
      return {};
    case Type::text:
      break;
  }
  std::string text = kind == 0 ? "long text " + std::to_string(number) : "t" + std::to_string(number);
  if (!field.choices.empty()) text = field.choices[number % field.choices.size()];
  if (field.name == "country") text = number < 6 ? "DE" : "PT";
  if (field.name == "currency") text = number < 6 ? "EUR" : "USD";
  if (field.name == "name" || field.name == "name_key") text = "long text " + std::to_string(number);
  // Segments that the user does not see are called so in one of the worlds.
  if (field.name == "rule")
    text = "in segment 'o" + std::to_string(kind % 2) + "-" + std::to_string(1 + number % 3) + "'";
  if (field.name == "value" || field.name == "value_key")
    text = kind == 0   ? "+493090182" + std::to_string(number % 4)
           : kind == 1 ? "+35130 90182" + std::to_string(number % 4)
           : kind == 2 ? "3090182" + std::to_string(number % 4)
                       : "t" + std::to_string(number) + "@example.org";
  return text_.keep(Value(std::string_view(text)));
}

Where Asker::where(const Entity& entity) {
  const Field& of = field(entity);
  constexpr Operator always[] = {Operator::missing, Operator::present};
  constexpr Operator ordered[] = {Operator::equal, Operator::not_equal, Operator::less, Operator::greater_equal};
  constexpr Operator texts[] = {Operator::starts_with, Operator::contains};
  const std::uint64_t way = draw(6), which = draw(8);
  const Value with = value(of);
  Where where;
  if (way == 0 || !with.present())
    where = Where::compare(of.name, always[which % 2]);
  else if (way == 1 && of.type == Type::text)
    where = Where::compare(of.name, texts[which % 2], text_.keep(Value(with.text().substr(0, 1 + which))));
  else if (way == 2)
    where = Where::in(of.name, {with, value(of)});
  else
    where = Where::compare(of.name, ordered[which % 4], with);
  if (draw(4) == 0) where = Where::negate(std::move(where));
  return where;
}

std::string Asker::phone() {
  const std::string end = std::to_string(draw(4));
  switch (draw(4)) {
    case 0:
      return "+49 30 90182" + end;
    case 1:
      return "+351 30 90182" + end;
    default:
      return "030 90182" + end;
  }
}

std::string Asker::external_id() {
  const std::string number = std::to_string(1 + draw(8));
  return draw(3) == 0 ? "o0-" + number : "e" + number;
}

}  // namespace emptor::test
