#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "emptor/session/session.hpp"
#include "session/batch_row.hpp"
#include "session/derive.hpp"
#include "session/journal_base.hpp"
#include "session/read_log.hpp"
#include "session/rights/customer_order.hpp"
#include "session/rights/guard.hpp"
#include "session/segments/book.hpp"
#include "session/subject_keys.hpp"

namespace emptor {
View::View(std::unique_ptr<Reader> reader, RightsPtr rights, Action purpose)
    : reader_(std::move(reader)),
      schema_(reader_->schema()),
      info_(reader_->info()),
      rights_(std::move(rights)),
      purpose_(purpose) {
  if (!rights_) return;
  info_.position = rights_->token_of(info_.position);
  info_.head = {};
}

JournalBase View::journal_base() const {
  JournalBase base = emptor::journal_base(*reader_);
  if (!rights_) return base;
  base.head = {rights_->token_of(base.head.position), {}};
  return base;
}

View View::partial(std::unique_ptr<Reader> reader, RightsPtr rights, Action purpose) {
  View view(std::move(reader), {}, purpose);
  view.partial_ = true;
  view.of_reader_ = std::move(rights);
  return view;
}

ViewPurpose::ViewPurpose(const View& view, Action action, std::string_view entity)
    : view_(view), before_(view.purpose_) {
  const Rights* rights = view.partial_ ? view.of_reader_.get() : view.rights_.get();
  require_some(rights, view.schema().entity(entity), action);
  if (rights != nullptr && view.partial_ && view.purpose_ != action)
    throw Error(Code::misuse, "a view of the past was not made for this purpose", "open the Purpose before the view");
  view.purpose_ = action;
}

ViewPurpose::~ViewPurpose() { view_.purpose_ = before_; }

View::View(View&&) noexcept = default;
View& View::operator=(View&&) noexcept = default;
View::~View() = default;

const StoreInfo& View::info() const { return info_; }
std::string View::setting(std::string_view name) const {
  const bool counts_all =
      name == salt_setting || name == seal_setting || name.starts_with(segments::generation_setting);
  const bool kept_back = self_service() || (restricted() && counts_all);
  return kept_back ? std::string() : reader_->setting(name);
}

bool View::self_service() const noexcept { return rights_ && rights_->customer(); }

void View::require_journal() const {
  if (self_service()) throw Error(Code::denied, "the journal is not on a customer's own page", "read the records");
}

// The one place where what an actor may see meets what is asked.
Where View::visible(const Entity& entity, Where asked) const {
  if (!rights_) return asked;
  std::vector<Where> parts{rights_->scope(entity, Action::read)};
  if (purpose_ != Action::read) parts.push_back(rights_->scope(entity, purpose_));
  parts.push_back(guarded(*rights_, entity, std::move(asked)));
  return Where::all(std::move(parts));
}

Query View::visible(const Query& query) const {
  const Entity& entity = schema_->entity(query.entity);
  for (const OrderBy& order : query.order) require_open(*rights_, entity, order.field);
  Query restricted = query;
  restricted.where = visible(entity, query.where);
  return restricted;
}

// Derived records that a large import left behind are computed for this snapshot, so they are true
// whenever they are read.
Reader& View::reader_of(const Entity& entity) const {
  if (entity.keeping != Keeping::derived) return *reader_;
  if (!derived_behind_) derived_behind_ = derivations_behind(*reader_);
  if (!*derived_behind_) return *reader_;
  if (!derived_) {
    derived_ = derived_anew(*reader_);
    derived_reader_ = derived_->read();
  }
  return *derived_reader_;
}

void View::mask(const Entity& entity, Batch& batch) const {
  for (const FieldRule& rule : rights_->field_rules(entity))
    for (Column& column : batch.columns)
      if (column.field == rule.field) mask(entity, rule, batch, column);
  for (Column& column : batch.columns)
    if (column.field == system_field::version)
      for (std::int64_t& version : column.bits) version = rights_->token_of(version);
}

// What a field holds is shown, masked or hidden record by record, by the whole row.
void View::mask(const Entity& entity, const FieldRule& rule, Batch& batch, Column& column) const {
  if (rule.open.kind == Where::Kind::always) return;
  Batch whole;
  reader_of(entity).get(entity, batch.ids, whole);
  Column shown;
  shown.field = column.field;
  shown.type = column.type;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const std::vector<Value> values = row_of(whole, row);
    const bool open = rights_->holds(entity, rule, Rights::Part::open, values);
    const bool partly = !open && rights_->holds(entity, rule, Rights::Part::masked, values);
    const std::string text = open ? "" : masked_text(column.value(row), partly);
    shown.append(open ? column.value(row) : text.empty() ? Value() : Value(text));
  }
  column = std::move(shown);
}

void View::note(const Record& told) const { log_->note(told.entity(), told.row(), purpose_); }

void View::note(const Entity& entity, const Batch& told) const {
  if (tells_of_customers(entity)) log_->note(reader_of(entity), entity, told, purpose_);
}

// The record as it is, if the actor may see it at all.
std::optional<Record> View::seen(const Entity& entity, Id id) const {
  Batch batch;
  reader_of(entity).get(entity, std::span(&id, 1), batch);
  if (!batch.ids[0]) return std::nullopt;
  Record record(schema_, entity.number, row_of(batch, 0));
  const auto allowed = [&](Action action) { return rights_->allows(entity, action, record.row()); };
  if (rights_ && !(allowed(Action::read) && allowed(purpose_))) return std::nullopt;
  return record;
}

// What is kept back of a record is decided by what it is today, for each of its versions.
Record View::masked(const Record& today, Record version) const {
  if (!rights_) return version;
  const Entity& entity = today.entity();
  for (const FieldRule& rule : rights_->field_rules(entity)) {
    if (rights_->holds(entity, rule, Rights::Part::open, today.row())) continue;
    const bool partly = rights_->holds(entity, rule, Rights::Part::masked, today.row());
    const std::string text = masked_text(version[rule.field], partly);
    version.set(rule.field, text.empty() ? Value() : Value(text));
  }
  version.set(system_field::version, Value(rights_->token_of(version.version())));
  return version;
}

std::optional<Record> View::get(std::string_view entity_name, Id id, bool with_deleted) const {
  std::optional<Record> record = seen(schema_->entity(entity_name), id);
  if (!record || (!with_deleted && record->deleted())) return std::nullopt;
  if (log_) note(*record);
  if (rights_) record = masked(*record, *record);
  return record;
}

std::optional<Record> View::find(std::string_view entity, std::string_view system, std::string_view external_id) const {
  Query query;
  query.entity = Identity::entity_name;
  query.where =
      identities_told(entity, Where::all({Where::equal("entity", entity), Where::equal("system", system),
                                          Where::equal("external_id", external_id), Where::present("record_id")}));
  query.fields = {"record_id"};
  query.limit = 1;
  ScanKey key;
  Batch batch;
  reader_->scan(query, key, batch);
  if (batch.rows() == 0) return std::nullopt;
  return get(entity, Id{batch.columns[0].bits[0]});
}

// A list of identities has those of customers. Those of other records are told with the record, to whom any is told.
Where View::identities_told(std::string_view entity, Where asked) const {
  const Entity& identity = schema_->entity(Identity::entity_name);
  if (!rights_ || entity == Customer::entity_name) return visible(identity, std::move(asked));
  if (!rights_->may(identity, Action::read)) return Where::any({});
  return guarded(*rights_, identity, std::move(asked));
}

bool View::scan(const Query& query, ScanKey& key, Batch& out) const {
  const Entity& entity = schema_->entity(query.entity);
  Reader& reader = reader_of(entity);
  const bool more = rights_ ? scan_restricted(reader, entity, query, key, out) : reader.scan(query, key, out);
  if (log_) note(entity, out);
  if (rights_) mask(entity, out);
  return more;
}

bool View::scan_restricted(Reader& reader, const Entity& entity, const Query& query, ScanKey& key, Batch& out) const {
  const Query restricted = visible(query);
  const auto order = order_of_few(query);
  return order ? page_of(*order, entity, query, key, out) : reader.scan(restricted, key, out);
}

// Where customers are listed in some order, and the actor sees few of them, that order is kept beside their rights.
std::shared_ptr<const CustomerOrder> View::order_of_few(const Query& query) const {
  const bool listed = query.entity == Customer::entity_name && query.where.kind == Where::Kind::always &&
                      query.order.size() == 1 && query.order[0].field != "id" && !query.with_deleted &&
                      purpose_ == Action::read;
  return listed ? rights_->customers_in_order(*reader_, Action::read, query.order[0]) : nullptr;
}

bool View::page_of(const CustomerOrder& order, const Entity& entity, const Query& query, ScanKey& key,
                   Batch& out) const {
  const std::span<const Id> page = key.ended ? std::span<const Id>() : order.page(key, query.limit);
  Batch whole;
  reader_->get(entity, page, whole);
  std::vector<FieldNumber> fields;
  for (const std::string& name : query.fields) fields.push_back(entity.field(name).number);
  query.fields.empty() ? out.reset(entity) : out.reset(entity, fields);
  out.ids = whole.ids;
  for (Column& column : out.columns) column = whole.columns[column.field];
  key.ended = !order.more_after(page);
  if (page.empty()) return false;
  key.begun = true;
  key.id = page.back();
  key.text.clear();
  key.values = {key.text.keep(whole.columns[entity.field(query.order[0].field).number].value(page.size() - 1))};
  return !key.ended;
}

std::vector<Record> View::select(const Query& query) const {
  const Entity& entity = schema_->entity(query.entity);
  Query batchwise = query;
  batchwise.fields.clear();
  batchwise.limit = std::min<std::size_t>(query.limit, 1000);
  std::vector<Record> records;
  ScanKey key;
  Batch batch;
  for (bool more = true; more && records.size() < query.limit;) {
    more = scan(batchwise, key, batch);
    for (std::size_t i = 0; i < batch.rows() && records.size() < query.limit; ++i)
      records.emplace_back(schema_, entity.number, row_of(batch, i));
  }
  return records;
}

std::int64_t View::count(std::string_view entity, const Where& where) const {
  AggregateQuery query;
  query.entity = entity;
  query.where = where;
  query.measures = {{Measure::count, ""}};
  const Groups groups = aggregate(query);
  return groups.groups.empty() ? 0 : groups.groups.front().results.front().integer();
}

// The number of customers in scope is known beside the set of them.
std::optional<std::int64_t> View::counted_customers(const AggregateQuery& query) const {
  const bool plain = query.entity == Customer::entity_name && query.where.kind == Where::Kind::always &&
                     query.group_by.empty() && !query.with_deleted && query.measures.size() == 1 &&
                     query.measures[0].measure == Measure::count && query.measures[0].field.empty();
  if (!plain || purpose_ != Action::read) return std::nullopt;
  const auto count = rights_->count_customers(Action::read);
  return count ? std::optional(static_cast<std::int64_t>(*count)) : std::nullopt;
}

Groups View::aggregate(const AggregateQuery& query) const {
  Reader& reader = reader_of(schema_->entity(query.entity));
  if (!rights_) return reader.aggregate(query);
  const Entity& entity = schema_->entity(query.entity);
  if (const auto count = counted_customers(query)) {
    Groups groups;
    groups.groups.push_back({{}, {Value(*count)}});
    return groups;
  }
  for (const std::string& field : query.group_by) require_open(*rights_, entity, field);
  for (const AggregateQuery::Item& item : query.measures)
    if (!item.field.empty()) require_open(*rights_, entity, item.field);
  AggregateQuery restricted = query;
  restricted.where = visible(entity, query.where);
  return reader.aggregate(restricted);
}

// A user's feed goes on from what they were told last: that others wrote meanwhile does not show. It is read on until
// there are as many changes of theirs; the system's is so many entries.
std::int64_t View::walk_feed(std::int64_t after, std::size_t limit, const TakeChange& take) const {
  require_journal();
  std::int64_t last =
      rights_ ? std::clamp<std::int64_t>(rights_->version_of(after), 0, reader_->info().position) : after;
  std::int64_t position = after;
  for (std::size_t taken = 0; taken < limit;) {
    const std::vector<JournalEntry> entries = entries_after(*reader_, last, limit);
    for (const JournalEntry& entry : entries) {
      const std::size_t before = taken;
      bool whole = true;
      each_change(entry, [&](const Change& change) {
        if (!is_told(change)) return true;
        whole = take(entry, change, schema_->entity(change.entity));
        ++taken;
        return whole;
      });
      if (!whole) return position;
      last = entry.position;
      if (!rights_) position = last;
      if (rights_ && taken > before) position = rights_->token_of(last);
      if (rights_ && taken >= limit) break;
    }
    if (entries.empty() || !rights_) break;
  }
  return position;
}

bool View::is_told(const Change& change) const {
  const Entity* entity = schema_->find(change.entity);
  return entity != nullptr && change.kind != ChangeKind::unchanged && (!rights_ || seen(*entity, change.id));
}

FeedItem View::item_of(const JournalEntry& entry, const Change& change, const Entity& entity) const {
  const auto told = [&](std::int64_t position) { return rights_ ? rights_->token_of(position) : position; };
  return {told(entry.position), entry.at, entry.actor, entity.name, change.id, change.kind, told(entry.version)};
}

Feed View::feed(std::int64_t after, std::size_t limit) const {
  if (partial_) throw Error(Code::unsupported, "the past has no feed of its own", "ask for the feed in the present");
  Feed feed;
  feed.position = walk_feed(after, limit, [&](const JournalEntry& entry, const Change& change, const Entity& entity) {
    feed.items.push_back(item_of(entry, change, entity));
    return true;
  });
  return feed;
}

}  // namespace emptor
