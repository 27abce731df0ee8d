// What one row of each table is, from the table's name, its columns' names and their values.
#include <algorithm>

#include "desk/understanding.hpp"
#include "emptor/core/text.hpp"
#include "model/answer_names.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t npos = TableUnderstanding::npos;

// Attributes that only people and organisations have.
constexpr std::string_view personal_attributes[] = {"given",  "family",  "gender",    "birth",      "birth_year",
                                                    "age",    "marital", "education", "occupation", "income",
                                                    "postal", "phone",   "mobile",    "email",      "segment"};
constexpr std::string_view behaviour_attributes[] = {"recency", "frequency", "monetary"};

class Kind {
 public:
  Kind(const TableUnderstanding& table, const Schema& schema) : table_(table), schema_(schema) {}

  std::string tell() const {
    if (table_.subject == "calendar" || table_.subject == "dictionary") return {};
    if (table_.profile.rows == 0) return {};
    if (std::string named = schema_entity(); !named.empty()) return named;
    if (is_opportunity()) return "opportunity";
    if (is_return()) return "return";
    if (is_payment()) return "payment";
    if (is_line()) return "order_line";
    if (is_order()) return "order";
    if (is_product()) return "product";
    if (is_user()) return "user";
    if (is_customer()) return "customer";
    if (is_territory()) return "territory";
    return {};
  }

 private:
  bool has(std::string_view subject, std::string_view attribute) const {
    return table_.column_of(subject, attribute) != npos;
  }
  bool names(std::string_view subject) const {
    return has(subject, "id") || has(subject, "self") || has(subject, "name");
  }
  // A column of this subject whose values are keys of this table.
  bool keyed_by(std::string_view subject) const {
    for (std::size_t i = 0; i < table_.readings.size(); ++i) {
      const Reading& reading = table_.readings[i];
      // "employees" with numbers counts them.
      const bool counts = subject == "staff" && reading.attribute == "self" && table_.profile.columns[i].numeric();
      const bool names_it = reading.attribute == "id" || reading.attribute == "self" || reading.attribute == "name";
      if (reading.subject == subject && names_it && !counts && table_.profile.columns[i].key_like()) return true;
    }
    return false;
  }
  bool own_key() const {
    const std::size_t at = table_.column_of("", "id");
    return at != npos && table_.profile.columns[at].key_like();
  }
  bool numeric(std::string_view attribute) const {
    const std::size_t at = table_.column_of("*", attribute);
    return at != npos && table_.profile.columns[at].mostly_numeric();
  }
  bool has_money() const { return numeric("amount") || numeric("price") || numeric("revenue"); }
  bool has_date() const {
    for (std::size_t i = 0; i < table_.readings.size(); ++i) {
      const Reading& reading = table_.readings[i];
      const bool of_sale = reading.subject.empty() || reading.subject == "order" || reading.subject == "line";
      if (of_sale &&
          (reading.attribute == "date" || reading.attribute == "time" ||
           (reading.attribute == "opened" && reading.subject == "order")) &&
          table_.profile.columns[i].dated())
        return true;
    }
    return false;
  }
  bool has_buyer() const { return names("customer") || names("person"); }
  // A column named like an id that repeats: somebody or something of which the rows tell several times.
  bool has_repeated_id() const {
    for (std::size_t i = 0; i < table_.readings.size(); ++i) {
      const ColumnProfile& column = table_.profile.columns[i];
      const bool id = (table_.readings[i].subject.empty() && table_.readings[i].attribute == "id") ||
                      (!table_.readings[i].known() && fold(column.name).ends_with("id"));
      if (id && column.filled > 0 && !column.unique()) return true;
    }
    return false;
  }
  int personal_columns() const {
    int count = 0;
    for (const std::string_view attribute : personal_attributes)
      count += has("", attribute) || has("customer", attribute) || has("person", attribute);
    for (std::size_t i = 0; i < table_.readings.size(); ++i)
      count += table_.readings[i].attribute == "category" && tells_gender(table_.profile.sample, i);
    return count;
  }
  int behaviour_columns() const {
    return static_cast<int>(std::count_if(std::begin(behaviour_attributes), std::end(behaviour_attributes),
                                          [&](std::string_view attribute) { return has("", attribute); }));
  }

  // The table is named like an entity and most of its columns like that entity's fields.
  std::string schema_entity() const {
    const std::size_t hash = table_.profile.name.rfind('#');
    std::string stem = hash == std::string::npos ? table_.profile.name.substr(0, table_.profile.name.find('.'))
                                                 : table_.profile.name.substr(hash + 1);
    stem = fold(stem);
    for (const Entity& entity : schema_.entities()) {
      if (entity.keeping != Keeping::journalled || (stem != entity.name && stem != entity.name + "s")) continue;
      std::size_t known = 0;
      for (const ColumnProfile& column : table_.profile.columns)
        known += entity.find(column.name) != nullptr || column.name == key_field;
      if (known * 3 >= table_.profile.columns.size() * 2 && known > 1) return entity.name;
    }
    return {};
  }

  bool is_opportunity() const {
    if (has("opportunity", "id")) return true;
    if (table_.subject == "opportunity" && (has("*", "stage") || has_money())) return true;
    if (has("*", "status") && has_money() && names("customer") && names("staff") && !names("order") && !has_date())
      return true;
    return has("*", "stage") && has_money() && names("customer") && (names("staff") || has("*", "closed"));
  }
  bool is_return() const {
    if (table_.subject != "return" && !has("return", "date") && !has("return", "quantity")) return false;
    return names("order") || names("product") || has("*", "sku");
  }
  bool is_payment() const {
    return table_.subject == "payment" && numeric("amount") && (names("customer") || names("order"));
  }
  bool is_line() const {
    const bool product = names("product") || has("*", "sku");
    const bool counted = numeric("quantity") || has_money();
    const bool master =
        (table_.subject == "product" && keyed_by("product")) || (table_.subject == "customer" && keyed_by("customer"));
    if (master) return false;
    if (table_.subject == "line" && names("order") && counted) return true;
    if (product && counted && (names("order") || has_date())) return true;
    if (names("order") && !keyed_by("order") && counted) return true;
    if (names("order") && has_date() && numeric("quantity") && has_money()) return true;
    const bool buyer = (has_buyer() && !keyed_by("customer")) || has_repeated_id();
    return !names("order") && has_date() && has_money() && buyer;
  }
  bool is_order() const {
    if (!keyed_by("order") && !(table_.subject == "order" && own_key())) return false;
    return has_date() || has_buyer();
  }
  bool is_product() const {
    if (table_.subject == "product" && (keyed_by("product") || own_key())) return true;
    return keyed_by("product") && (table_.subject.empty() || has_money() || has("*", "category"));
  }
  bool is_user() const {
    // Who works for a customer, or looks after one, is told in files of customers too.
    if (table_.subject == "customer") return false;
    const bool people = names("staff") || names("manager");
    if (table_.subject == "staff" && (own_key() || keyed_by("staff"))) return true;
    if (keyed_by("staff") && table_.subject != "territory")
      return !names("territory") || table_.profile.columns.size() > 2;
    return people && keyed_by("manager") && !has_buyer();
  }
  bool is_customer() const {
    if (table_.subject == "supplier" || table_.subject == "carrier" || names("supplier")) return false;
    if (keyed_by("customer") || keyed_by("person")) return true;
    if (table_.subject == "customer" && (own_key() || personal_columns() > 0 || !names("customer")))
      return table_.profile.columns.size() > 2;
    const bool key = own_key() || has_own_id();
    if (key && (personal_columns() > 0 || behaviour_columns() >= 2)) return true;
    if (names("staff") || names("product") || names("team") || names("order")) return false;
    return personal_columns() >= 2 || tells_an_answer();
  }
  // A column that says what came of each row, of somebody whom no other column names: "churn" beside what is known of
  // them.
  bool tells_an_answer() const {
    constexpr std::size_t least_columns = 5;
    if (table_.profile.columns.size() < least_columns || has_buyer() || has_repeated_id()) return false;
    return std::any_of(table_.profile.columns.begin(), table_.profile.columns.end(), [](const ColumnProfile& column) {
      return column.distinct == 2 && answer_name(column.name) != AnswerName::none;
    });
  }
  bool has_own_id() const {
    for (std::size_t i = 0; i < table_.readings.size(); ++i) {
      const ColumnProfile& column = table_.profile.columns[i];
      if (!table_.readings[i].known() && column.unique() && fold(column.name).ends_with("id")) return true;
    }
    return false;
  }
  bool is_territory() const {
    return keyed_by("territory") && table_.profile.columns.size() > 1 && table_.subject != "region" &&
           !names("staff") && !names("team") && !has_buyer();
  }

  const TableUnderstanding& table_;
  const Schema& schema_;
};

// The column that other tables may refer to: the first whose values are all different and whose name speaks
// of an id.
std::size_t key_of(const TableUnderstanding& table) {
  for (std::size_t i = 0; i < table.profile.columns.size(); ++i) {
    const std::string name = fold(table.profile.columns[i].name);
    const std::string_view attribute = table.readings[i].attribute;
    const bool named = attribute == "id" || attribute.ends_with("_id") || name.ends_with("id") ||
                       name.ends_with("key") || name.ends_with("code");
    if (named && table.profile.columns[i].unique()) return i;
  }
  return npos;
}

std::size_t name_of_record(const TableUnderstanding& table) {
  std::size_t text = npos;
  for (std::size_t i = 0; i < table.profile.columns.size(); ++i) {
    const ColumnProfile& column = table.profile.columns[i];
    if (i == table.key_column || column.filled == 0) continue;
    const std::string_view attribute = table.readings[i].attribute;
    const bool named = attribute == "name" || attribute == "category" || attribute == "subcategory" ||
                       attribute == "company" || attribute == "title" || attribute == "description";
    if (named && !column.numeric()) return i;
    if (text == npos && !column.numeric() && !column.dated()) text = i;
  }
  return table.profile.columns.size() <= 4 ? text : npos;
}

// What lines refer to without our knowing its name is what is sold, if it has a name and a price.
void find_unnamed_products(std::vector<TableUnderstanding>& tables) {
  const auto same_key = [](const TableUnderstanding& other, const std::string& name) {
    return other.key_column != npos && fold(other.profile.columns[other.key_column].name) == fold(name);
  };
  for (TableUnderstanding& lines : tables) {
    if (lines.kind != "order_line") continue;
    const bool has_product = std::any_of(lines.readings.begin(), lines.readings.end(), [](const Reading& reading) {
      return reading.subject == "product" || reading.attribute == "sku";
    });
    for (std::size_t i = 0; !has_product && i < lines.readings.size(); ++i) {
      if (lines.readings[i].known()) continue;
      for (TableUnderstanding& other : tables) {
        if (&other == &lines || !other.kind.empty() || other.name_column == npos) continue;
        if (!same_key(other, lines.profile.columns[i].name) || other.column_of("*", "price") == npos) continue;
        other.kind = "product";
        other.readings[other.key_column] = lines.readings[i] = {"product", "id"};
      }
    }
  }
}

// A file of documents with their totals beside a file of their lines: the lines are the sales.
void tell_documents_from_lines(std::vector<TableUnderstanding>& tables) {
  const auto order_key = [](const TableUnderstanding& table) {
    const std::size_t id = table.column_of("order", "id");
    return id != npos ? id : table.column_of("order", "self");
  };
  for (TableUnderstanding& table : tables) {
    if (table.kind != "order_line" || order_key(table) == npos) continue;
    const bool product = table.column_of("product", "id") != npos || table.column_of("product", "self") != npos ||
                         table.column_of("product", "name") != npos || table.column_of("*", "sku") != npos;
    if (product || !table.profile.columns[order_key(table)].unique()) continue;
    const bool lines = std::any_of(tables.begin(), tables.end(), [&](const TableUnderstanding& other) {
      return &other != &table && other.kind == "order_line" && order_key(other) != npos &&
             !other.profile.columns[order_key(other)].unique();
    });
    if (lines) table.kind = "order";
  }
}

std::string reason_unread(const TableUnderstanding& table) {
  if (table.profile.rows == 0) return "it has no rows";
  if (table.subject == "dictionary") return "it describes other files";
  const bool dates_only = std::all_of(table.profile.columns.begin(), table.profile.columns.end(),
                                      [](const ColumnProfile& column) { return column.filled == 0 || column.dated(); });
  if (table.subject == "calendar" || dates_only) return "it is a calendar";
  return "no column tells of customers, products, sales or other records that are kept";
}

}  // namespace

void tell_kinds(std::vector<TableUnderstanding>& tables, const Schema& schema) {
  for (TableUnderstanding& table : tables) {
    table.subject = subject_of_table(table.profile.name);
    for (const ColumnProfile& column : table.profile.columns) table.readings.push_back(read_header(column.name));
  }
  for (TableUnderstanding& table : tables) {
    table.kind = Kind(table, schema).tell();
    table.key_column = key_of(table);
    table.name_column = name_of_record(table);
  }
  tell_documents_from_lines(tables);
  find_unnamed_products(tables);
  for (TableUnderstanding& table : tables) {
    if (!table.kind.empty()) continue;
    table.why_unread = reason_unread(table);
    const bool keyed = table.key_column != npos && table.name_column != npos;
    if (keyed && table.subject != "calendar" && table.subject != "dictionary") table.kind = lookup_kind;
  }
}

const ColumnTarget* TableUnderstanding::target(std::string_view entity, std::string_view field) const {
  for (const ColumnTarget& target : targets)
    if (target.is(entity, field)) return &target;
  return nullptr;
}

std::size_t TableUnderstanding::column_of(std::string_view wanted, std::string_view attribute) const {
  for (std::size_t i = 0; i < readings.size(); ++i)
    if (readings[i].attribute == attribute && (wanted == "*" || readings[i].subject == wanted)) return i;
  return npos;
}

bool TableUnderstanding::claimed(std::size_t column) const {
  return std::any_of(targets.begin(), targets.end(), [&](const ColumnTarget& t) { return t.column == column; });
}

bool tells_gender(const Sample& sample, std::size_t column) {
  static constexpr std::string_view words[] = {"male",      "female",   "m",     "f",       "w",        "d",
                                               "man",       "woman",    "other", "unknown", "mannlich", "weiblich",
                                               "masculino", "feminino", "男",    "女",      "diverse"};
  const auto values = sample.values(column, 8);
  return !values.empty() && std::all_of(values.begin(), values.end(), [](const auto& value) {
    return std::find(std::begin(words), std::end(words), fold(value.first)) != std::end(words);
  });
}

}  // namespace emptor::desk
