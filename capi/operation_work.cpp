#include "operation_work.hpp"

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/desk/export.hpp"
#include "emptor/desk/feed_payload.hpp"
#include "emptor/desk/generate.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/desk/statistics.hpp"
#include "emptor/insight/analyse.hpp"
#include "emptor/insight/live.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/model/json.hpp"
#include "emptor/session/join_copy.hpp"
#include "emptor/session/rule.hpp"
#include "emptor/session/sealing.hpp"
#include "emptor/session/session_json.hpp"
#include "emptor/store/copy.hpp"
#include "emptor/store/open.hpp"
#include "insight/facts/mapped_file.hpp"
#include "session/rights/guard.hpp"

namespace emptor::capi {
namespace {

const Progress& progress_of(const Session& session) { return session.options().progress; }

[[noreturn]] void refuse(std::string_view option, std::string_view what, std::string hint = {}) {
  throw Error(Problem{.code = Code::invalid,
                      .message = "the option '" + std::string(option) + "' " + std::string(what),
                      .field = std::string(option),
                      .hint = std::move(hint)});
}

Language language_of(const OptionReader& options) {
  return options.text("language", "en") == "zh" ? Language::chinese : Language::english;
}

std::vector<std::string> paths_in(const OptionReader& options) {
  std::vector<std::string> paths = options.texts("paths");
  if (paths.empty()) refuse("paths", "is missing");
  return paths;
}

/// {"name":"12",...} of numbers.
class Figures {
 public:
  Figures& add(std::string_view name, std::uint64_t number) {
    json_ += json_.size() > 1 ? "," : "";
    append_json_text(json_, name);
    json_ += ":\"" + std::to_string(number) + "\"";
    return *this;
  }
  Figures& add(std::string_view name, std::string_view text) {
    json_ += json_.size() > 1 ? "," : "";
    append_json_text(json_, name);
    json_ += ':';
    append_json_text(json_, text);
    return *this;
  }
  Figures& add_json(std::string_view name, std::string_view json) {
    json_ += json_.size() > 1 ? "," : "";
    append_json_text(json_, name);
    json_.append(":").append(json);
    return *this;
  }
  std::string text() const { return json_ + '}'; }

 private:
  std::string json_ = "{";
};

ImportOptions import_options(const OptionReader& options) {
  ImportOptions import;
  import.mapping = options.text("mapping");
  import.source = options.text("source", import.source);
  import.currency = options.text("currency");
  import.zone = options.text("zone");
  import.rejects = options.text("rejects");
  import.dry_run = options.flag("dry_run");
  return import;
}

NamedTable problem_table(const std::vector<DataProblem>& problems) {
  NamedTable table;
  const auto add = [&](std::string_view name, Type type, const auto& value) {
    Column& column = table.add(name, type);
    for (const DataProblem& problem : problems) column.append(value(problem));
  };
  add("code", Type::text, [](const DataProblem& problem) { return Value(std::string_view(problem.code)); });
  add("entity", Type::text, [](const DataProblem& problem) { return Value(std::string_view(problem.entity)); });
  add("file", Type::text, [](const DataProblem& problem) { return Value(std::string_view(problem.file)); });
  add("rows", Type::integer, [](const DataProblem& problem) { return Value(static_cast<std::int64_t>(problem.rows)); });
  add("first_row", Type::integer,
      [](const DataProblem& problem) { return Value(static_cast<std::int64_t>(problem.first_row)); });
  add("text", Type::text, [](const DataProblem& problem) { return Value(std::string_view(problem.text)); });
  return table;
}

OperationAnswer answer_of(const ImportReport& report, bool table) {
  return {to_json(report), table ? problem_table(report.problems) : NamedTable()};
}

NamedTable feed_table(const Feed& feed) {
  NamedTable table;
  const auto add = [&](std::string_view name, Type type, const auto& value) {
    Column& column = table.add(name, type);
    for (const FeedItem& item : feed.items) column.append(value(item));
  };
  add("position", Type::integer, [](const FeedItem& item) { return Value(item.position); });
  add("at", Type::instant, [](const FeedItem& item) { return Value(item.at); });
  add("actor", Type::id, [](const FeedItem& item) { return Value(item.actor); });
  add("entity", Type::text, [](const FeedItem& item) { return Value(std::string_view(item.entity)); });
  add("id", Type::id, [](const FeedItem& item) { return Value(item.id); });
  add("kind", Type::text, [](const FeedItem& item) { return Value(name_of(item.kind)); });
  add("version", Type::integer, [](const FeedItem& item) { return Value(item.version); });
  return table;
}

GenerateOptions generate_options(const OptionReader& options) {
  GenerateOptions make;
  make.customers = static_cast<std::uint64_t>(options.integer("customers", static_cast<std::int64_t>(make.customers)));
  make.lines = static_cast<std::uint64_t>(options.integer("lines", static_cast<std::int64_t>(make.lines)));
  make.seed = static_cast<std::uint64_t>(options.integer("seed", static_cast<std::int64_t>(make.seed)));
  make.start = options.day("start").value_or(make.start);
  make.days = static_cast<std::int32_t>(options.integer("days", make.days));
  make.flaws = options.flag("flaws", make.flaws);
  make.season = options.flag("season", make.season);
  make.causes = options.flag("causes", make.causes);
  make.campaigns = options.flag("campaigns", make.campaigns);
  make.front_office = options.flag("front_office", make.front_office);
  if (!options.has("currency")) return make;
  const auto currency = Currency::parse(options.text("currency"));
  if (!currency) refuse("currency", "is no code of three letters");
  make.currency = *currency;
  return make;
}

std::string joined(const std::vector<std::string>& keys) {
  std::string all;
  for (const std::string& key : keys) all += (all.empty() ? "" : " / ") + key;
  return all;
}

NamedTable statistics_table(const Statistics& statistics) {
  NamedTable table;
  const auto add = [&](std::string_view name, Type type, const auto& value) {
    Column& column = table.add(name, type);
    for (const StatisticsTable& one : statistics.tables)
      for (const StatisticsRow& row : one.rows) column.append(value(one, row));
  };
  using Table = StatisticsTable;
  using Row = StatisticsRow;
  std::string keys;
  add("table", Type::text, [](const Table& one, const Row&) { return Value(one.name); });
  add("keys", Type::text, [&](const Table&, const Row& row) { return Value(keys = joined(row.keys)); });
  add("records", Type::integer, [](const Table&, const Row& row) { return Value(row.count); });
  add("amount", Type::decimal, [](const Table&, const Row& row) { return row.amount ? Value(*row.amount) : Value(); });
  return table;
}

}  // namespace

std::string needed(const OptionReader& options, std::string_view name) {
  std::string text = options.text(name);
  if (text.empty()) refuse(name, "is missing");
  return text;
}

void finish(ReplacedFile& file) {
  if (!file.finish()) throw Error(Code::io, "the file could not be written", "check the folder and the space left");
}

OperationAnswer run_import(Session& session, const OptionReader& options, bool table) {
  return answer_of(import_tables(session, paths_in(options), import_options(options)), table);
}

OperationAnswer run_problems(Session& session, const OptionReader& options, bool table) {
  ImportOptions import = import_options(options);
  import.dry_run = true;
  const ImportReport found = import_tables(session, paths_in(options), import);
  ImportReport told;
  told.problems = found.problems;
  return answer_of(told, table);
}

OperationAnswer run_export(Session& session, const OptionReader& options, bool) {
  const std::string entity = needed(options, "entity"), path = needed(options, "path"), where = options.text("where");
  const Purpose purpose(session, Action::export_records, entity);
  const View view = session.view();
  ExportOptions what;
  what.fields = options.texts("fields");
  const Rule which = Rule::parse_conditions(view.schema().entity(entity), std::span(&where, 1));
  what.where = which.where(rule_ground(session));
  what.with_deleted = options.flag("with_deleted");
  what.byte_order_mark = options.flag("byte_order_mark");
  what.guard_formulas = options.flag("guard_formulas", true);
  what.progress = progress_of(session);
  ReplacedFile file(path);
  const TextSink sink = [&](std::string_view text) { file.write(std::as_bytes(std::span(text))); };
  const auto write = options.text("format", "csv") == "csv" ? export_csv : export_json_lines;
  const std::uint64_t records = write(view, entity, sink, what);
  finish(file);
  return {Figures().add("path", path).add("records", records).text()};
}

OperationAnswer run_verify(Session& session, const OptionReader& options, bool) {
  std::optional<JournalHead> noted;
  const std::string head(options.text("head"));
  if (!head.empty() && !(noted = parse_head(head)))
    throw Error(Problem{Code::invalid, "this is no head of a journal", "", "head", {}, "give POSITION:HASH"});
  return {to_json(session.verify(options.flag("deep", true), progress_of(session), noted))};
}

OperationAnswer run_feed(Session& session, const OptionReader& options, bool table) {
  const Feed feed =
      session.view().feed(options.integer("after"), static_cast<std::size_t>(options.integer("limit", 1000)));
  return {to_json(feed), table ? feed_table(feed) : NamedTable()};
}

OperationAnswer run_feed_payloads(Session& session, const OptionReader& options, bool) {
  const FeedOptions which{.entities = options.texts("entities"),
                          .limit = static_cast<std::size_t>(options.integer("limit"))};
  return {poll_payloads(session, options.integer("after"), which)};
}

OperationAnswer run_feed_schema(Session& session, const OptionReader& options, bool) {
  return {payload_schema(session.view().schema(), needed(options, "entity"))};
}

OperationAnswer run_backup(Session& session, const OptionReader& options, bool) {
  const std::string path = needed(options, "path");
  require_whole(session, "copy the store");
  session.store().backup(path, progress_of(session));
  return {Figures().add("path", path).text()};
}

OperationAnswer run_copy(Session& session, const OptionReader& options, bool) {
  const std::string to = needed(options, "to");
  require_whole(session, "copy the store elsewhere");
  return {Figures().add("state", hexadecimal(copy_store_to(session.store(), to, {}, progress_of(session)))).text()};
}

OperationAnswer run_join_copy(Session& session, const OptionReader& options, bool) {
  const std::string where = needed(options, "copy");
  require_whole(session, "join the store with another");  // before it is told whether there is one
  const std::unique_ptr<Store> copy = open_store(where);
  return {to_json(join_copy(session, *copy, {options.flag("theirs"), options.flag("dry_run")}))};
}

OperationAnswer run_seal_fields(Session& session, const OptionReader& options, bool) {
  const std::vector<std::string> names = options.texts("fields");
  const std::vector<std::string_view> fields(names.begin(), names.end());
  if (!fields.empty()) seal_fields(session, fields, progress_of(session));
  require_whole(session, "learn what is sealed");
  std::string json = "{\"sealed\":[";
  for (const std::string& name : sealed_fields(session.view().schema()))
    json += (json.back() == '[' ? "\"" : ",\"") + name + "\"";
  return {json + "]}"};
}

OperationAnswer run_rotate_keys(Session& session, const OptionReader&, bool) {
  rotate_keys(session, progress_of(session));
  return {"{}"};
}

OperationAnswer run_state_hash(Session& session, const OptionReader&, bool) {
  require_whole(session, "learn the hash of the whole store");
  return {Figures().add("state", hexadecimal(state_hash(*session.store().read(), progress_of(session)))).text()};
}

OperationAnswer run_report(Session& session, const OptionReader& options, bool) {
  const std::string path = needed(options, "path");
  ReportOptions report;
  report.language = language_of(options);
  report.title = options.text("title");
  report.as_of = options.day("as_of");
  report.top_customers = static_cast<std::size_t>(options.integer("top_customers", 15));
  const std::string page = write_report(session, report);
  ReplacedFile file(path);
  file.write(std::as_bytes(std::span(page)));
  finish(file);
  return {Figures().add("path", path).add("bytes", page.size()).text()};
}

OperationAnswer run_generate(Session& session, const OptionReader& options, bool) {
  const std::string folder = needed(options, "folder");
  GenerateOptions make = generate_options(options);
  make.progress = progress_of(session);
  const Generated made = generate(folder, make);
  return {to_json(made)};
}

OperationAnswer run_statistics(Session& session, const OptionReader& options, bool table) {
  const Statistics statistics = read_statistics(session.view(), {.revenue = options.flag("revenue", true)});
  return {to_json(statistics), table ? statistics_table(statistics) : NamedTable()};
}

OperationAnswer run_live(Session& session, const OptionReader& options, bool) {
  const std::string name = needed(options, "name");
  set_live(session, name, options.flag("on", true));
  return {Figures().add("name", name).text()};
}

OperationAnswer run_live_models(Session& session, const OptionReader&, bool) { return {live_models(session)}; }

OperationAnswer run_live_scores(Session& session, const OptionReader& options, bool) {
  LiveOptions live{.as_of = options.day("as_of"), .reasons = options.flag("reasons")};
  live.language = language_of(options);
  return {live_scores(session, Id{options.integer("customer_id")}, live)};
}

OperationAnswer run_analyse(Session& session, const OptionReader& options, bool) {
  AnalyseOptions analysis{.as_of = options.day("as_of"), .write_back = !options.flag("no_write")};
  analysis.seconds = options.number("seconds");
  if (options.has("memory_mib"))
    analysis.memory_bytes = static_cast<std::uint64_t>(options.integer("memory_mib")) << 20;
  if (options.has("rows")) analysis.rows = static_cast<std::uint64_t>(options.integer("rows"));
  analysis.changed_share = options.number("changed_share");
  analysis.answer = options.text("answer");
  analysis.positive = options.text("positive");
  if (analysis.answer.empty() && !analysis.positive.empty()) refuse("positive", "needs the option 'answer'");
  analysis.language = language_of(options);
  return {analyse(session, analysis)};
}

OperationAnswer run_one_insight(const InsightEntry& entry, Session& session, const OptionReader& options, bool table) {
  InsightOptions insight;
  insight.as_of = options.day("as_of");
  insight.write_back = !options.flag("no_write");
  insight.table = table;
  insight.json = options.without({"as_of", "no_write"});
  InsightResult result = run_insight(session, entry.name, insight);
  return {std::move(result.json), std::move(result.table)};
}

}  // namespace emptor::capi
