// From understood columns to plans of records.
#include <algorithm>
#include <cmath>
#include <set>

#include "core/sort_stably.hpp"
#include "desk/record_plan.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

// Records come after those that they refer to; tables are read in the same order.
constexpr std::string_view dependency[] = {"team",          "territory", "user",        "product", "customer",
                                           "contact_point", "campaign",  "survey",      "order",   "order_line",
                                           "payment",       "return",    "opportunity", "case"};

std::size_t rank_of(std::string_view entity) {
  const auto found = std::find(std::begin(dependency), std::end(dependency), entity);
  return static_cast<std::size_t>(found - std::begin(dependency));
}

// A column that is a way to reach the row's customer; in a table of contact points it is a field like others.
bool is_channel(const TableUnderstanding& table, const ColumnTarget& target) {
  return target.entity == "contact_point" && table.kind != "contact_point";
}

CellKind kind_of(Type type) {
  switch (type) {
    case Type::decimal:
    case Type::real:
      return CellKind::decimal;
    case Type::integer:
      return CellKind::integer;
    case Type::boolean:
      return CellKind::boolean;
    case Type::date:
      return CellKind::date;
    case Type::instant:
      return CellKind::instant;
    default:
      return CellKind::text;
  }
}

Type guessed_type(const ColumnProfile& column) {
  const ColumnGuess& guess = column.guess;
  if (guess.seen() == 0 || guess.leading_zeros()) return Type::text;
  if (column.numeric()) return guess.integer() && !column.whole_with_point ? Type::integer : Type::decimal;
  if (const auto date = guess.date()) return date->has_time ? Type::instant : Type::date;
  return guess.boolean() ? Type::boolean : Type::text;
}

// Beyond these a value is an outlier: the median and 20 times the scaled spread, on the scale of logarithms.
void set_bounds(CellPlan& cell, const TableUnderstanding& table) {
  std::vector<double> logs;
  const Sample& sample = table.profile.sample;
  for (std::size_t row = 0; row < sample.rows(); ++row) {
    const auto value = read_number(sample.cell(row, cell.column), cell.number);
    if (value && value->to_double() != 0) logs.push_back(std::log(std::abs(value->to_double())));
  }
  if (logs.size() < 100) return;
  const auto median = [](std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  };
  const double center = median(logs);
  for (double& value : logs) value = std::abs(value - center);
  const double spread = std::max(median(logs) * 1.4826, .25);
  const double highest = std::exp(center + 6 * spread) * 1e6;
  if (highest < 9e18) {
    cell.highest = static_cast<std::int64_t>(highest);
    cell.lowest = -cell.highest;
  }
}

class Planner {
 public:
  Planner(std::vector<TableUnderstanding>& tables, const Schema& schema) : tables_(tables), schema_(schema) {}

  ImportPlan run() {
    totals_without_lines();
    declare_customs();
    std::vector<TableUnderstanding*> order;
    for (TableUnderstanding& table : tables_)
      if (!table.kind.empty() && table.kind != lookup_kind) order.push_back(&table);
    sort_stably(order, [](const auto* a, const auto* b) { return rank_of(a->kind) < rank_of(b->kind); });
    plan_.tables.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) plan_table(plan_.tables[i], *order[i]);
    for (TablePlan& table : plan_.tables) find_masters(table);
    for (TablePlan& table : plan_.tables) mark_references(table);
    return std::move(plan_);
  }

 private:
  // Totals of orders are the sales themselves where no file has lines: one line an order.
  void totals_without_lines() {
    const bool lines = std::any_of(tables_.begin(), tables_.end(),
                                   [](const TableUnderstanding& table) { return table.kind == "order_line"; });
    for (TableUnderstanding& table : tables_) {
      if (table.kind != "order") continue;
      for (ColumnTarget& target : table.targets) {
        if (!target.is("order", "total")) continue;
        if (lines) {
          target = {target.column, "order", custom_field_name(table.profile.columns[target.column].name),
                    "kept as a custom field; the amounts come from the lines"};
          target.custom = true;
        } else {
          table.kind = "order_line";
          target.entity = "order_line";
          target.field = "amount";
          target.note = "no file has lines: the order is kept with one line";
        }
      }
    }
  }

  void declare_customs() {
    std::map<std::pair<std::string, std::string>, std::size_t> declared;
    for (TableUnderstanding& table : tables_) {
      for (ColumnTarget& target : table.targets) {
        if (target.is("order_line", "profit")) declare(declared, "order_line", "x_profit", Type::decimal, "profit");
        if (!target.custom || target.entity.empty()) continue;
        const ColumnProfile& column = table.profile.columns[target.column];
        const Type type = target.through.empty() ? guessed_type(column) : Type::text;
        declare(declared, target.entity, target.field, type, column.name);
      }
    }
  }

  void declare(std::map<std::pair<std::string, std::string>, std::size_t>& declared, const std::string& entity,
               const std::string& field, Type type, const std::string& doc) {
    if (schema_.entity(entity).find(field) != nullptr) return;
    const auto [at, is_new] = declared.emplace(std::pair(entity, field), plan_.customs.size());
    if (is_new)
      plan_.customs.push_back({entity, field, type, entity == "customer" ? field_flag::personal : 0, doc});
    else if (plan_.customs[at->second].type != type)
      plan_.customs[at->second].type = wider(plan_.customs[at->second].type, type);
  }

  static Type wider(Type a, Type b) {
    const bool numbers = (a == Type::integer || a == Type::decimal) && (b == Type::integer || b == Type::decimal);
    return numbers ? Type::decimal : Type::text;
  }

  Type type_of(const std::string& entity, const std::string& field) const {
    if (const Field* known = schema_.entity(entity).find(field)) return known->type;
    for (const CustomField& custom : plan_.customs)
      if (custom.entity == entity && custom.name == field) return custom.type;
    return Type::text;
  }

  CellPlan cell(const TableUnderstanding& table, const ColumnTarget& target, const std::string& field) {
    CellPlan cell;
    cell.column = target.column;
    cell.field = field;
    const ColumnProfile& column = table.profile.columns[target.column];
    cell.kind = kind_of(type_of(target.entity, field));
    cell.number = column.guess.likely_number().value_or(NumberFormat{});
    cell.date = column.guess.likely_date().value_or(DateFormat{});
    cell.single_precision = column.single_precision;
    if (const Field* known = schema_.entity(target.entity).find(field)) cell.choices = known->choices;
    if (target.entity == "customer" && field == "kind") cell.kind = CellKind::party;
    if (!target.through.empty()) cell.names = names_through(target.through);
    return cell;
  }

  std::shared_ptr<const NameTable> names_through(const std::vector<std::size_t>& chain) {
    auto& known = chains_[chain];
    if (known) return known;
    TableUnderstanding& first = tables_[chain.front()];
    NameTable names;
    if (chain.size() == 1) {
      names = read_names(first, first.name_column);
    } else {
      const std::vector<std::size_t> rest(chain.begin() + 1, chain.end());
      const auto further = names_through(rest);
      for (auto& [key, onward] : read_names(first, onward_column(first, tables_[rest.front()])))
        if (const auto found = further->find(onward); found != further->end()) names.emplace(key, found->second);
    }
    return known = std::make_shared<const NameTable>(std::move(names));
  }

  static std::size_t onward_column(const TableUnderstanding& from, const TableUnderstanding& to) {
    for (std::size_t i = 0; i < from.profile.columns.size(); ++i) {
      const std::string_view attribute = from.readings[i].attribute;
      const bool same = fold(from.profile.columns[i].name) == fold(to.profile.columns[to.key_column].name) ||
                        (attribute.ends_with("_id") && attribute == to.readings[to.key_column].attribute);
      if (i != from.key_column && same) return i;
    }
    return from.key_column;
  }

  std::size_t memory(std::size_t pool, const std::string& field, bool link = false) {
    PoolPlan& plan = plan_.pools[pool];
    const auto found = std::find(plan.fields.begin(), plan.fields.end(), field);
    if (found != plan.fields.end()) return static_cast<std::size_t>(found - plan.fields.begin());
    plan.fields.push_back(field);
    plan.links.push_back(link);
    return plan.fields.size() - 1;
  }

  void plan_table(TablePlan& plan, TableUnderstanding& table) {
    plan.table = &table;
    std::set<std::string> entities;
    for (const ColumnTarget& target : table.targets)
      if (!target.entity.empty() && !is_channel(table, target)) entities.insert(target.entity);
    entities.insert(table.kind == "order_line" ? "order" : table.kind);
    std::vector<std::string> sorted(entities.begin(), entities.end());
    sort_stably(sorted, [](const auto& a, const auto& b) { return rank_of(a) < rank_of(b); });
    for (const std::string& entity : sorted)
      if (entity != "order_line") add_record(plan, entity);
    for (const ColumnTarget& target : table.targets)
      if (is_channel(table, target)) add_contact_point(plan, target);
    sort_stably(plan.records,
                [](const RecordPlan& a, const RecordPlan& b) { return rank_of(a.entity) < rank_of(b.entity); });
    for (std::size_t i = 0; i < plan.records.size(); ++i) link(plan, i);
    for (std::size_t i = 0; i < plan.records.size(); ++i)
      if (plan.records[i].own) plan.own = i;
    if (table.kind == "order_line") plan_line(plan);
  }

  void add_record(TablePlan& plan, const std::string& entity) {
    const TableUnderstanding& table = *plan.table;
    RecordPlan record;
    record.entity = entity;
    record.pool = plan_.pool_of(entity);
    record.own = entity == table.kind;
    if (entity == "team") {
      add_teams(plan);
      return;
    }
    for (const ColumnTarget& target : table.targets) {
      if (target.entity != entity) continue;
      if (target.field == key_field) {
        record.key.push_back(target.column);
        record.strip_point = record.strip_point || table.profile.columns[target.column].whole_with_point;
        const std::string_view number = record.own || !has_master(entity) ? number_field(table, target) : "";
        if (!number.empty()) add_cell(record, table, target, std::string(number));
      } else if (schema_.entity(entity).find(target.field) != nullptr &&
                 schema_.entity(entity).find(target.field)->type == Type::id) {
        record.selves.push_back({target.column, target.field, memory(record.pool, target.field, true)});
      } else {
        add_special_or_cell(record, table, target);
      }
    }
    const bool nameless = record.key.empty() && !record.own && entity != "order";
    if (nameless) return;  // nothing to know it by
    const Field* name = schema_.entity(entity).find("name");
    if (name != nullptr && name->has(field_flag::required)) {
      record.required_name = "name";
      memory(record.pool, "name");
    }
    plan.records.push_back(std::move(record));
  }

  bool has_master(const std::string& entity) const {
    return std::any_of(tables_.begin(), tables_.end(), [&](const TableUnderstanding& t) { return t.kind == entity; });
  }

  // The key of a document is its number, that of a product its article number; a name is neither.
  static std::string_view number_field(const TableUnderstanding& table, const ColumnTarget& key) {
    const std::string_view attribute = table.readings[key.column].attribute;
    if (attribute != "id" && attribute != "sku" && attribute != "self") return {};
    if (key.entity == "product")
      return attribute != "self" && table.target("product", "sku") == nullptr ? "sku" : std::string_view();
    const bool document = key.entity == "order" || key.entity == "opportunity";
    return document && table.target(key.entity, "number") == nullptr ? "number" : std::string_view();
  }

  void add_cell(RecordPlan& record, const TableUnderstanding& table, const ColumnTarget& target,
                const std::string& field) {
    ColumnTarget own = target;
    own.entity = record.entity;
    CellPlan made = cell(table, own, field);
    made.memory = memory(record.pool, field);
    record.cells.push_back(std::move(made));
  }

  void add_special_or_cell(RecordPlan& record, const TableUnderstanding& table, const ColumnTarget& target) {
    const std::string& field = target.field;
    if (field == "ordered_at.time" || field == "manager_name") return;
    if (field == "discontinued") {
      add_cell(record, table, target, "active");
      record.cells.back().kind = CellKind::opposite;
    } else if (field == "birth_year") {
      add_cell(record, table, target, "birth_date");
      record.cells.back().kind = CellKind::birth_year;
    } else if (record.entity == "user" && (field == "given_name" || field == "family_name")) {
      if (field == "given_name" || table.target("user", "given_name") == nullptr) add_name(record, table);
    } else {
      add_cell(record, table, target, field);
      if (record.entity == "customer" &&
          (field == "given_name" || (field == "family_name" && table.target("customer", "given_name") == nullptr)))
        if (table.target("customer", "name") == nullptr) add_name(record, table);
      if (field == "stage" && record.entity == "opportunity") add_outcome(record, table, target);
      if (field == "ordered_at")
        if (const ColumnTarget* time = table.target("order", "ordered_at.time"))
          record.cells.back().second = time->column;
      if (field == "amount") set_bounds(record.cells.back(), table);
    }
  }

  void add_name(RecordPlan& record, const TableUnderstanding& table) {
    const ColumnTarget* given = table.target(record.entity, "given_name");
    const ColumnTarget* family = table.target(record.entity, "family_name");
    add_cell(record, table, given != nullptr ? *given : *family, "name");
    record.cells.back().kind = CellKind::name;
    if (given != nullptr && family != nullptr) record.cells.back().second = family->column;
  }

  void add_outcome(RecordPlan& record, const TableUnderstanding& table, const ColumnTarget& stage) {
    add_cell(record, table, stage, "outcome");
    record.cells.back().kind = CellKind::outcome;
  }

  // The office is a team, and so are those who report to one manager there.
  void add_teams(TablePlan& plan) {
    const TableUnderstanding& table = *plan.table;
    const ColumnTarget* office = table.target("team", key_field);
    const ColumnTarget* manager = table.target("team", "manager_name");
    RecordPlan record;
    record.entity = "team";
    record.pool = plan_.pool_of("team");
    record.required_name = "name";
    memory(record.pool, "name");
    if (office != nullptr) {
      RecordPlan offices = record;
      offices.key = {office->column};
      offices.own = table.kind == "team";
      const ColumnTarget* name = table.target("team", "name");
      add_cell(offices, table, name != nullptr ? *name : *office, "name");
      plan.records.push_back(std::move(offices));
    }
    if (manager == nullptr) return;
    record.key = {manager->column};
    record.key_prefix = "manager:";
    add_cell(record, table, *manager, "name");
    add_cell(record, table, *manager, "manager_name");
    if (office != nullptr) {
      record.key.push_back(office->column);
      add_cell(record, table, *office, "region");
      record.links.push_back({"parent_id", plan.records.size() - 1, memory(record.pool, "parent_id", true)});
    }
    plan.records.push_back(std::move(record));
  }

  void add_contact_point(TablePlan& plan, const ColumnTarget& target) {
    const auto customer = std::find_if(plan.records.begin(), plan.records.end(),
                                       [](const RecordPlan& record) { return record.entity == "customer"; });
    if (customer == plan.records.end()) return;
    RecordPlan record;
    record.entity = "contact_point";
    record.pool = plan_.pool_of("contact_point");
    record.key = {target.column};
    record.key_prefix = target.field + ":";
    record.constant_field = "channel";
    record.constant = target.field;
    record.of_record = static_cast<std::size_t>(customer - plan.records.begin());
    ColumnTarget value = target;
    value.field = "value";
    add_cell(record, *plan.table, value, "value");
    plan.records.push_back(std::move(record));
  }

  // Reference fields of a record to the other records of its row.
  void link(TablePlan& plan, std::size_t at) {
    RecordPlan& record = plan.records[at];
    if (record.entity == "contact_point" && !record.own)
      for (std::size_t i = 0; i < at; ++i)
        if (plan.records[i].entity == "customer") record.of_record = i;
    // A row of sales says of whom the order is, not who looks after the customer.
    const bool document = record.entity == "order" && plan.table->kind == "order_line";
    if (!record.own && !document && record.entity != "contact_point") return;
    const Entity& entity = schema_.entity(record.entity);
    for (std::size_t other = 0; other < at; ++other) {
      const RecordPlan& target = plan.records[other];
      if (target.entity == record.entity) continue;
      if (target.entity == "team" && other + 1 < at && plan.records[other + 1].entity == "team") continue;
      for (const Field& field : entity.fields) {
        const bool fits = field.type == Type::id && field.reference == target.entity && field.name != "origin_id" &&
                          field.number >= system_field::count && !field.name.starts_with("related");
        if (!fits) continue;
        record.links.push_back({field.name, other, memory(record.pool, field.name, true)});
        break;
      }
    }
  }

  void plan_line(TablePlan& plan) {
    TableUnderstanding& table = *plan.table;
    LinePlan line;
    for (std::size_t i = 0; i < plan.records.size(); ++i) {
      if (plan.records[i].entity == "order") line.order = i;
      if (plan.records[i].entity == "customer") line.customer = i;
      if (plan.records[i].entity == "product") line.product = i;
    }
    line.numbered = !plan.records[line.order].key.empty();
    for (const ColumnTarget& target : table.targets) {
      if (target.entity.empty()) line.ignored.push_back(target.column);
      if (target.entity == "order_line") take_line_column(line, table, target);
    }
    if (line.discount) line.discount_style = style_of(*line.discount, table);
    if (line.numbered) line.credit_prefixes = credit_prefixes(plan, line);
    plan.line = std::move(line);
  }

  void take_line_column(LinePlan& line, const TableUnderstanding& table, const ColumnTarget& target) {
    const std::string& field = target.field;
    if (field == key_field) return;
    const std::string_view plain = field == "cost.unit" ? "cost"
                                   : field == "profit"  ? "amount"
                                                        : std::string_view(field);
    CellPlan made = cell(table, target, std::string(plain));
    if (field == "quantity" || field == "price" || field == "amount") set_bounds(made, table);
    if (field == "quantity")
      line.quantity = made;
    else if (field == "price")
      line.price = made;
    else if (field == "amount")
      line.amount = made;
    else if (field == "discount")
      line.discount = made;
    else if (field == "cost")
      line.cost = made;
    else if (field == "cost.unit")
      line.unit_cost = made;
    else if (field == "profit")
      line.profit = made;
    else if (field == "currency")
      line.currency = made;
    else if (field == "description")
      line.description = made;
    else
      line.customs.push_back(made);
  }

  // Shares lie in 0 to 1, percents go up to 100, and money does not stay within the price.
  static DiscountStyle style_of(const CellPlan& discount, const TableUnderstanding& table) {
    const Sample& sample = table.profile.sample;
    double highest = 0;
    bool marked = false;
    for (std::size_t row = 0; row < sample.rows(); ++row) {
      const std::string_view text = sample.cell(row, discount.column);
      marked = marked || text.find('%') != std::string_view::npos;
      if (const auto value = read_number(text, discount.number))
        highest = std::max(highest, std::abs(value->to_double()));
    }
    if (marked || highest <= 1) return DiscountStyle::share;
    return highest <= 100 && table.profile.columns[discount.column].distinct <= 101 ? DiscountStyle::percent
                                                                                    : DiscountStyle::money;
  }

  // Letters before the number that only documents with negative lines have: credit notes.
  static std::vector<std::string> credit_prefixes(const TablePlan& plan, const LinePlan& line) {
    struct Count {
      std::size_t rows = 0, negative = 0;
    };
    std::map<std::string, Count> prefixes;
    const Sample& sample = plan.table->profile.sample;
    const CellPlan* amount = line.amount ? &*line.amount : line.quantity ? &*line.quantity : nullptr;
    if (amount == nullptr) return {};
    for (std::size_t row = 0; row < sample.rows(); ++row) {
      const std::string_view number = sample.cell(row, plan.records[line.order].key.front());
      const std::size_t digits = number.find_first_of("0123456789");
      if (number.empty() || digits == std::string_view::npos || digits > 4) continue;
      Count& count = prefixes[std::string(number.substr(0, digits))];
      ++count.rows;
      count.negative += sample.cell(row, amount->column).starts_with('-');
    }
    std::vector<std::string> found;
    const auto most = std::max_element(prefixes.begin(), prefixes.end(),
                                       [](const auto& a, const auto& b) { return a.second.rows < b.second.rows; });
    for (const auto& [prefix, count] : prefixes)
      if (!prefix.empty() && prefix != most->first && count.rows >= 2 && count.negative * 100 >= count.rows * 99 &&
          most->second.negative * 2 < most->second.rows)
        found.push_back(prefix);
    return found;
  }

  void find_masters(const TablePlan& table) {
    for (const RecordPlan& record : table.records)
      if (record.own && !record.key.empty()) plan_.pools[record.pool].masters.push_back(&table);
  }

  void mark_references(TablePlan& table) {
    for (RecordPlan& record : table.records) {
      PoolPlan& pool = plan_.pools[record.pool];
      pool.referring.resize(pool.fields.size());
      // A way to reach a customer is given where it stands, also beside a table of such ways.
      record.refers =
          !record.own && !record.key.empty() && record.of_record == TableUnderstanding::npos && !pool.masters.empty();
      if (!record.refers) continue;
      for (const CellPlan& cell : record.cells) pool.referring[cell.memory] = true;
      for (const LinkPlan& link : record.links) pool.referring[link.memory] = true;
    }
  }

  std::vector<TableUnderstanding>& tables_;
  const Schema& schema_;
  ImportPlan plan_;
  std::map<std::vector<std::size_t>, std::shared_ptr<const NameTable>> chains_;
};

}  // namespace

std::size_t ImportPlan::pool_of(const std::string& entity) {
  for (std::size_t i = 0; i < pools.size(); ++i)
    if (pools[i].entity == entity) return i;
  pools.push_back({entity, {}, {}, {}, {}});
  return pools.size() - 1;
}

NameTable read_names(TableUnderstanding& lookup, std::size_t column) {
  NameTable names;
  TableSource& source = *lookup.profile.source;
  source.rewind();
  TableRow row;
  while (source.next(row)) {
    const std::string_view key = clean(row.cells[lookup.key_column]), name = clean(row.cells[column]);
    if (!key.empty() && !name.empty()) names.emplace(key, name);
  }
  source.rewind();
  return names;
}

ImportPlan plan_import(std::vector<TableUnderstanding>& tables, const Schema& schema) {
  return Planner(tables, schema).run();
}

}  // namespace emptor::desk
