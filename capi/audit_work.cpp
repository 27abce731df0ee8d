#include "audit_work.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/moment.hpp"
#include "emptor/desk/profile.hpp"
#include "emptor/model/json.hpp"
#include "emptor/session/audit.hpp"
#include "emptor/session/read_log.hpp"
#include "emptor/session/rule.hpp"
#include "insight/facts/mapped_file.hpp"
#include "operation_work.hpp"

namespace emptor::capi {
namespace {

constexpr std::string_view journal_properties =
    R"("since":{"type":"string","description":"an instant, or a day YYYY-MM-DD for its beginning"},
"until":{"type":"string","description":"an instant, or a day for its end"},
"entity":{"type":"string","description":"only changes of its records"},
"id":{"type":"integer","minimum":1,"description":"of this record of the entity"},
"customer_id":{"type":"integer","minimum":1,"description":"of this customer and of what is theirs"},
"user_id":{"type":"integer","minimum":0,"description":"only what this user did; 0 is the system"},
"after":{"type":"integer","minimum":0,"description":"a position that was told: only later entries"})";

constexpr std::string_view audit_schema = R"({"type":"object","properties":{
"limit":{"type":"integer","minimum":1,"maximum":100000,"description":"entries at most; 1000 without it"}}})";

constexpr std::string_view export_schema = R"({"type":"object","required":["path"],"properties":{
"path":{"type":"string","description":"the file of JSON lines; replaced if it is there"}}})";

constexpr std::string_view trim_schema = R"({"type":"object","required":["before"],"properties":{
"before":{"type":"string","description":"an instant, or a day for its beginning: what is older is forgotten for good"}}})";

constexpr std::string_view log_schema = R"({"type":"object","properties":{
"on":{"type":"boolean","description":"false: no longer; true without it"}}})";

constexpr std::string_view who_schema = R"({"type":"object","required":["customer_id"],"properties":{
"customer_id":{"type":"integer","minimum":1},
"since":{"type":"string","description":"YYYY-MM-DD, the first day"},
"until":{"type":"string","description":"YYYY-MM-DD, the last day"}}})";

constexpr std::string_view at_property = R"("at":{"type":"string","description":"an instant, or a day for its end"})";

constexpr std::string_view get_schema = R"({"type":"object","required":["at","entity","id"],"properties":{
"entity":{"type":"string"},"id":{"type":"integer","minimum":1}}})";

constexpr std::string_view list_schema = R"({"type":"object","required":["at","entity"],"properties":{
"entity":{"type":"string"},
"where":{"type":"array","items":{"type":"string"},"description":"FIELD=VALUE (FIELD= for those without one) or a rule; all of them hold"},
"order_by":{"type":"string","description":"field; by id without it"},"descending":{"type":"boolean"},
"with_deleted":{"type":"boolean"},
"limit":{"type":"integer","minimum":1,"maximum":1000000,"description":"records at most; 1000 without it"}}})";

constexpr std::string_view profile_schema = R"({"type":"object","required":["at","customer_id"],"properties":{
"customer_id":{"type":"integer","minimum":1},
"entity":{"type":"string","description":"only this section"},
"after":{"type":"string","description":"goes on where that section ended, by its next"},
"page_size":{"type":"integer","minimum":1,"maximum":10000,"description":"records of each section; 20 without it"}}})";

std::optional<Instant> moment_in(const Session& session, const OptionReader& options, std::string_view name,
                                 DayEdge edge) {
  if (!options.has(name)) return std::nullopt;
  const std::optional<Instant> moment = parse_moment(options.text(name), Zone::of(session.view().info().zone), edge);
  if (!moment)
    throw Error(Problem{.code = Code::invalid,
                        .message = "the option '" + std::string(name) + "' is neither an instant nor a day",
                        .field = std::string(name),
                        .hint = "write 2024-05-31T12:00:00Z or 2024-05-31"});
  return moment;
}

Instant needed_moment(const Session& session, const OptionReader& options, std::string_view name, DayEdge edge) {
  needed(options, name);
  return *moment_in(session, options, name, edge);
}

JournalQuery query_in(const Session& session, const OptionReader& options) {
  JournalQuery query{.after = options.integer("after"),
                     .since = moment_in(session, options, "since", DayEdge::begin),
                     .until = moment_in(session, options, "until", DayEdge::end),
                     .entity = options.text("entity"),
                     .record = Id{options.integer("id")},
                     .customer = Id{options.integer("customer_id")},
                     .progress = session.options().progress};
  if (options.has("user_id")) query.actor = Id{options.integer("user_id")};
  return query;
}

std::string base_json(const JournalBase& base) {
  if (base.head.position == 0) return "null";
  return "{\"position\":\"" + std::to_string(base.head.position) + "\",\"at\":\"" + to_string(base.at) + "\"}";
}

OperationAnswer run_audit(Session& session, const OptionReader& options, bool) {
  const View view = session.view();
  auto left = options.integer("limit", 1000);
  std::string entries;
  bool more = false;
  tell_journal(view, query_in(session, options), [&](const ToldEntry& entry) {
    more = left-- == 0;
    if (!more) entries.append(entries.empty() ? "" : ",").append(to_json(entry));
    return !more;
  });
  return {"{\"begins_after\":" + base_json(view.journal_base()) + ",\"entries\":[" + entries +
          "],\"more\":" + (more ? "true" : "false") + "}"};
}

OperationAnswer run_export_journal(Session& session, const OptionReader& options, bool) {
  const std::string path = needed(options, "path");
  ReplacedFile file(path);
  const std::uint64_t lines = export_journal(session.view(), query_in(session, options), [&](std::string_view text) {
    file.write(std::as_bytes(std::span(text)));
  });
  finish(file);
  return {"{\"entries\":\"" + std::to_string(lines) + "\"}"};
}

OperationAnswer run_trim(Session& session, const OptionReader& options, bool) {
  const JournalBase base = session.trim_journal(needed_moment(session, options, "before", DayEdge::begin));
  return {base.head.position == 0
              ? std::string("{}")
              : "{\"base\":\"" + to_string(base.head) + "\",\"trimmed_to\":\"" + to_string(base.at) + "\"}"};
}

OperationAnswer run_log_reads(Session& session, const OptionReader& options, bool) {
  const bool on = options.flag("on", true);
  session.log_reads(on);
  return {on ? R"({"on":true})" : R"({"on":false})"};
}

OperationAnswer run_who_saw(Session& session, const OptionReader& options, bool) {
  return {who_saw_json(session, Id{options.integer("customer_id")}, options.day("since"), options.day("until"))};
}

Instant at_in(const Session& session, const OptionReader& options) {
  return needed_moment(session, options, "at", DayEdge::end);
}

OperationAnswer run_get_as_of(Session& session, const OptionReader& options, bool) {
  const AsOf past(session, at_in(session, options));
  const std::string entity = needed(options, "entity");
  const std::optional<Record> record = session.view().get(entity, Id{options.integer("id")});
  if (!record) throw Error(Problem{Code::not_found, "there was no such record", entity, "id", {}, {}});
  return {to_json(*record)};
}

NamedTable table_of(const Entity& entity, const std::vector<Record>& records) {
  NamedTable table;
  for (const Field& field : entity.fields) {
    Column& column = table.add(field.name, field.type);
    for (const Record& record : records) column.append(record[field.number]);
  }
  return table;
}

OperationAnswer run_list_as_of(Session& session, const OptionReader& options, bool table) {
  const AsOf past(session, at_in(session, options));
  const View view = session.view();
  const Entity& entity = view.schema().entity(needed(options, "entity"));
  const Rule which = Rule::parse_conditions(entity, options.texts("where"));
  Query query{.entity = entity.name,
              .where = which.where(rule_ground(session)),
              .limit = static_cast<std::size_t>(options.integer("limit", 1000)),
              .with_deleted = options.flag("with_deleted")};
  if (options.has("order_by"))
    query.order = {{entity.field(options.text("order_by")).name, options.flag("descending")}};
  const std::vector<Record> records = view.select(query);
  if (table) return {"", table_of(entity, records)};
  std::string json = "[";
  for (const Record& record : records) json.append(json.size() > 1 ? "," : "").append(to_json(record));
  return {json + "]"};
}

OperationAnswer run_profile_as_of(Session& session, const OptionReader& options, bool) {
  const Instant at = at_in(session, options);
  const AsOf past(session, at);
  ProfileOptions profile{.page_size = static_cast<std::size_t>(options.integer("page_size", 20)),
                         .now = at,
                         .after = options.text("after")};
  if (options.has("entity")) profile.entities = {options.text("entity")};
  return {to_json(read_profile(session.view(), Id{options.integer("customer_id")}, profile))};
}

}  // namespace

std::vector<Operation> audit_operations() {
  return {
      {"audit", "who changed what when and why, by the journal, oldest first",
       with_properties(audit_schema, journal_properties), false, run_audit},
      {"export_journal", "entries of the journal as JSON lines, with before and after of every field",
       with_properties(export_schema, journal_properties), false, run_export_journal},
      {"trim_journal", "entries from before an instant forgotten for good, with their op ids; the chain goes on",
       std::string(trim_schema), false, run_trim},
      {"log_reads", "from here on who reads of which customer is counted, or no longer", std::string(log_schema), false,
       run_log_reads},
      {"who_saw", "which users were told of a customer, by day and purpose, while reads were logged",
       std::string(who_schema), false, run_who_saw},
      {"get_as_of", "a record as it was at an instant", with_properties(get_schema, at_property), false, run_get_as_of},
      {"list_as_of", "records as they were at an instant", with_properties(list_schema, at_property), true,
       run_list_as_of},
      {"profile_as_of", "the 360 view of a customer as it was at an instant",
       with_properties(profile_schema, at_property), false, run_profile_as_of},
  };
}

}  // namespace emptor::capi
