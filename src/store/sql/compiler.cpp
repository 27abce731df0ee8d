#include "store/sql/compiler.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor::sql {
namespace {

// Up to so many values are parameters of their own; more travel packed in one.
constexpr std::size_t most_single_values = 8;

[[noreturn]] void refuse(const Entity& entity, const Field& field, std::string message, std::string hint) {
  throw Error(Problem{Code::invalid, std::move(message), entity.name, field.name, {}, std::move(hint)});
}

// As prefix_end, among well-formed texts and as one of them.
std::string prefix_end_by_code_point(std::string_view prefix) {
  constexpr char32_t last = 0x10FFFF, before_surrogates = 0xD7FF, after_surrogates = 0xE000;
  while (!prefix.empty()) {
    std::size_t at = prefix.size() - 1;
    while ((prefix[at] & 0xC0) == 0x80) --at;
    std::string next(prefix.substr(0, at));
    const char32_t code_point = next_code_point(prefix, at);
    if (code_point != last) {
      append_utf8(next, code_point == before_surrogates ? after_surrogates : code_point + 1);
      return next;
    }
    prefix = prefix.substr(0, next.size());
  }
  return {};
}

std::string_view sign_of(Operator op, bool negated) {
  switch (op) {
    case Operator::less:
      return negated ? " >= " : " < ";
    case Operator::less_equal:
      return negated ? " > " : " <= ";
    case Operator::greater:
      return negated ? " <= " : " > ";
    default:
      return negated ? " < " : " >= ";
  }
}

bool is_integer_like(Type type) { return type != Type::text && type != Type::bytes && type != Type::real; }

}  // namespace

std::string prefix_end(std::string_view prefix) {
  std::string next(prefix);
  while (!next.empty() && next.back() == '\xff') next.pop_back();
  if (!next.empty()) ++next.back();
  return next;
}

std::string joined(std::span<const std::string> parts, std::string_view word) {
  if (parts.size() == 1) return parts.front();
  const std::size_t half = parts.size() / 2;
  return "(" + joined(parts.first(half), word) + std::string(word) + joined(parts.subspan(half), word) + ")";
}

Value operand(const Entity& entity, const Field& field, const Value& value) {
  if (!value.present() || value.type() == field.type) return value;
  const bool number = field.type == Type::integer || field.type == Type::id;
  if (number && (value.type() == Type::integer || value.type() == Type::id))
    return Value::of_bits(field.type, value.bits());
  if (field.type == Type::decimal && value.type() == Type::integer) return Value(Decimal(value.integer()));
  refuse(entity, field, "a condition compares this field with a value of another type",
         "the field holds " + std::string(name_of(field.type)) + " values");
}

std::string Compiler::column(FieldNumber field) {
  if (!layout_.has_column(entity_, field)) return nothing(entity_.fields[field].type);
  const std::size_t table = table_number(dialect_, field);
  if (joined_.size() <= table) joined_.resize(table + 1);
  joined_[table] = true;
  return "t" + std::to_string(table) + "." + quoted(entity_.fields[field].name);
}

std::string Compiler::nothing(Type type) const {
  return "CAST(NULL AS " + std::string(column_type(dialect_, type)) + ")";
}

std::string Compiler::parameter(const Value& value) {
  compiled_.parameters.push_back(value);
  return dialect_.parameter + std::to_string(compiled_.parameters.size());
}

std::string Compiler::keep(std::string text) {
  return parameter(Value(std::string_view(compiled_.packed.emplace_back(std::move(text)))));
}

std::string Compiler::condition(const Where& where, bool negated) {
  switch (where.kind) {
    case Where::Kind::always:
      return negated ? "0 = 1" : "1 = 1";
    case Where::Kind::compare:
      return comparison(where, negated);
    case Where::Kind::negate:
      return condition(where.children.front(), !negated);
    default:
      break;
  }
  const bool conjunction = (where.kind == Where::Kind::all) != negated;
  if (where.children.empty()) return conjunction ? "1 = 1" : "0 = 1";
  std::vector<std::string> parts;
  for (const Where& child : where.children) parts.push_back(condition(child, negated));
  return joined(parts, conjunction ? " AND " : " OR ");
}

std::string Compiler::comparison(const Where& where, bool negated) {
  if (&where == driving_) return "1 = 1";
  const Field& field = entity_.field(where.field);
  std::string name = column(field.number);
  if (where.op == Operator::missing || where.op == Operator::present)
    return name + ((where.op == Operator::missing) != negated ? " IS NULL" : " IS NOT NULL");
  if (where.op == Operator::among) {
    if (field.type != Type::id) refuse(entity_, field, "only an id can be among records", "see Where::among");
    return dialect_.among.empty() ? packed_set(name, id_set_of(where.values.front()), negated)
                                  : (negated ? "NOT " : "") + std::string(dialect_.among) + "(" + name + ", " +
                                        parameter(where.values.front()) + ")";
  }
  if (where.op == Operator::in) return membership(name, where, field, negated);
  if (where.values.size() != 1) refuse(entity_, field, "a condition needs one value", "see Where::compare");
  const bool unequal = where.op == Operator::not_equal;
  // Nothing compares with a missing value, so nothing is equal to it either.
  if (!where.values.front().present()) return unequal != negated ? "1 = 1" : "0 = 1";
  const Value value = operand(entity_, field, where.values.front());
  const bool by_bytes = is_foreign(value);
  if (by_bytes) name = "convert_to(" + name + ", 'UTF8')";
  if (where.op == Operator::equal || unequal) {
    if (unequal == negated) return name + " = " + parameter(value);
    return "(" + name + " IS NULL OR " + name + " <> " + parameter(value) + ")";
  }
  if (where.op != Operator::starts_with && where.op != Operator::contains)
    return ordering(name, sign_of(where.op, negated), where, field, negated);
  if (field.type != Type::text) refuse(entity_, field, "only texts can be searched", "use an ordering comparison");
  if (where.op == Operator::starts_with) return prefix(name, value.text(), negated);
  const std::string found =
      (by_bytes ? "\"position\"" : std::string(dialect_.find_text)) + "(" + name + ", " + parameter(value) + ")";
  return negated ? "(" + name + " IS NULL OR " + found + " = 0)" : found + " > 0";
}

std::string Compiler::ordering(const std::string& column, std::string_view sign, const Where& where, const Field& field,
                               bool negated) {
  const std::string test = column + std::string(sign) + parameter(operand(entity_, field, where.values.front()));
  return negated ? "(" + column + " IS NULL OR " + test + ")" : test;
}

std::string Compiler::membership(const std::string& column, const Where& where, const Field& field, bool negated) {
  const std::vector<Value> values = operands(where, field);
  if (values.empty()) return negated ? "1 = 1" : "0 = 1";
  return in_list(column, values, field.type, negated);
}

// Those that a row can hold.
std::vector<Value> Compiler::operands(const Where& where, const Field& field) const {
  std::vector<Value> values;
  for (const Value& value : where.values)
    if (const Value operand = sql::operand(entity_, field, value); value.present() && !is_foreign(operand))
      values.push_back(operand);
  return values;
}

std::string Compiler::in_list(const std::string& column, std::span<const Value> values, Type type, bool negated) {
  std::string test = column;
  if (values.size() > most_single_values && (is_integer_like(type) || type == Type::text)) {
    const ListWords& words = negated ? dialect_.not_in : dialect_.in;
    test += words.open;
    test += keep(dialect_.pack(values));
    test += type == Type::text ? words.close_texts : words.close;
  } else {
    test += negated ? " NOT IN " : " IN ";
    for (std::size_t i = 0; i < values.size(); ++i) test += (i == 0 ? "(" : ", ") + parameter(values[i]);
    test += ")";
  }
  return negated ? "(" + column + " IS NULL OR " + test + ")" : test;
}

// Few ids are looked up, many are asked for one by one: by their bits.
std::string Compiler::packed_set(const std::string& column, const IdSet& ids, bool negated) {
  constexpr std::size_t most_listed = 1000;
  if (ids.size() <= most_listed) {
    std::vector<Value> values;
    ids.each([&](Id id) { values.emplace_back(id); });
    if (values.empty()) return negated ? "1 = 1" : "0 = 1";
    return in_list(column, values, Type::id, negated);
  }
  std::string bits;
  ids.each([&](Id id) {
    const auto bit = static_cast<std::size_t>(id.value);
    if (bits.size() <= bit / 8) bits.resize(bit / 8 + 1);
    bits[bit / 8] = static_cast<char>(bits[bit / 8] | 1 << bit % 8);
  });
  const std::string set = keep(std::move(bits)) + "::bytea";
  return std::string(negated ? "NOT " : "") + "CASE WHEN " + column + " > 0 AND " + column + " < 8::bigint * length(" +
         set + ") THEN get_bit(" + set + ", " + column + ") = 1 ELSE false END";
}

bool Compiler::is_foreign(const Value& value) const {
  return dialect_.texts_are_utf8 && value.present() && value.type() == Type::text && !is_utf8(value.text());
}

std::string Compiler::prefix(const std::string& column, std::string_view text, bool negated) {
  const bool by_code_point = dialect_.texts_are_utf8 && is_utf8(text);
  const std::string end = by_code_point ? prefix_end_by_code_point(text) : prefix_end(text);
  std::string test = column + (negated ? " < " : " >= ") + parameter(Value(text));
  if (!end.empty()) test += (negated ? " OR " : " AND ") + column + (negated ? " >= " : " < ") + keep(end);
  return negated ? "(" + column + " IS NULL OR " + test + ")" : "(" + test + ")";
}

std::string Compiler::filter(const Where& where, bool with_deleted) {
  if (dialect_.trusts_statistics) drive_by_key(where);
  std::string text = condition(where);
  if (!with_deleted) text += " AND " + column(system_field::deleted_at) + " IS NULL";
  return text;
}

std::string Compiler::from() const {
  if (!layout_.has_table(entity_, 0))
    return " FROM (SELECT " + nothing(Type::id) + " AS \"id\", " + nothing(Type::integer) + " AS \"version\", " +
           nothing(Type::instant) + " AS \"deleted_at\") AS t0 WHERE 0 = 1 AND ";
  std::string text = " FROM " + (driving_ ? driven_table_ : quoted(table_name(entity_, 0))) + " AS t0";
  for (std::size_t table = 1; table < joined_.size(); ++table) {
    if (!joined_[table]) continue;
    const std::string alias = "t" + std::to_string(table);
    text +=
        " LEFT JOIN " + quoted(table_name(entity_, table)) + " AS " + alias + " ON " + alias + ".\"id\" = t0.\"id\"";
  }
  return text + " WHERE ";
}

Compiled Compiler::finish(std::string text) {
  compiled_.text = std::move(text);
  return std::move(compiled_);
}

}  // namespace emptor::sql
