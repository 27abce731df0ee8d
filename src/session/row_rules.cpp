#include "session/row_rules.hpp"

#include <algorithm>

#include "emptor/core/text.hpp"
#include "emptor/session/phone_keys.hpp"

namespace emptor {
namespace {

std::optional<FieldNumber> number_of(const Entity& entity, std::string_view name) {
  const Field* field = entity.find(name);
  if (field == nullptr) return std::nullopt;
  return field->number;
}

std::string allowed(const Field& field) {
  std::string text = "use one of:";
  for (const std::string& choice : field.choices) text += " " + choice;
  return text;
}

std::optional<RowRules::Phone> phone_of(const Entity& entity) {
  const auto channel = number_of(entity, "channel");
  const auto value = number_of(entity, "value");
  const auto key = number_of(entity, "value_key");
  if (!channel || !value || !key) return std::nullopt;
  return RowRules::Phone{*channel, *value, *key, number_of(entity, "country")};
}

/// The key of row's `source`, which is a telephone number's for the values of such channels.
std::string key_of(const RowRules& rules, const RowRules::Folded& folded, const RowGround& ground, Row row) {
  const std::string_view value = row[folded.source].text();
  const bool phone =
      rules.phone && rules.phone->key == folded.key && is_phone_channel(row[rules.phone->channel].text());
  return phone && !value.empty() ? phone_key(value, ground.region) : fold(value);
}

}  // namespace

RowRules rules_of(const Entity& entity) {
  RowRules rules;
  for (const auto& [source, key] : {std::pair{"name", "name_key"}, std::pair{"value", "value_key"}}) {
    const auto from = number_of(entity, source);
    const auto to = number_of(entity, key);
    if (from && to) rules.folded.push_back({*from, *to});
  }
  rules.phone = phone_of(entity);
  for (const Field& field : entity.fields) {
    if (field.number < system_field::count) continue;
    if (field.has(field_flag::required)) rules.required.push_back(field.number);
    if (!field.choices.empty()) rules.with_choices.push_back(field.number);
    if (field.type == Type::id && !field.reference.empty()) rules.references.push_back(field.number);
  }
  rules.reference_entity = number_of(entity, "entity");
  rules.customer = entity.customer_field;
  rules.origin = number_of(entity, "origin_id");
  rules.amount = number_of(entity, "amount");
  rules.base_amount = number_of(entity, "base_amount");
  rules.currency = number_of(entity, "currency");
  return rules;
}

std::vector<DerivedField> derived_fields(const RowRules& rules) {
  std::vector<DerivedField> derived;
  for (const RowRules::Folded& folded : rules.folded) {
    DerivedField& key = derived.emplace_back(folded.key, std::vector{folded.source});
    if (!rules.phone || rules.phone->key != folded.key) continue;
    key.sources.push_back(rules.phone->channel);
    if (rules.phone->country) key.sources.push_back(*rules.phone->country);
  }
  if (rules.customer && rules.origin) derived.emplace_back(*rules.origin, std::vector{*rules.customer});
  if (rules.amount && rules.base_amount && rules.currency)
    derived.emplace_back(*rules.base_amount, std::vector{*rules.amount, *rules.currency});
  return derived;
}

void complete_row(const RowRules& rules, const RowGround& ground, std::span<Value> row, Arena& text) {
  for (const RowRules::Folded& folded : rules.folded) {
    const std::string key = key_of(rules, folded, ground, row);
    if (row[folded.key].text() != key) row[folded.key] = text.keep(Value(std::string_view(key)));
  }
  if (rules.customer && rules.origin && !row[*rules.origin].present()) row[*rules.origin] = row[*rules.customer];
  if (!rules.amount || !rules.base_amount || !rules.currency) return;
  const Value& currency = row[*rules.currency];
  if (!currency.present() || currency.text() == ground.base_currency) row[*rules.base_amount] = row[*rules.amount];
}

std::optional<Value> accept(const Field& field, const Value& value) {
  if (!value.present() || value.type() == field.type) return value;
  if (value.type() != Type::integer) return std::nullopt;
  if (field.type == Type::id) return Value(Id{value.integer()});
  if (field.type == Type::real) return Value(static_cast<double>(value.integer()));
  if (field.type != Type::decimal) return std::nullopt;
  std::int64_t micros = 0;
  if (__builtin_mul_overflow(value.integer(), Decimal::micros_per_unit, &micros)) return std::nullopt;
  return Value::of_bits(Type::decimal, micros);
}

void check_values(const Entity& entity, const RowRules& rules, Row row, std::int64_t change,
                  std::vector<Problem>& problems) {
  const auto report = [&](FieldNumber number, std::string message, std::string hint) {
    problems.push_back(
        {Code::invalid, std::move(message), entity.name, entity.fields[number].name, change, std::move(hint)});
  };
  for (const FieldNumber number : rules.required)
    if (!row[number].present()) report(number, "a required value is missing", "set this field");
  for (const FieldNumber number : rules.with_choices) {
    const Field& field = entity.fields[number];
    const bool known = std::find(field.choices.begin(), field.choices.end(), row[number].text()) != field.choices.end();
    if (row[number].present() && !known) report(number, "the value is not one of the allowed ones", allowed(field));
  }
}

}  // namespace emptor
