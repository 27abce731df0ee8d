#include "emptor/desk/portability.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>
#include <set>

#include "desk/json_writer.hpp"
#include "desk/profile_sections.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/plain.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view format = "emptor customer 1";
constexpr std::size_t rows_at_once = 1'000;
constexpr std::size_t ids_at_once = 500;

using RecordKey = std::pair<EntityNumber, Id>;

// What was worked out about a customer is not what they gave.
bool is_computed(const Entity& entity) {
  constexpr EntityNumber computed[] = {Score::entity_number, SegmentChange::entity_number, Alert::entity_number,
                                       Recommendation::entity_number};
  return std::ranges::find(computed, entity.number) != std::end(computed);
}

bool is_theirs(const Entity& entity) {
  return entity.keeping == Keeping::journalled && desk::is_of_customer(entity) && !is_computed(entity);
}

// What their records refer to and is nobody's: staff and other customers are people, models are the host's.
bool is_carried(const Entity& entity) {
  constexpr EntityNumber left[] = {Customer::entity_number,   User::entity_number,     Role::entity_number,
                                   Permission::entity_number, UserRole::entity_number, Team::entity_number,
                                   Territory::entity_number,  Model::entity_number,    Segment::entity_number};
  return entity.keeping == Keeping::journalled && !entity.customer_field &&
         std::ranges::find(left, entity.number) == std::end(left);
}

bool is_given(const Field& field) { return field.number >= system_field::count && !field.has(field_flag::system); }

Where whose(const Entity& entity, Id customer) {
  if (entity.number == Customer::entity_number) return Where::equal("id", customer);
  return Where::equal(entity.fields[*entity.customer_field].name, customer);
}

/// The records of one customer as the actor may export them.
class Belongings {
 public:
  Belongings(const View& view, Id customer) : view_(view), customer_(customer) {
    const ViewPurpose purpose(view, Action::export_records, Customer::entity_name);
    if (!view.get(Customer::entity_name, customer))
      throw Error(
          Problem{Code::not_found, "there is no such record", std::string(Customer::entity_name), "id", {}, {}});
    const Entity& entity = view.schema().entity(Customer::entity_name);
    add(entity, whose(entity, customer), records);
    for (const Entity& each : view.schema().entities())
      if (is_theirs(each)) add(each, whose(each, customer), records);
    add_identities(std::vector(records), records);
    add_referred();
    add_identities(std::vector(referred), referred);
  }

  std::vector<Record> records, deleted, referred;

 private:
  void add(const Entity& entity, Where where, std::vector<Record>& into) {
    const Query query{entity.name, std::move(where), {}, {}, rows_at_once, true};
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = view_.scan(query, key, batch);
      for (std::size_t row = 0; row < batch.rows(); ++row) {
        std::vector<Value> values;
        batch.copy_row(row, values);
        Record record(view_.schema_pointer(), entity.number, values);
        if (known_.emplace(entity.number, record.id()).second)
          (record.deleted() ? deleted : into).push_back(std::move(record));
      }
    }
  }

  void add_identities(const std::vector<Record>& of, std::vector<Record>& into) {
    std::map<EntityNumber, std::vector<Value>> ids;
    for (const Record& record : of) ids[record.entity().number].emplace_back(record.id());
    const Entity& identity = view_.schema().entity(Identity::entity_name);
    for (const auto& [number, all] : ids)
      for (std::size_t begin = 0; begin < all.size(); begin += ids_at_once) {
        const auto part = std::span(all).subspan(begin, std::min(ids_at_once, all.size() - begin));
        add(identity,
            Where::all({Where::equal("entity", std::string_view(view_.schema().entity(number).name)),
                        Where::in("record_id", {part.begin(), part.end()})}),
            into);
      }
  }

  // And what that refers to in turn.
  void add_referred() {
    std::vector<Record> from = records;
    for (int depth = 0; depth < most_depth && !from.empty(); ++depth) {
      std::map<EntityNumber, std::set<Id>> wanted;
      for (const Record& record : from) want_references(record, wanted);
      from.clear();
      for (const auto& [number, ids] : wanted)
        for (const Id id : ids)
          if (std::optional<Record> found = view_.get(view_.schema().entity(number).name, id)) from.push_back(*found);
      referred.insert(referred.end(), from.begin(), from.end());
    }
  }

  void want_references(const Record& record, std::map<EntityNumber, std::set<Id>>& wanted) {
    for (const Field& field : record.entity().fields) {
      const Entity* target = view_.schema().find(field.reference);
      if (target == nullptr || !record[field.number].present() || !is_carried(*target)) continue;
      const Id id = record[field.number].id();
      if (known_.emplace(target->number, id).second) wanted[target->number].insert(id);
    }
  }

  static constexpr int most_depth = 8;
  const View& view_;
  Id customer_;
  std::set<RecordKey> known_;
};

void write_record(desk::JsonWriter& out, const Record& record) {
  out.open('{');
  out.name("entity").value(Value(std::string_view(record.entity().name)));
  out.name("id").value(Value(record.id()));
  out.name("fields").open('{');
  for (const Field& field : record.entity().fields)
    if (is_given(field)) out.member(field.name, record[field.number]);
  out.close('}');
  out.close('}');
}

void write_records(desk::JsonWriter& out, std::string_view name, const std::vector<Record>& records) {
  out.name(name).open('[');
  for (const Record& record : records) write_record(out, record);
  out.close(']');
}

void write_custom_fields(desk::JsonWriter& out, const Schema& schema) {
  out.name("custom_fields").open('[');
  for (const Entity& entity : schema.entities())
    for (const Field& field : entity.fields) {
      if (!field.has(field_flag::custom)) continue;
      out.open('{');
      out.name("entity").value(Value(std::string_view(entity.name)));
      out.name("name").value(Value(std::string_view(field.name)));
      out.name("type").value(Value(name_of(field.type)));
      out.name("personal").value(Value(field.has(field_flag::personal)));
      out.name("indexed").value(Value(field.has(field_flag::indexed)));
      out.member("doc", field.doc.empty() ? Value() : Value(std::string_view(field.doc)));
      out.close('}');
    }
  out.close(']');
}

[[noreturn]] void refuse() {
  throw Error(Code::invalid, "the text is no customer's document", "give what export_customer wrote");
}

std::string_view text_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr || !found->is_string()) refuse();
  return {found->as_string().data(), found->as_string().size()};
}

bool flag_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_bool() && found->as_bool();
}

const json::array& list_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr || !found->is_array()) refuse();
  return found->as_array();
}

// Bytes are told so, and no JSON is read as them.
std::string from_hexadecimal(std::string_view digits) {
  std::string bytes;
  if (digits.size() % 2 != 0) refuse();
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, fault] = std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    if (fault != std::errc() || end != digits.data() + i + 2) refuse();
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::optional<Type> type_of(std::string_view name) {
  for (int number = 0; number <= static_cast<int>(Type::bytes); ++number)
    if (name_of(static_cast<Type>(number)) == name) return static_cast<Type>(number);
  return std::nullopt;
}

/// A document on its way into a store.
class Taking {
 public:
  Taking(Session& session, const json::object& document) : session_(session), document_(document) {}

  Receipt run(const ApplyOptions& options) {
    for (const json::value& field : list_of(document_, "custom_fields")) define(field);
    const View view = session_.view();
    if (text_of(document_, "currency") != view.info().currency.code())
      throw Error(Code::invalid, "the document is of a store with another base currency",
                  "take it into a store of that currency");
    schema_ = view.schema_pointer();
    for (const std::string_view part : {"referred", "records"})
      for (const json::value& record : list_of(document_, part)) read(record);
    find_known(view);
    do number();
    while (drop_incomplete() != 0);
    ChangeSet set;
    for (const Record& record : records_) put(set, record);
    return session_.apply(set, options);
  }

 private:
  void define(const json::value& given) {
    if (!given.is_object()) refuse();
    const json::object& field = given.as_object();
    const SchemaPtr schema = session_.view().schema_pointer();
    const Entity* entity = schema->find(text_of(field, "entity"));
    const std::optional<Type> type = type_of(text_of(field, "type"));
    if (entity == nullptr || !type) refuse();
    if (entity->find(text_of(field, "name")) != nullptr) return;
    CustomField custom{std::string(entity->name), std::string(text_of(field, "name")), *type, 0, {}};
    if (flag_of(field, "personal")) custom.flags |= field_flag::personal;
    if (flag_of(field, "indexed")) custom.flags |= field_flag::indexed;
    if (field.if_contains("doc") != nullptr) custom.doc = text_of(field, "doc");
    session_.define_field(custom);
  }

  void read(const json::value& given) {
    if (!given.is_object()) refuse();
    const json::object& one = given.as_object();
    const Entity* entity = schema_->find(text_of(one, "entity"));
    const json::value* fields = one.if_contains("fields");
    if (entity == nullptr || fields == nullptr || !fields->is_object()) refuse();
    Record record(schema_, entity->number);
    json::object named = fields->as_object();
    for (const Field& field : entity->fields)
      if (field.type == Type::bytes && named.if_contains(field.name) != nullptr) {
        record.set(field.number, Value::bytes(from_hexadecimal(text_of(named, field.name))));
        named.erase(field.name);
      }
    set_from_json(record, json::serialize(named));
    const auto id = parse_plain(Type::id, text_of(one, "id"));
    if (!id || !id->present()) refuse();
    record.set(system_field::id, *id);
    records_.push_back(std::move(record));
  }

  // Products and the like that the store knows by their identities are those of the store.
  void find_known(const View& view) {
    for (Record& record : records_) {
      if (record.entity().number != Identity::entity_number) continue;
      const Identity identity = record.as<Identity>();
      const Entity* of = schema_->find(identity.entity);
      if (of == nullptr || !is_carried(*of)) continue;
      if (const auto known = view.find(identity.entity, identity.system, identity.external_id))
        known_.emplace(RecordKey(of->number, identity.record_id), known->id());
    }
    std::erase_if(records_, [&](const Record& record) {
      if (record.entity().number != Identity::entity_number)
        return known_.contains({record.entity().number, record.id()});
      const Entity* of = schema_->find(record.get("entity").text());
      return of != nullptr && known_.contains({of->number, record.get("record_id").id()});
    });
  }

  // Changes of a set stand for their records by their places.
  void number() {
    places_ = known_;
    for (std::size_t i = 0; i < records_.size(); ++i)
      places_.emplace(RecordKey(records_[i].entity().number, records_[i].id()), Id{-static_cast<std::int64_t>(i) - 1});
    if (places_.size() != known_.size() + records_.size()) refuse();
  }

  // Records that cannot be without one that is not here.
  std::size_t drop_incomplete() {
    return std::erase_if(records_, [&](const Record& record) {
      return std::ranges::any_of(record.entity().fields, [&](const Field& field) {
        return field.type == Type::id && field.number >= system_field::count && field.has(field_flag::required) &&
               record[field.number].present() && !place_of(record, field);
      });
    });
  }

  void put(ChangeSet& set, const Record& record) const {
    ChangeSet::Put put = set.put(record.entity().name);
    for (const Field& field : record.entity().fields) {
      if (!is_given(field) || !record[field.number].present()) continue;
      if (field.type != Type::id) {
        put.set(field.name, record[field.number]);
      } else if (const auto place = place_of(record, field)) {
        put.set(field.name, Value(*place));
      }
    }
  }

  std::optional<Id> place_of(const Record& record, const Field& field) const {
    const bool any = field.reference == "*";
    const Entity* target = schema_->find(any ? record.get("entity").text() : std::string_view(field.reference));
    const auto found = target == nullptr ? places_.end() : places_.find({target->number, record[field.number].id()});
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }

  Session& session_;
  const json::object& document_;
  SchemaPtr schema_;
  std::vector<Record> records_;
  std::map<RecordKey, Id> known_;   ///< what the store has already
  std::map<RecordKey, Id> places_;  ///< what stands for each record of the document
};

}  // namespace

std::string export_customer(const View& view, Id customer, const PortabilityOptions& options) {
  const Belongings all(view, customer);
  std::string text;
  desk::JsonWriter out(text);
  out.open('{');
  out.name("format").value(Value(format));
  out.name("customer").value(Value(customer));
  out.name("currency").value(Value(view.info().currency.code()));
  write_custom_fields(out, view.schema());
  write_records(out, "records", all.records);
  write_records(out, "referred", all.referred);
  write_records(out, "deleted", options.with_deleted ? all.deleted : std::vector<Record>());
  out.close('}');
  return text;
}

Receipt import_customer(Session& session, std::string_view document, const ApplyOptions& options) {
  boost::system::error_code fault;
  const json::value parsed = json::parse({document.data(), document.size()}, fault);
  if (fault || !parsed.is_object() || text_of(parsed.as_object(), "format") != format) refuse();
  const Purpose purpose(session, Action::import_records, Customer::entity_name);
  return Taking(session, parsed.as_object()).run(options);
}

std::uint64_t export_customer_csv(const View& view, Id customer, const SinkOfEntity& sink_of) {
  std::map<EntityNumber, std::set<FieldNumber>> filled;
  for (const Record& record : Belongings(view, customer).records)
    for (const Field& field : record.entity().fields)
      if (record[field.number].present() && (field.number == system_field::id || is_given(field)))
        filled[record.entity().number].insert(field.number);
  std::uint64_t done = 0;
  for (const auto& [number, fields] : filled) {
    const Entity& entity = view.schema().entity(number);
    if (number == Identity::entity_number) continue;  // of its own kind: which record it is of, no column tells
    ExportOptions options{.where = whose(entity, customer)};
    for (const FieldNumber field : fields)
      if (entity.fields[field].name != "origin_id") options.fields.push_back(entity.fields[field].name);
    done += export_csv(view, entity.name, sink_of(entity.name), options);
  }
  return done;
}

}  // namespace emptor
