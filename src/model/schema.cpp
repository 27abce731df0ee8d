#include "emptor/model/schema.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "core/sort_stably.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

constexpr std::size_t longest_custom_name = 60;
constexpr std::size_t hint_distance = 3;
constexpr std::string_view custom_prefix = "x_";

Problem problem(Code code, std::string message, std::string_view entity, std::string_view field) {
  Problem result;
  result.code = code;
  result.message = std::move(message);
  result.entity = entity;
  result.field = field;
  return result;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t bar = std::min(text.find('|'), text.size());
    parts.push_back(text.substr(0, bar));
    text.remove_prefix(std::min(bar + 1, text.size()));
  }
  return parts;
}

Field system_field_of(FieldNumber number, std::string_view name, Type type, std::string_view doc) {
  Field field;
  field.name = name;
  field.doc = doc;
  field.type = type;
  field.flags = field_flag::system;
  field.number = number;
  return field;
}

/// The entity with its system fields only.
Entity bare(const EntityDescription& described) {
  Entity entity;
  entity.name = described.name;
  entity.doc = described.doc;
  entity.number = described.number;
  entity.keeping = described.keeping;
  entity.fields = {
      system_field_of(system_field::id, "id", Type::id, "the record's number, stable for ever"),
      system_field_of(system_field::version, "version", Type::integer, "journal position of the last change"),
      system_field_of(system_field::deleted_at, "deleted_at", Type::instant, "when the record was deleted"),
  };
  return entity;
}

void describe(Field& field, const FieldDescription& described) {
  field.doc = described.doc;
  field.flags = described.options.flags | (field.flags & field_flag::sealed);  // the store's own choice
  field.reference = described.options.reference;
  for (const std::string_view choice : split(described.options.choices)) field.choices.emplace_back(choice);
}

Field field_of(const CatalogField& row) {
  Field field;
  field.name = row.name;
  field.doc = row.doc;
  field.type = row.type;
  field.flags = row.flags;
  field.number = row.number;
  return field;
}

CatalogField row_of(EntityNumber entity, const Field& field) {
  const std::string doc = field.has(field_flag::custom) ? field.doc : std::string();
  return {entity, field.number, field.name, field.type, field.flags, doc};
}

/// Takes in the catalogue's fields of this entity, which come in the order of their numbers.
void number_known(Entity& entity, std::span<const CatalogField> rows) {
  for (const CatalogField& row : rows) {
    if (row.number != entity.fields.size()) {
      throw Error(problem(Code::corrupt, "the catalogue numbers two fields alike or leaves a number out", entity.name,
                          row.name));
    }
    entity.fields.push_back(field_of(row));
  }
}

void index_names(Entity& entity) {
  for (const Field& field : entity.fields) {
    if (entity.by_name.emplace(field.name, field.number).second) continue;
    throw Error(problem(Code::corrupt, "the catalogue holds a field twice", entity.name, field.name));
  }
}

/// A field that the program no longer describes stays readable, but no new record has to have it.
void retire(Field& field) {
  field.flags &= ~(field_flag::required | field_flag::unique | field_flag::owner | field_flag::moment |
                   field_flag::responsible | field_flag::searched);
}

void retire_undescribed(Entity& entity, std::span<const FieldDescription> described) {
  for (std::size_t at = system_field::count; at < entity.fields.size(); ++at) {
    Field& field = entity.fields[at];
    const bool known = std::any_of(described.begin(), described.end(),
                                   [&](const FieldDescription& each) { return each.name == field.name; });
    if (!known && !field.has(field_flag::custom)) retire(field);
  }
}

Field& number_new(Entity& entity, const FieldDescription& described, std::vector<CatalogField>& added) {
  if (entity.fields.size() > std::numeric_limits<FieldNumber>::max()) {
    throw Error(problem(Code::unsupported, "an entity has too many fields", entity.name, described.name));
  }
  Field field;
  field.name = described.name;
  field.type = described.type;
  field.number = static_cast<FieldNumber>(entity.fields.size());
  describe(field, described);
  added.push_back(row_of(entity.number, field));
  entity.by_name.emplace(field.name, field.number);
  return entity.fields.emplace_back(std::move(field));
}

void describe_fields(Entity& entity, std::span<const FieldDescription> described, std::vector<CatalogField>& added) {
  for (const FieldDescription& each : described) {
    const auto known = entity.by_name.find(each.name);
    if (known == entity.by_name.end()) {
      number_new(entity, each, added);
      continue;
    }
    Field& field = entity.fields[known->second];
    if (field.number < system_field::count) {
      throw Error(problem(Code::internal, "a described field has the name of a system field", entity.name, field.name));
    }
    if (field.type != each.type) {
      const std::string was(name_of(field.type));
      throw Error(problem(Code::unsupported, "this field is kept as " + was + " and described as another type",
                          entity.name, field.name));
    }
    describe(field, each);
  }
}

void add_index(Entity& entity, Index index) {
  const auto same = [&](const Index& each) { return each.fields == index.fields; };
  if (std::none_of(entity.indexes.begin(), entity.indexes.end(), same)) entity.indexes.push_back(std::move(index));
}

Index key_of(const Entity& entity, std::string_view key) {
  Index index;
  index.unique = true;
  for (const std::string_view name : split(key)) index.fields.push_back(entity.field(name).number);
  return index;
}

/// Unique ones first: those of single fields, the compound keys, then the others, each in the order of
/// numbers.
void derive_indexes(Entity& entity, const EntityDescription& described) {
  for (const Field& field : entity.fields) {
    if (field.has(field_flag::unique)) add_index(entity, {{field.number}, true});
    if (field.has(field_flag::owner)) entity.customer_field = field.number;
    if (field.has(field_flag::moment)) entity.moment_field = field.number;
    if (field.has(field_flag::responsible)) entity.responsible_field = field.number;
    if (field.has(field_flag::sealed))
      entity.sealed_fields.push_back(field.number);
    else if (field.has(field_flag::searched))
      entity.searched_fields.push_back(field.number);
  }
  std::ranges::sort(entity.searched_fields, {}, [&](FieldNumber number) { return entity.fields[number].name; });
  for (const std::string_view key : described.keys) add_index(entity, key_of(entity, key));
  if (described.finds_deleted) add_index(entity, {{system_field::deleted_at}, false});
  for (const Field& field : entity.fields) {
    if (!field.has(field_flag::indexed)) continue;
    if (field.has(field_flag::owner) && entity.moment_field)
      add_index(entity, {{field.number, *entity.moment_field}, false, true});
    else
      add_index(entity, {{field.number}, false});
  }
}

std::vector<CatalogField> in_order(std::span<const CatalogField> catalog) {
  std::vector<CatalogField> rows(catalog.begin(), catalog.end());
  sort_stably(rows, [](const CatalogField& a, const CatalogField& b) {
    return std::tie(a.entity, a.number) < std::tie(b.entity, b.number);
  });
  return rows;
}

std::span<const CatalogField> rows_of(const std::vector<CatalogField>& catalog, EntityNumber entity) {
  const auto before = [](const CatalogField& row, EntityNumber number) { return row.entity < number; };
  const auto first = std::lower_bound(catalog.begin(), catalog.end(), entity, before);
  const auto last = std::find_if(first, catalog.end(), [&](const CatalogField& row) { return row.entity != entity; });
  return {first, last};
}

Entity build(const EntityDescription& described, std::span<const CatalogField> rows, std::vector<CatalogField>& added) {
  Entity entity = bare(described);
  number_known(entity, rows);
  index_names(entity);
  retire_undescribed(entity, described.fields);
  describe_fields(entity, described.fields, added);
  derive_indexes(entity, described);
  return entity;
}

/// "did you mean ...?" for a name that nothing has; empty where nothing is near.
template <class Named>
std::string nearest_name(std::string_view name, const std::vector<Named>& known) {
  std::size_t best = hint_distance + 1;
  std::string_view nearest;
  for (const Named& each : known) {
    const std::size_t distance = edit_distance(name, each.name, best - 1);
    if (distance >= best || distance >= each.name.size()) continue;
    best = distance;
    nearest = each.name;
  }
  return nearest.empty() ? std::string() : "did you mean " + std::string(nearest) + "?";
}

bool is_name(std::string_view name) {
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  if (name.empty() || name.size() > longest_custom_name || !small(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return small(c) || (c >= '0' && c <= '9') || c == '_'; });
}

void check_custom(const CustomField& field, const Entity& entity) {
  const auto refuse = [&](std::string message) {
    throw Error(problem(Code::invalid, std::move(message), entity.name, field.name));
  };
  if (!is_name(field.name))
    refuse("the name of a field is small letters, digits and _, begins with a letter and has at most 60");
  if (entity.keeping != Keeping::journalled)
    refuse("an entity that the library keeps for itself takes no custom fields");
  if (static_cast<std::uint8_t>(field.type) > static_cast<std::uint8_t>(Type::bytes)) refuse("there is no such type");
  if ((field.flags & ~(field_flag::indexed | field_flag::personal)) != 0) {
    refuse("a custom field may be indexed and personal, and nothing else");
  }
  if (entity.fields.size() > std::numeric_limits<FieldNumber>::max()) refuse("the entity has too many fields");
}

}  // namespace

const Field* Entity::find(std::string_view name) const noexcept {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : &fields[found->second];
}

const Field& Entity::field(std::string_view wanted) const {
  if (const Field* const found = find(wanted)) return *found;
  Problem unknown = problem(Code::not_found, "there is no such field", name, truncate(wanted, 80));
  unknown.hint = nearest_name(wanted, fields);
  throw Error(std::move(unknown));
}

Schema::Schema(std::span<const EntityDescription> described, std::span<const CatalogField> catalog,
               std::uint64_t version)
    : version_(version) {
  const std::vector<CatalogField> rows = in_order(catalog);
  entities_.reserve(described.size());
  for (const EntityDescription& each : described) {
    entities_.push_back(build(each, rows_of(rows, each.number), added_));
    const Entity& entity = entities_.back();
    seals_ = seals_ || !entity.sealed_fields.empty();
    const bool new_name = by_name_.emplace(entity.name, entities_.size() - 1).second;
    const bool new_number = by_number_.emplace(entity.number, entities_.size() - 1).second;
    if (!new_name || !new_number) throw Error(problem(Code::internal, "an entity is described twice", entity.name, {}));
  }
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(undescribed_),
               [this](const CatalogField& row) { return find(row.entity) == nullptr; });
}

const Entity* Schema::find(std::string_view name) const noexcept {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &entities_[found->second];
}

const Entity* Schema::find(EntityNumber number) const noexcept {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : &entities_[found->second];
}

const Entity& Schema::entity(std::string_view name) const {
  if (const Entity* const found = find(name)) return *found;
  Problem unknown = problem(Code::not_found, "there is no such entity", truncate(name, 80), {});
  unknown.hint = nearest_name(name, entities_);
  throw Error(std::move(unknown));
}

const Entity& Schema::entity(EntityNumber number) const {
  if (const Entity* const found = find(number)) return *found;
  throw Error(Code::not_found, "there is no entity of number " + std::to_string(number));
}

std::vector<CatalogField> Schema::catalog() const {
  std::vector<CatalogField> rows = undescribed_;
  for (const Entity& entity : entities_) {
    for (std::size_t at = system_field::count; at < entity.fields.size(); ++at) {
      rows.push_back(row_of(entity.number, entity.fields[at]));
    }
  }
  return in_order(rows);
}

CatalogField Schema::custom(const CustomField& field) const {
  const Entity* const entity = find(field.entity);
  if (!entity) {
    throw Error(
        problem(Code::invalid, "there is no such entity", truncate(field.entity, 80), truncate(field.name, 80)));
  }
  check_custom(field, *entity);
  const std::string name = field.name.starts_with(custom_prefix) ? field.name : std::string(custom_prefix) + field.name;
  if (entity->find(name))
    throw Error(problem(Code::duplicate, "the entity has this field already", entity->name, name));
  return {entity->number,
          static_cast<FieldNumber>(entity->fields.size()),
          name,
          field.type,
          field.flags | field_flag::custom,
          field.doc};
}

}  // namespace emptor
