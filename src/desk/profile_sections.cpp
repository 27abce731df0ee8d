#include "desk/profile_sections.hpp"

#include <algorithm>
#include <charconv>

#include "emptor/core/error.hpp"

namespace emptor::desk {
namespace {

[[noreturn]] void refuse_continuation() {
  throw Error(Code::invalid, "this is not where a section of a profile ended",
              "pass on what ProfileSection::next gave, with its entity");
}

std::vector<OrderBy> order_of(const Entity& entity) {
  std::vector<OrderBy> order;
  if (entity.moment_field) order.push_back({entity.fields[*entity.moment_field].name, true});
  order.push_back({"id", true});
  return order;
}

// A day of the store's calendar counts as its midnight UTC, as everywhere where days meet instants.
Value bound(const Field& field, Instant at) {
  if (field.type == Type::instant) return Value(at);
  const std::int64_t days = at.micros / micros_per_day - (at.micros % micros_per_day < 0 ? 1 : 0);
  return Value(Date{static_cast<std::int32_t>(days)});
}

Where within(const Entity& entity, Id customer, const ProfileOptions& options) {
  std::vector<Where> all = {Where::equal(entity.fields[*entity.customer_field].name, customer)};
  if (!options.from && !options.until) return all.front();
  if (!entity.moment_field) return Where::any({});  // it happened at no time that is known
  const Field& moment = entity.fields[*entity.moment_field];
  if (options.from) all.push_back(Where::compare(moment.name, Operator::greater_equal, bound(moment, *options.from)));
  if (options.until) all.push_back(Where::compare(moment.name, Operator::less, bound(moment, *options.until)));
  return Where::all(std::move(all));
}

// "1709200800000000.17": the moment and id of the last record; "-" is no moment.
std::string continuation(const Entity& entity, const Record& last) {
  const Value moment = entity.moment_field ? last[*entity.moment_field] : Value();
  return (moment.present() ? std::to_string(moment.bits()) : "-") + "." + std::to_string(last.id().value);
}

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) refuse_continuation();
  return number;
}

ScanKey key_of(const Entity& entity, std::string_view text) {
  ScanKey key;
  if (text.empty()) return key;
  const std::size_t dot = text.find('.');
  if (dot == text.npos) refuse_continuation();
  const std::string_view moment = text.substr(0, dot);
  key.begun = true;
  key.id = Id{number_in(text.substr(dot + 1))};
  if (!entity.moment_field) {
    if (moment != "-") refuse_continuation();
    return key;
  }
  const Type type = entity.fields[*entity.moment_field].type;
  key.values.push_back(moment == "-" ? Value() : Value::of_bits(type, number_in(moment)));
  return key;
}

std::vector<Record> records_in(const View& view, const Entity& entity, const Batch& batch) {
  std::vector<Record> records;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    Record& record = records.emplace_back(view.schema_pointer(), entity.number);
    for (const Column& column : batch.columns) record.set(column.field, column.value(row));
  }
  return records;
}

ProfileSection read_section(const View& view, const Entity& entity, Id customer, const ProfileOptions& options) {
  ProfileSection section;
  section.entity = entity.name;
  Query query;
  query.entity = entity.name;
  query.where = within(entity, customer, options);
  query.order = order_of(entity);
  query.limit = options.page_size;
  section.total = view.count(entity.name, query.where);
  ScanKey key = key_of(entity, options.after);
  Batch batch;
  const bool more = view.scan(query, key, batch);
  section.records = records_in(view, entity, batch);
  if (more && !section.records.empty()) section.next = continuation(entity, section.records.back());
  return section;
}

}  // namespace

bool is_of_customer(const Entity& entity) { return entity.customer_field && entity.keeping == Keeping::journalled; }

std::vector<Record> newest(const View& view, const Entity& entity, Id customer, std::size_t limit, Where where) {
  Query query;
  query.entity = entity.name;
  query.where = Where::all({Where::equal(entity.fields[*entity.customer_field].name, customer), std::move(where)});
  query.order = order_of(entity);
  query.limit = limit;
  return view.select(query);
}

std::vector<ProfileSection> read_sections(const View& view, Id customer, const ProfileOptions& options) {
  std::vector<ProfileSection> sections;
  for (const Entity& entity : view.schema().entities()) {
    const bool named = std::ranges::find(options.entities, entity.name) != options.entities.end();
    if (!is_of_customer(entity) || (!options.entities.empty() && !named)) continue;
    ProfileSection section = read_section(view, entity, customer, options);
    if (named || section.total > 0) sections.push_back(std::move(section));
  }
  return sections;
}

}  // namespace emptor::desk
