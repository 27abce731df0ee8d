#include "insight/facts/customer_fields.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "insight/facts/each_row.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_kinds = 1'000;  // of a text that is a class and not a remark

enum class Use { none, number, kind };

Use use_of(const Field& field) {
  if (field.number < system_field::count || field.has(field_flag::personal) || field.has(field_flag::system) ||
      field.has(field_flag::unique) || !field.reference.empty())
    return Use::none;
  switch (field.type) {
    case Type::integer:
    case Type::decimal:
    case Type::real:
      return Use::number;
    case Type::boolean:
    case Type::text:
      return Use::kind;
    default:
      return Use::none;
  }
}

double number_of(const Value& value) {
  if (!value.present()) return std::numeric_limits<double>::quiet_NaN();
  if (value.type() == Type::real) return value.real();
  if (value.type() == Type::decimal) return value.decimal().to_double();
  return static_cast<double>(value.integer());
}

/// The kinds of one field as they come.
class KindColumn {
 public:
  KindColumn(std::string name, std::size_t rows) {
    out_.name = std::move(name);
    out_.of.assign(rows, PortraitKinds::none);
  }
  void add(std::size_t row, const Value& value) {
    if (!value.present()) return;
    const std::string text =
        value.type() == Type::boolean ? (value.boolean() ? "true" : "false") : std::string(value.text());
    const auto [found, fresh] = numbers_.try_emplace(text, static_cast<std::uint32_t>(out_.kinds.size()));
    if (fresh) out_.kinds.push_back(text);
    out_.of[row] = found->second;
  }
  /// Whether it is a class: something is there, and not as many values as remarks would have.
  bool is_class() const { return !out_.kinds.empty() && out_.kinds.size() <= most_kinds; }
  PortraitKinds take() { return std::move(out_); }

 private:
  PortraitKinds out_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace

PortraitColumns read_customer_fields(const View& view, std::span<const std::int64_t> customers) {
  Query query{.entity = "customer", .limit = 10'000};
  std::vector<Use> uses;
  PortraitColumns columns;
  std::vector<KindColumn> kinds;
  for (const Field& field : view.schema().entity("customer").fields) {
    const Use use = use_of(field);
    if (use == Use::none) continue;
    query.fields.push_back(field.name);
    uses.push_back(use);
    if (use == Use::kind)
      kinds.emplace_back(field.name, customers.size());
    else
      columns.numbers.push_back(
          {field.name, std::vector<double>(customers.size(), std::numeric_limits<double>::quiet_NaN())});
  }
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto at = std::lower_bound(customers.begin(), customers.end(), batch.ids[i].value);
    if (at == customers.end() || *at != batch.ids[i].value) return;
    const auto row = static_cast<std::size_t>(at - customers.begin());
    std::size_t number = 0, kind = 0;
    for (std::size_t column = 0; column < uses.size(); ++column) {
      const Value value = batch.columns[column].value(i);
      if (uses[column] == Use::kind)
        kinds[kind++].add(row, value);
      else
        columns.numbers[number++].values[row] = number_of(value);
    }
  });
  for (KindColumn& one : kinds)
    if (one.is_class()) columns.kinds.push_back(one.take());
  return columns;
}

}  // namespace emptor
