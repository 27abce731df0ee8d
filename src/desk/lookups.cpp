// Keys of small tables become the names that those tables give them: a product's ProductSubcategoryKey its
// subcategory, and through that its category.
#include <algorithm>

#include "desk/understanding.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t longest_chain = 4;

class Connector {
 public:
  Connector(std::vector<TableUnderstanding>& tables, const Schema& schema) : tables_(tables), schema_(schema) {}

  void run() {
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      TableUnderstanding& table = tables_[t];
      if (table.kind.empty() || table.kind == lookup_kind) continue;
      const std::vector<ColumnTarget> before = table.targets;
      for (const ColumnTarget& target : before)
        if (target.custom) connect(table, target.column, t);
    }
  }

 private:
  // The look-up whose key this column of another table holds.
  std::size_t lookup_of(const TableUnderstanding& table, std::size_t column, std::size_t own) const {
    const std::string name = fold(table.profile.columns[column].name);
    const std::string_view attribute = table.readings[column].attribute;
    for (std::size_t l = 0; l < tables_.size(); ++l) {
      const TableUnderstanding& other = tables_[l];
      if (l == own || other.kind != lookup_kind) continue;
      const bool same_name = fold(other.profile.columns[other.key_column].name) == name;
      const bool same_meaning = (attribute == "category_id" || attribute == "subcategory_id") &&
                                other.readings[other.key_column].attribute == attribute;
      if (same_name || same_meaning) return l;
    }
    return TableUnderstanding::npos;
  }

  std::string field_for(const TableUnderstanding& table, const std::string& entity, const TableUnderstanding& lookup,
                        std::size_t column, const TableUnderstanding& from) const {
    const std::string_view attribute = from.readings[column].attribute;
    const std::string_view named = lookup.readings[lookup.name_column].attribute;
    for (const std::string_view field : {"subcategory", "category"}) {
      const bool means = attribute == std::string(field) + "_id" || named == field;
      if (entity == "product" && means && table.target("product", field) == nullptr) return std::string(field);
    }
    std::string name = custom_field_name(from.profile.columns[column].name);
    for (const std::string_view ending : {"_id", "_key", "_code", "_no"})
      if (name.size() > ending.size() + 2 && name.ends_with(ending)) name.erase(name.size() - ending.size());
    return name;
  }

  void connect(TableUnderstanding& table, std::size_t column, std::size_t own) {
    std::vector<std::size_t> chain;
    const TableUnderstanding* from = &table;
    std::size_t at = column, from_index = own;
    const auto first = std::find_if(table.targets.begin(), table.targets.end(),
                                    [&](const ColumnTarget& t) { return t.column == column && t.custom; });
    const std::string entity = first->entity;
    while (chain.size() < longest_chain) {
      const std::size_t found = lookup_of(*from, at, from_index);
      if (found == TableUnderstanding::npos || std::find(chain.begin(), chain.end(), found) != chain.end()) return;
      TableUnderstanding& lookup = tables_[found];
      chain.push_back(found);
      lookup.used_as_lookup = true;
      ColumnTarget target{column, entity, field_for(table, entity, lookup, at, *from),
                          "the name that " + lookup.profile.name + " gives the key", chain};
      // By its name, not by whether the store has it yet: the same files are told in the same words again.
      target.custom = target.field.starts_with("x_") || schema_.find(entity)->find(target.field) == nullptr;
      if (chain.size() == 1)
        *std::find_if(table.targets.begin(), table.targets.end(),
                      [&](const ColumnTarget& t) { return t.column == column && t.custom; }) = target;
      else if (table.target(entity, target.field) == nullptr)
        table.targets.push_back(target);
      const std::size_t onward = next_key(lookup, found);
      if (onward == TableUnderstanding::npos) return;
      from = &lookup;
      from_index = found;
      at = onward;
    }
  }

  // A column of a look-up that is itself the key of another.
  std::size_t next_key(const TableUnderstanding& lookup, std::size_t index) const {
    for (std::size_t i = 0; i < lookup.profile.columns.size(); ++i)
      if (i != lookup.key_column && i != lookup.name_column && lookup_of(lookup, i, index) != TableUnderstanding::npos)
        return i;
    return TableUnderstanding::npos;
  }

  std::vector<TableUnderstanding>& tables_;
  const Schema& schema_;
};

}  // namespace

void connect_lookups(std::vector<TableUnderstanding>& tables, const Schema& schema) { Connector(tables, schema).run(); }

void understand_tables(std::vector<TableUnderstanding>& tables, const Schema& schema) {
  tell_kinds(tables, schema);
  for (TableUnderstanding& table : tables) aim_columns(table, schema, tables);
  connect_lookups(tables, schema);
}

}  // namespace emptor::desk
