#include "emptor/desk/import.hpp"

#include "core/long_call.hpp"
#include "desk/import_checks.hpp"
#include "desk/import_run.hpp"
#include "desk/mapping_text.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/sales.hpp"
#include "session/tell.hpp"

namespace emptor {
namespace desk {
namespace {

constexpr std::size_t preview_rows = 20;

std::vector<TableUnderstanding> profile_all(const Tables& opened, const Progress& progress) {
  std::vector<TableUnderstanding> tables(opened.sources.size());
  for (std::size_t i = 0; i < tables.size(); ++i) tables[i].profile = profile_table(*opened.sources[i], progress);
  return tables;
}

void check_options(const ImportOptions& options) {
  if (options.source.empty())
    throw Error(Code::invalid, "the source of an import has no name", "name the system that the files come from");
  if (!options.currency.empty() && !Currency::parse(options.currency))
    throw Error(Code::invalid, "the currency is not a code of three letters", "use an ISO 4217 code such as EUR");
  if (options.batch_rows == 0) throw Error(Code::invalid, "a batch needs at least one row");
}

void tell_skipped(const Tables& opened, ProblemLog& log) {
  for (const SkippedFile& file : opened.skipped)
    log.add("file_not_read", "", file.name, 0, 0, "This file was not imported: " + file.reason + ".");
}

// Amounts without a currency and times without a zone are assumptions that the reader has to know.
void tell_assumptions(const Session& session, const ImportOptions& options, const ImportPlan& plan, ProblemLog& log) {
  const StoreInfo info = session.view().info();
  bool money = false, times = false;
  for (const TablePlan& table : plan.tables) {
    money = money || table.line.has_value();
    for (const RecordPlan& record : table.records)
      for (const CellPlan& cell : record.cells) {
        money = money || cell.field == "amount" || cell.field == "price";
        times = times || cell.kind == CellKind::instant;
      }
  }
  if (money && options.currency.empty() && info.currency.code() == "XXX")
    log.add("no_currency", "", "", 0, 0, "No currency was given: amounts are kept without one (XXX).");
  if (times && options.zone.empty() && info.zone == "UTC")
    log.add("no_zone", "", "", 0, 0, "No time zone was given: dates and times are taken as UTC.");
}

// May the actor import all that the files hold? Nothing of the store is told to who may not.
void check_allowed(Session& session, const ImportPlan& plan) {
  for (const PoolPlan& pool : plan.pools) const Purpose allowed(session, Action::import_records, pool.entity);
  for (const TablePlan& table : plan.tables)
    if (table.line) const Purpose allowed(session, Action::import_records, OrderLine::entity_name);
}

/// "order 12 of 12, order_line 40 of 41": what was accepted of what was read.
std::string counted(const ImportReport& report) {
  std::string text;
  for (const auto& [entity, counts] : report.entities)
    text += (text.empty() ? "" : ", ") + entity + " " + std::to_string(counts.read - counts.rejected) + " of " +
            std::to_string(counts.read);
  return text.empty() ? "nothing" : text;
}

std::vector<std::vector<std::string>> preview(const std::vector<TableUnderstanding>& tables) {
  std::vector<std::vector<std::string>> rows;
  for (const TableUnderstanding& table : tables) {
    if (table.kind.empty() || table.kind == lookup_kind) continue;
    for (std::size_t row = 0; row < std::min(preview_rows, table.profile.sample.rows()); ++row) {
      std::vector<std::string>& cells = rows.emplace_back();
      cells.push_back(table.profile.name);
      for (std::size_t i = 0; i < table.profile.columns.size(); ++i)
        cells.emplace_back(table.profile.sample.cell(row, i));
    }
  }
  return rows;
}

}  // namespace
}  // namespace desk

ImportReport import_tables(Session& session, std::span<const std::string> paths, const ImportOptions& options) {
  desk::check_options(options);
  const LongCall call(options.progress ? options.progress : session.options().progress);
  return import_tables(session, open_tables(paths), options);
}

ImportReport import_tables(Session& session, const Tables& opened, const ImportOptions& given) {
  using namespace desk;
  check_options(given);
  ImportOptions options = given;
  if (!options.progress) options.progress = session.options().progress;
  const LongCall call(options.progress);
  tell(session, LogLevel::info, "import begins: " + std::to_string(opened.sources.size()) + " tables");
  ProblemLog log;
  tell_skipped(opened, log);
  std::vector<TableUnderstanding> tables = profile_all(opened, options.progress);
  const SchemaPtr schema = session.view().schema_pointer();
  understand_tables(tables, *schema);
  apply_mapping(options.mapping, tables, *schema);
  ImportPlan plan = plan_import(tables, *schema);
  check_allowed(session, plan);
  const Purpose purpose(session, Action::import_records,
                        plan.pools.empty() ? Customer::entity_name : std::string_view(plan.pools.front().entity));
  annotate(tables, plan);
  check_tables(tables, log);
  tell_assumptions(session, options, plan, log);

  ImportReport report;
  report.mapping = list_mapping(tables);
  if (options.dry_run) report.preview = preview(tables);
  for (TableUnderstanding& table : tables) table.profile.sample = Sample();
  if (!options.dry_run)
    for (const CustomField& field : plan.customs) session.define_field(field);

  RejectFile rejects(options.dry_run ? "" : options.rejects);
  ImportRun run(session, options, plan, log, rejects);
  run.run();
  rejects.close();
  run.report(report);
  tell_notes(tables, log);
  report.rejects = rejects.written();
  report.problems = log.list();
  tell(session, LogLevel::info, "import ended: " + counted(report));
  return report;
}

}  // namespace emptor
