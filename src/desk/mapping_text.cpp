#include "desk/mapping_text.hpp"

#include <algorithm>
#include <array>

#include "core/sort_stably.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

struct MappingLine {
  std::string_view column;  // with the file's name before it
  std::string_view entity, field, note;
};

constexpr std::array<std::string_view, 18> special = {
    "contact_point.phone",   "contact_point.mobile", "contact_point.email",   "contact_point.fax",
    "contact_point.address", "contact_point.web",    "order.ordered_at.time", "order.total",
    "order_line.cost.unit",  "order_line.profit",    "product.discontinued",  "customer.birth_year",
    "user.given_name",       "user.family_name",     "team.manager_name",     "team.name",
    "territory.name",        "order_line.amount"};

class MappingReader {
 public:
  MappingReader(std::vector<TableUnderstanding>& tables, const Schema& schema) : tables_(tables), schema_(schema) {}

  void read(std::string_view text) {
    std::int64_t number = 0;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++number;
      if (const std::string_view line = trim(text.substr(0, end)); !line.empty() && line.front() != '#')
        take(line, number);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!problems_.empty()) throw Error(std::move(problems_));
  }

 private:
  void fail(std::int64_t line, std::string message, std::string hint) {
    problems_.push_back({Code::invalid, std::move(message), "", "", line, std::move(hint)});
  }

  static std::optional<MappingLine> split(std::string_view line) {
    const std::size_t arrow = line.rfind(" -> ");
    if (arrow == std::string_view::npos) return std::nullopt;
    MappingLine found;
    found.column = trim(line.substr(0, arrow));
    std::string_view place = trim(line.substr(arrow + 4));
    if (const std::size_t bracket = place.find('['); bracket != std::string_view::npos) {
      found.note = trim(place.substr(bracket + 1, place.rfind(']') - bracket - 1));
      place = trim(place.substr(0, bracket));
    }
    if (place == "-") return found;
    const std::size_t point = place.find('.');
    if (point == std::string_view::npos) return std::nullopt;
    found.entity = place.substr(0, point);
    found.field = place.substr(point + 1);
    return found;
  }

  void take(std::string_view text, std::int64_t number) {
    const std::optional<MappingLine> line = split(text);
    if (!line)
      return fail(number, "this line of the mapping is not understood", "write it as: file.column -> entity.field");
    if (!line->entity.empty() && !known(*line))
      return fail(number, "the mapping names a field that does not exist",
                  "docs/entities.md lists entities and fields; new ones start with x_");
    bool found = false;
    for (TableUnderstanding& table : tables_) found |= set(table, *line);
    if (!found) fail(number, "the mapping names a column that no file has", "a dry run lists the columns");
  }

  bool known(const MappingLine& line) const {
    const Entity* entity = schema_.find(line.entity);
    if (entity == nullptr) return false;
    const std::string whole = std::string(line.entity) + "." + std::string(line.field);
    return line.field == key_field || line.field.starts_with("x_") || entity->find(line.field) != nullptr ||
           std::find(special.begin(), special.end(), whole) != special.end();
  }

  bool set(TableUnderstanding& table, const MappingLine& line) {
    std::string_view column = line.column;
    if (column.starts_with("*."))
      column.remove_prefix(2);
    else if (column.starts_with(table.profile.name) && column.size() > table.profile.name.size() &&
             column[table.profile.name.size()] == '.')
      column.remove_prefix(table.profile.name.size() + 1);
    else
      return false;
    for (std::size_t i = 0; i < table.profile.columns.size(); ++i)
      if (table.profile.columns[i].name == column) return place(table, i, line);
    return false;
  }

  bool place(TableUnderstanding& table, std::size_t column, const MappingLine& line) {
    const auto same = [&](const ColumnTarget& target) {
      return target.column == column && target.is(line.entity, line.field);
    };
    if (std::any_of(table.targets.begin(), table.targets.end(), same)) return true;  // as it was guessed
    if (std::find(touched_.begin(), touched_.end(), std::pair(&table, column)) == touched_.end()) {
      std::erase_if(table.targets, [&](const ColumnTarget& target) { return target.column == column; });
      touched_.emplace_back(&table, column);
    }
    if (!line.entity.empty())
      std::erase_if(table.targets, [&](const ColumnTarget& target) { return target.is(line.entity, line.field); });
    ColumnTarget target{column, std::string(line.entity), std::string(line.field), std::string(line.note)};
    target.custom = line.field.starts_with("x_");
    table.targets.push_back(std::move(target));
    if (table.kind.empty() || table.kind == lookup_kind) table.kind = line.entity;
    return true;
  }

  std::vector<TableUnderstanding>& tables_;
  const Schema& schema_;
  std::vector<Problem> problems_;
  std::vector<std::pair<TableUnderstanding*, std::size_t>> touched_;
};

// The entity that depends on all others of a row is what the row is.
std::string finest(const TableUnderstanding& table) {
  static constexpr std::string_view order[] = {"order_line", "return",  "payment", "opportunity", "order",
                                               "customer",   "product", "user",    "territory",   "team"};
  for (const std::string_view entity : order)
    for (const ColumnTarget& target : table.targets)
      if (target.entity == entity) return std::string(entity);
  return table.kind;
}

}  // namespace

void apply_mapping(std::string_view text, std::vector<TableUnderstanding>& tables, const Schema& schema) {
  if (trim(text).empty()) return;
  const auto was = [&] {
    std::vector<std::string> kinds;
    for (const TableUnderstanding& table : tables) kinds.push_back(table.kind);
    return kinds;
  }();
  MappingReader(tables, schema).read(text);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const bool holds_own = std::any_of(tables[i].targets.begin(), tables[i].targets.end(),
                                       [&](const ColumnTarget& t) { return t.entity == tables[i].kind; });
    if (was[i].empty() || was[i] == lookup_kind || (!holds_own && !tables[i].kind.empty()))
      tables[i].kind = finest(tables[i]);
  }
}

std::vector<ColumnMapping> list_mapping(std::span<const TableUnderstanding> tables) {
  std::vector<ColumnMapping> list;
  for (const TableUnderstanding& table : tables) {
    if (table.kind.empty() || table.kind == lookup_kind) continue;
    std::vector<const ColumnTarget*> targets;
    for (const ColumnTarget& target : table.targets) targets.push_back(&target);
    sort_stably(targets, [](const ColumnTarget* a, const ColumnTarget* b) { return a->column < b->column; });
    for (const ColumnTarget* target : targets)
      list.push_back({table.profile.name, table.profile.columns[target->column].name, target->entity, target->field,
                      target->note});
  }
  return list;
}

}  // namespace emptor::desk
