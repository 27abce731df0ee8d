#include "emptor/session/read_log.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/json.hpp"
#include "emptor/model/party.hpp"
#include "session/batch_row.hpp"
#include "session/read_log.hpp"
#include "session/session_state.hpp"
#include "session/tell.hpp"

namespace emptor {
namespace {

constexpr std::size_t groups_a_write = 4'096;
constexpr std::size_t most_groups = 65'536;  // some megabytes, where the store takes no writes

// The field by which a record tells whose it is.
std::optional<FieldNumber> telling_field(const Entity& entity) {
  constexpr EntityNumber named_alike[] = {Customer::entity_number, CustomerSummary::entity_number,
                                          CustomerHistory::entity_number};
  if (std::ranges::find(named_alike, entity.number) != std::end(named_alike)) return system_field::id;
  if (entity.number == Identity::entity_number) return entity.field("record_id").number;
  return entity.customer_field;
}

Id customer_told(const Entity& entity, Row row) {
  const Value& id = row[*telling_field(entity)];
  const bool other =
      entity.number == Identity::entity_number && row[entity.field("entity").number].text() != Customer::entity_name;
  return other || !id.present() ? no_id : id.id();
}

const Column* column_of(const Batch& batch, FieldNumber field) {
  const auto found = std::ranges::find(batch.columns, field, &Column::field);
  return found == batch.columns.end() ? nullptr : &*found;
}

// Whose records the rows of a batch are, each once.
std::vector<Id> customers_told(Reader& reader, const Entity& entity, const Batch& told) {
  std::vector<Id> customers;
  const FieldNumber field = *telling_field(entity);
  if (field == system_field::id) {
    customers = told.ids;
  } else if (const Column* column = column_of(told, field); column != nullptr && entity.customer_field) {
    for (std::size_t row = 0; row < told.rows(); ++row) customers.push_back(column->value(row).id());
  } else {
    Batch whole;
    reader.get(entity, told.ids, whole);
    for (std::size_t row = 0; row < whole.rows(); ++row) customers.push_back(customer_told(entity, row_of(whole, row)));
  }
  std::ranges::sort(customers);
  customers.erase(std::ranges::unique(customers).begin(), customers.end());
  return customers;
}

Where days(std::optional<Date> since, std::optional<Date> until) {
  std::vector<Where> parts;
  if (since) parts.push_back(Where::compare("day", Operator::greater_equal, Value(*since)));
  if (until) parts.push_back(Where::compare("day", Operator::less_equal, Value(*until)));
  return Where::all(std::move(parts));
}

}  // namespace

bool tells_of_customers(const Entity& entity) noexcept { return telling_field(entity).has_value(); }

ReadLog::ReadLog(Store& store, const SessionOptions& options, const std::string& zone)
    : store_(store),
      user_(options.actor.user),
      clock_(options.clock),
      log_(options.log),
      zone_(Zone::of(zone)),
      write_at_(groups_a_write) {}

ReadLog::~ReadLog() {
  if (!pending_.empty()) write_alone();
}

// Whatever goes wrong here, what was read is told.
template <class Work>
void ReadLog::safely(const Work& work) noexcept {
  try {
    work();
  } catch (...) {
    if (log_) log_(LogLevel::warning, "a read of a customer was not counted");
  }
}

void ReadLog::note(const Entity& entity, Row told, Action purpose) noexcept {
  safely([&] {
    if (tells_of_customers(entity)) add(customer_told(entity, told), purpose);
  });
}

void ReadLog::note(Reader& reader, const Entity& entity, const Batch& told, Action purpose) noexcept {
  safely([&] {
    for (const Id customer : customers_told(reader, entity, told)) add(customer, purpose);
  });
}

void ReadLog::add(Id customer, Action purpose) {
  if (!customer) return;
  const Instant now = clock_();
  const Key key{customer, zone_.date_of(now), purpose};
  {
    const std::lock_guard lock(turn_);
    const auto found = pending_.find(key);
    if (found == pending_.end() && pending_.size() >= most_groups)
      throw Error(Code::budget, "too many reads wait to be written");
    Count& count = found != pending_.end() ? found->second : pending_[key];
    if (count.times++ == 0) count.first = now;
    count.last = now;
    if (pending_.size() < write_at_) return;
  }
  write_alone();
}

// What could not be written stays, for the session's next write or its end: no further read is to wait for a turn.
void ReadLog::write_alone() noexcept {
  const Unstoppable finishing;
  try {
    commit(*store_.write_grouped());
  } catch (...) {
    const std::lock_guard lock(turn_);
    write_at_ = std::numeric_limits<std::size_t>::max();
    if (log_) log_(LogLevel::warning, "reads of customers could not be written: " + std::to_string(pending_.size()));
  }
}

void ReadLog::commit(Writer& writer) {
  Counts taken;
  {
    const std::lock_guard lock(turn_);
    taken.swap(pending_);
    write_at_ = groups_a_write;
  }
  try {
    for (const auto& [key, count] : taken) put(writer, key, count);
    writer.commit();
  } catch (...) {
    give_back(std::move(taken));
    throw;
  }
}

void ReadLog::give_back(Counts&& counts) noexcept {
  const std::lock_guard lock(turn_);
  pending_.merge(counts);
  for (const auto& [key, count] : counts) {  // those that were counted again meanwhile
    Count& again = pending_.find(key)->second;
    again.first = std::min(again.first, count.first);
    again.times += count.times;
  }
}

void ReadLog::put(Writer& writer, const Key& key, const Count& count) const {
  const SchemaPtr schema = writer.schema();
  const Entity& entity = schema->entity(CustomerRead::entity_name);
  const Value purpose(name_of(key.purpose));
  const std::string found_by = std::to_string(key.customer.value) + ' ' + to_string(key.day) + ' ' +
                               std::to_string(user_.value) + ' ' + std::string(purpose.text());
  const Query query{.entity = entity.name, .where = Where::equal("counted_by", found_by)};
  ScanKey at;
  Batch there;
  writer.scan(query, at, there);
  const bool is_new = there.rows() == 0;
  std::vector<Value> row = is_new ? std::vector<Value>(entity.fields.size()) : row_of(there, 0);
  const auto set = [&](std::string_view field, const Value& value) { row[entity.field(field).number] = value; };
  const auto standing = [&](std::string_view field) { return row[entity.field(field).number]; };
  if (is_new) {
    row[system_field::id] = Value(writer.allocate(entity, 1));
    set("counted_by", Value(found_by));
    set("subject_id", Value(key.customer));
    set("day", Value(key.day));
    set("user_id", Value(user_));
    set("purpose", purpose);
  }
  set("first_at", Value(is_new ? count.first : std::min(count.first, standing("first_at").instant())));
  set("last_at", Value(is_new ? count.last : std::max(count.last, standing("last_at").instant())));
  set("times", Value(count.times + (is_new ? 0 : standing("times").integer())));
  const Row written(row);
  writer.put(entity, std::span(&written, 1), is_new);
}

bool reads_are_logged(Reader& reader) { return reader.setting(read_log_setting) == "on"; }

void Session::log_reads(bool on) {
  require_system("only the system says whether reads are logged");
  const std::unique_ptr<Writer> writer = state_->store.write();
  if (reads_are_logged(*writer) == on) return;
  JournalEntry entry;
  entry.at = write_time(*writer);
  entry.reason = on ? "reads are logged" : "reads are no longer logged";
  writer->append(entry);
  writer->set_setting(read_log_setting, on ? "on" : "");
  writer->commit();
  tell(*this, LogLevel::info, entry.reason);
}

std::vector<CustomerRead> who_saw(const Session& session, Id customer, std::optional<Date> since,
                                  std::optional<Date> until) {
  const std::unique_ptr<Reader> reader = session.store().read();
  const SchemaPtr schema = reader->schema();
  const Entity& entity = schema->entity(CustomerRead::entity_name);
  std::vector<Where> parts{Where::equal("subject_id", customer), days(since, until)};
  const RightsPtr rights = session.rights(*reader);
  if (rights && !rights->may(entity, Action::configure))
    throw Error(Problem{Code::denied,
                        "the actor may not ask who saw a customer",
                        entity.name,
                        "",
                        {},
                        "ask for a role that may configure customer_read"});
  if (rights) parts.push_back(rights->scope(entity, Action::configure));
  const Query query{.entity = entity.name, .where = Where::all(std::move(parts))};
  std::vector<CustomerRead> reads;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader->scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row)
      reads.push_back(Record(schema, entity.number, row_of(batch, row)).as<CustomerRead>());
  }
  std::ranges::sort(reads, [](const CustomerRead& a, const CustomerRead& b) {
    return std::tuple(*b.day, a.user_id, a.purpose) < std::tuple(*a.day, b.user_id, b.purpose);
  });
  return reads;
}

std::string who_saw_json(const Session& session, Id customer, std::optional<Date> since, std::optional<Date> until) {
  const View view = session.view();
  std::string json = "[";
  for (const CustomerRead& read : who_saw(session, customer, since, until)) {
    json += json.size() > 1 ? ",{" : "{";
    json += "\"user_id\":\"" + std::to_string(read.user_id.value) + '"';
    if (const auto user = view.get(User::entity_name, read.user_id, true); user && user->get("name").present()) {
      json += ",\"user\":";
      append_json(json, user->get("name"));
    }
    json += ",\"day\":\"" + to_string(*read.day) + "\",\"purpose\":\"" + read.purpose + "\",\"first_at\":\"" +
            to_string(*read.first_at) + "\",\"last_at\":\"" + to_string(*read.last_at) + "\",\"times\":\"" +
            std::to_string(*read.times) + "\"}";
  }
  return json += ']';
}

}  // namespace emptor
