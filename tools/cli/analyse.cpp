#include "emptor/insight/analyse.hpp"

#include <filesystem>

#include "cli/command.hpp"
#include "cli/import_text.hpp"
#include "cli/progress_bar.hpp"
#include "cli/report_file.hpp"
#include "cli/text_table.hpp"
#include "emptor/desk/import.hpp"

namespace emptor::cli {
namespace {

constexpr std::size_t most_memory_mib = std::size_t{1} << 40;  // as bytes a number of 64 bits still

struct Options {
  std::string store, as_of, currency, zone, report, answer, positive, language = "en";
  std::vector<std::string> paths;
  std::int64_t seconds = 0, memory_mib = 0, rows = 0;
  double changed_share = -1;
  bool json = false;
};

OpenedStore open_target(const Options& options) {
  OpenOptions open;
  open.create = !options.paths.empty() && may_be_made(options.store);
  open.currency = currency_of(options.currency);
  check_zone(options.zone);
  if (!options.zone.empty()) open.zone = options.zone;
  return open_session(options.store, open);
}

std::optional<ImportReport> import_first(Session& session, const Options& options) {
  if (options.paths.empty()) return std::nullopt;
  ImportOptions import;
  import.currency = options.currency;
  import.zone = options.zone;
  import.rejects = store_name(options.store) + ".rejects.csv";
  import.progress = progress_bar();
  return import_tables(session, options.paths, import);
}

void write_report(Session& session, const Options& options, const std::optional<ImportReport>& imported) {
  if (options.report.empty()) return;
  ReportOptions report;
  report.language = options.language == "zh" ? Language::chinese : Language::english;
  if (imported) report.problems = report_problems(imported->problems);
  write_report_file(session, report, options.report);
}

AnalyseOptions analysis_of(const Options& options) {
  if (options.language != "en" && options.language != "zh") fail(Exit::usage, "--language is en or zh");
  if (options.answer.empty() && !options.positive.empty()) fail(Exit::usage, "--positive needs --answer");
  AnalyseOptions analysis{
      .as_of = day_of("--as-of", options.as_of), .answer = options.answer, .positive = options.positive};
  analysis.language = options.language == "zh" ? Language::chinese : Language::english;
  if (options.seconds > 0) analysis.seconds = static_cast<double>(options.seconds);
  if (options.memory_mib > 0) analysis.memory_bytes = static_cast<std::uint64_t>(options.memory_mib) << 20;
  if (options.rows > 0) analysis.rows = static_cast<std::uint64_t>(options.rows);
  if (options.changed_share >= 0) analysis.changed_share = options.changed_share;
  return analysis;
}

int run_analyse(const Options& options) {
  check_paths(options.paths);
  const AnalyseOptions analysis = analysis_of(options);
  const OpenedStore opened = open_target(options);
  const std::optional<ImportReport> imported = import_first(*opened.session, options);
  std::string told = analyse(*opened.session, analysis);
  if (imported) told = "{\"import\":" + to_json(*imported) + "," + told.substr(1);
  write_report(*opened.session, options, imported);
  print(options.json ? told + "\n" : text_of_json(told));
  return imported && has_rejects(*imported) ? Exit::done_with_rejects : Exit::done;
}

}  // namespace

void add_analyse(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand(
      "analyse", "All insights at once, their scores kept, and whether the data suffice; of files, too");
  command.add_option("STORE", &options->store, "The store: a file or a URL (made if absent and there are files)")
      .required();
  command.add_option("PATH", &options->paths, "Files and folders to import first");
  command.add_option("--as-of", &options->as_of, "The day it stands for (the last day with a purchase)");
  command.add_option("--currency", &options->currency, "Currency of amounts that name none");
  command.add_option("--zone", &options->zone, "Time zone of times that name none");
  command.add_option("--answer", &options->answer, "Column that says what came of each customer (found without it)");
  command.add_option("--positive", &options->positive, "Its value that is the event: Yes, bad, 1 (found without it)");
  command.add_option("--language", &options->language, "Of verdicts, reasons and the report: en or zh (en)");
  command.add_option("--seconds", &options->seconds, "Begin no further insight after so many (no limit)");
  command
      .add_option("--memory", &options->memory_mib,
                  "MiB that an insight may hold; one that may need more is left out (no limit)")
      .range(std::size_t{1}, most_memory_mib);
  command
      .add_option("--rows", &options->rows,
                  "Records that an insight may read; one that reads more is left out (no limit)")
      .positive();
  command
      .add_option("--changed-share", &options->changed_share,
                  "Keep models since which at most this share of customers changed (everything is fitted anew)")
      .range(0.0, 1.0);
  command.add_option("--report", &options->report, "Write the HTML report to this file");
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer(
      "\nExamples:\n"
      "  emptor analyse shop.emptor\n"
      "  emptor analyse shop.emptor sales/ --currency GBP --report shop.html --json\n"
      "  emptor analyse shop.emptor --seconds 600 --memory 2048 --rows 5000000\n"
      "  emptor analyse loans.emptor loans.csv --answer creditability --positive bad");
  command.runs([options] { return run_analyse(*options); });
}

}  // namespace emptor::cli
