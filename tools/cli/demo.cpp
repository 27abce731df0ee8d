#include <chrono>
#include <cstdio>
#include <filesystem>

#include "cli/command.hpp"
#include "cli/import_text.hpp"
#include "cli/progress_bar.hpp"
#include "cli/report_file.hpp"
#include "cli/text_table.hpp"
#include "emptor/desk/generate.hpp"
#include "emptor/insight/insight.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::vector<std::string> data;
  std::string out = "demo-out", currency, zone;
};

/// Runs a step under its title and tells how long it took.
template <class Step>
auto timed(const std::string& title, Step&& step) {
  print("\n== " + title + "\n");
  const auto begin = std::chrono::steady_clock::now();
  auto result = step();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  char text[32];
  std::snprintf(text, sizeof text, "(%.2f s)\n", seconds);
  print(text);
  return result;
}

void remove_store(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm", "-lock", "-facts", ".rejects.csv"})
    std::filesystem::remove(path + suffix);
}

std::vector<std::string> make_up_data(const std::string& folder) {
  const Generated made = generate(folder);
  print("a shop that nobody knows: " + std::to_string(made.customers) + " customers, " + std::to_string(made.orders) +
        " orders, " + std::to_string(made.lines) + " lines, sum " + made.amount.to_string() + " EUR; in " + folder +
        "\n");
  return {folder};
}

ImportReport import_into(Session& session, const Options& options, const std::vector<std::string>& files,
                         const std::string& store) {
  ImportOptions import;
  import.currency = options.currency;
  import.zone = options.zone;
  import.rejects = store + ".rejects.csv";
  import.progress = progress_bar();
  const ImportReport report = import_tables(session, files, import);
  print(text_of(report, false));
  return report;
}

void run_insights(Session& session) {
  for (const InsightEntry& entry : insights()) {
    timed("insight: " + std::string(entry.name), [&] {
      const InsightResult result = entry.run(session, {});
      print(text_of_json(result.json));
      return 0;
    });
  }
}

void write_reports(Session& session, const ImportReport& report, const std::string& folder) {
  ReportOptions options;
  options.problems = report_problems(report.problems);
  write_report_file(session, options, folder + "/report.en.html");
  options.language = Language::chinese;
  write_report_file(session, options, folder + "/report.zh.html");
}

void tell_what_next(const Options& options, const std::string& store) {
  print("\n== what to do next\n  open " + options.out + "/report.en.html or " + options.out +
        "/report.zh.html in a browser\n" + "  emptor export " + store +
        " customer --format csv    a list to work with\n" +
        "  emptor insight --list                  what else can be asked\n" +
        "  DATA=\"your.csv folder/\" make demo      the same on your own files\n");
}

int run_demo(Options options) {
  std::filesystem::create_directories(options.out);
  const std::string store = options.out + "/demo.emptor";
  remove_store(store);
  std::vector<std::string> files = options.data;
  if (files.empty()) {
    if (options.currency.empty()) options.currency = "EUR";
    files = timed("data", [&] { return make_up_data(options.out + "/data"); });
  }
  OpenOptions open;
  open.create = true;
  open.currency = currency_of(options.currency);
  check_zone(options.zone);
  if (!options.zone.empty()) open.zone = options.zone;
  const OpenedStore opened = open_session(store, open);
  const ImportReport report = timed("import", [&] { return import_into(*opened.session, options, files, store); });
  run_insights(*opened.session);
  timed("reports", [&] {
    write_reports(*opened.session, report, options.out);
    return 0;
  });
  tell_what_next(options, store);
  return has_rejects(report) ? Exit::done_with_rejects : Exit::done;
}

}  // namespace

void add_demo(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("demo", "The whole round: import, problems, insights, reports");
  command.add_option("DATA", &options->data, "Files and folders of your own (a shop is made up without any)");
  command.add_option("--out", &options->out, "Folder for the store and the reports (demo-out)");
  command.add_option("--currency", &options->currency, "Currency of amounts that name none");
  command.add_option("--zone", &options->zone, "Time zone of times that name none");
  command.footer(
      "\nExamples:\n"
      "  emptor demo\n"
      "  emptor demo sales.csv customers/ --currency GBP --zone Europe/London --out sales-demo");
  command.runs([options] { return run_demo(*options); });
}

}  // namespace emptor::cli
