#include "insight/outcome/answer_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include "insight/facts/each_row.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_words = 1'000;  // of a text; more are remarks
constexpr std::size_t few_words = 20;      // that may all differ
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// Who a customer is, not what: of no use for others.
constexpr std::string_view names_of_one[] = {"name",  "name_key",  "given_name", "family_name",
                                             "notes", "next_step", "number"};
// Of an opportunity what is known while it is open; stage and days say how it ended.
constexpr std::string_view open_fields[] = {"product_id", "owner_id", "campaign_id", "territory_id",
                                            "source",     "quantity", "amount"};

bool is_attribute(const Field& field) {
  if (field.number < system_field::count || !field.reference.empty()) return false;
  if (field.has(field_flag::system) || field.has(field_flag::unique)) return false;
  return std::find(std::begin(names_of_one), std::end(names_of_one), field.name) == std::end(names_of_one);
}

bool is_open_field(const Field& field) {
  return field.has(field_flag::custom) ||
         std::find(std::begin(open_fields), std::end(open_fields), field.name) != std::end(open_fields);
}

bool is_number(Type type) { return type != Type::text && type != Type::boolean && type != Type::id; }

double number_of(const Value& value) {
  switch (value.type()) {
    case Type::real:
      return value.real();
    case Type::decimal:
      return value.decimal().to_double();
    case Type::date:
      return value.date().days;
    case Type::instant:
      return std::floor(static_cast<double>(value.instant().micros) / static_cast<double>(micros_per_day));
    default:
      return static_cast<double>(value.integer());
  }
}

/// The names of the records that a field refers to, each read once.
class ReferredNames {
 public:
  ReferredNames(const View& view, std::string entity) : view_(view), entity_(std::move(entity)) {}
  std::string of(Id id) {
    const auto [found, fresh] = names_.try_emplace(id.value);
    if (!fresh) return found->second;
    const std::optional<Record> record = view_.get(entity_, id);
    if (record && view_.schema().entity(entity_).find("name") != nullptr) found->second = record->get("name").text();
    if (found->second.empty()) found->second = entity_ + " " + std::to_string(id.value);
    return found->second;
  }

 private:
  const View& view_;
  std::string entity_;
  std::map<std::int64_t, std::string> names_;
};

/// A column as its cells come; words get their codes, ascending by bytes, at the end.
class ColumnReader {
 public:
  ColumnReader(const View& view, const Field& field) : referred_(view, field.reference) {
    out_.title = field.has(field_flag::custom) && !field.doc.empty() ? field.doc : field.name;
    out_.type = field.type;
    out_.cells.name = field.name;
  }
  void add(const Value& value) {
    const bool number = is_number(out_.type);
    filled_ += value.present() ? 1U : 0U;
    if (number) return out_.cells.numbers.push_back(value.present() ? number_of(value) : nothing);
    out_.cells.codes.push_back(value.present() && !out_.remarks ? code_of(word_of(value)) : -1);
    if (met_.size() <= most_words) return;
    out_.remarks = true;
    met_.clear();
    std::fill(out_.cells.codes.begin(), out_.cells.codes.end(), -1);
  }
  /// Whether anything stood there.
  bool tells() const noexcept { return filled_ > 0; }
  AnswerColumn take() {
    std::vector<std::int32_t> place(met_.size());
    for (const auto& [word, code] : met_) {
      place[static_cast<std::size_t>(code)] = static_cast<std::int32_t>(out_.cells.words.size());
      out_.cells.words.push_back(word);
    }
    for (std::int32_t& code : out_.cells.codes)
      if (code >= 0) code = place[static_cast<std::size_t>(code)];
    const std::size_t words = out_.cells.words.size();
    out_.remarks = out_.remarks || (words > few_words && 2 * words > filled_);
    return std::move(out_);
  }

 private:
  std::string word_of(const Value& value) {
    if (value.type() == Type::boolean) return value.boolean() ? "yes" : "no";
    return value.type() == Type::id ? referred_.of(value.id()) : std::string(value.text());
  }

  std::int32_t code_of(std::string word) {
    const auto next = static_cast<std::int32_t>(met_.size());
    return word.empty() ? -1 : met_.try_emplace(std::move(word), next).first->second;
  }

  AnswerColumn out_;
  ReferredNames referred_;
  std::map<std::string, std::int32_t> met_;
  std::size_t filled_ = 0;
};

template <class Wanted>
AnswerTable read_table(const View& view, const char* entity, const Wanted& wanted) {
  AnswerTable table{.entity = entity};
  const bool opportunities = table.entity == "opportunity";
  Query query{.entity = entity, .fields = {"version", opportunities ? "customer_id" : "id"}, .limit = 10'000};
  std::vector<ColumnReader> readers;
  for (const Field& field : view.schema().entity(entity).fields) {
    if (!wanted(field)) continue;
    query.fields.push_back(field.name);
    readers.emplace_back(view, field);
  }
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    table.data_version = std::max(table.data_version, batch.columns[0].bits[i]);
    table.id.push_back(batch.ids[i].value);
    const Column& owner = batch.columns[1];
    table.customer.push_back(opportunities ? (owner.valid[i] ? owner.bits[i] : 0) : batch.ids[i].value);
    for (std::size_t c = 0; c < readers.size(); ++c) readers[c].add(batch.columns[c + 2].value(i));
  });
  for (ColumnReader& reader : readers)
    if (reader.tells()) table.columns.push_back(reader.take());
  return table;
}

/// A customer's cells at the place of each row; nothing for rows without a customer.
AnswerColumn placed(AnswerColumn column, const std::vector<std::size_t>& place) {
  AnswerColumn out = column;
  out.title = "customer " + column.title;
  out.cells.name = "customer." + column.cells.name;
  out.cells.numbers.clear();
  out.cells.codes.clear();
  for (const std::size_t at : place) {
    const bool known = at != std::numeric_limits<std::size_t>::max();
    if (column.cells.is_number())
      out.cells.numbers.push_back(known ? column.cells.numbers[at] : nothing);
    else
      out.cells.codes.push_back(known ? column.cells.codes[at] : -1);
  }
  return out;
}

std::string plain_number(double number) {
  std::array<char, 32> buffer{};
  const bool whole = number == std::trunc(number) && std::abs(number) < 1e15;
  const auto end = whole ? std::to_chars(buffer.begin(), buffer.end(), number, std::chars_format::fixed, 0)
                         : std::to_chars(buffer.begin(), buffer.end(), number, std::chars_format::general, 4);
  return {buffer.data(), end.ptr};
}

}  // namespace

const AnswerColumn* AnswerTable::find(std::string_view name) const noexcept {
  const AnswerColumn* titled = nullptr;
  for (const AnswerColumn& column : columns) {
    if (column.cells.name == name) return &column;
    if (column.title == name) titled = titled == nullptr ? &column : titled;
  }
  return titled;
}

AnswerTable read_customer_answers(const View& view) { return read_table(view, "customer", is_attribute); }

AnswerTable read_opportunity_answers(const View& view) {
  AnswerTable table = read_table(view, "opportunity",
                                 [](const Field& field) { return field.name == "outcome" || is_open_field(field); });
  AnswerTable customers = read_customer_answers(view);
  table.data_version = std::max(table.data_version, customers.data_version);
  std::vector<std::size_t> place;
  for (const std::int64_t customer : table.customer) {
    const auto at = std::lower_bound(customers.id.begin(), customers.id.end(), customer);
    const bool known = at != customers.id.end() && *at == customer;
    place.push_back(known ? static_cast<std::size_t>(at - customers.id.begin())
                          : std::numeric_limits<std::size_t>::max());
  }
  for (AnswerColumn& column : customers.columns) table.columns.push_back(placed(std::move(column), place));
  return table;
}

AnswerTable rows_of(AnswerTable table, const std::vector<std::int64_t>& customers) {
  std::vector<std::size_t> kept;
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (std::binary_search(customers.begin(), customers.end(), table.customer[row])) kept.push_back(row);
  const auto keep = [&](auto& all) {
    if (all.empty()) return;
    for (std::size_t i = 0; i < kept.size(); ++i) all[i] = all[kept[i]];
    all.resize(kept.size());
  };
  keep(table.id);
  keep(table.customer);
  for (AnswerColumn& column : table.columns) {
    keep(column.cells.numbers);
    keep(column.cells.codes);
  }
  return table;
}

std::string cell_text(const AnswerColumn& column, std::size_t row) {
  if (!column.cells.is_number()) {
    const std::int32_t code = column.cells.codes[row];
    return code < 0 ? std::string() : column.cells.words[static_cast<std::size_t>(code)];
  }
  const double number = column.cells.numbers[row];
  if (std::isnan(number)) return {};
  if (column.type != Type::date && column.type != Type::instant) return plain_number(number);
  return to_string(Date{static_cast<std::int32_t>(number)});
}

}  // namespace emptor
