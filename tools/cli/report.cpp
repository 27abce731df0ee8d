#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "cli/command.hpp"
#include "cli/report_file.hpp"

namespace emptor::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string store, out = "report.html", language = "en", title, as_of, problems;
};

std::string text_at(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}
std::uint64_t number_at(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? static_cast<std::uint64_t>(value->as_int64()) : 0;
}

/// The problems in what `emptor import --json` printed.
std::vector<ReportProblem> read_problems(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) fail(Exit::input, "this file cannot be read: " + path);
  json::error_code wrong;
  const json::value report = json::parse(text.str(), wrong);
  const json::value* list = !wrong && report.is_object() ? report.as_object().if_contains("problems") : nullptr;
  if (list == nullptr || !list->is_array())
    fail(Exit::input, "this is not what `emptor import --json` printed: " + path);
  std::vector<ReportProblem> problems;
  for (const json::value& item : list->as_array()) {
    if (!item.is_object()) continue;
    const json::object& problem = item.as_object();
    problems.push_back({text_at(problem, "code"), text_at(problem, "entity"), text_at(problem, "file"),
                        number_at(problem, "rows"), number_at(problem, "first_row"), text_at(problem, "text")});
  }
  return problems;
}

ReportOptions report_options(const Options& options) {
  ReportOptions report;
  if (options.language != "en" && options.language != "zh") fail(Exit::usage, "--language takes en or zh");
  report.language = options.language == "zh" ? Language::chinese : Language::english;
  report.title = options.title;
  if (!options.problems.empty()) report.problems = read_problems(options.problems);
  report.as_of = day_of("--as-of", options.as_of);
  return report;
}

int run_report(const Options& options) {
  const ReportOptions report = report_options(options);
  const OpenedStore opened = open_session(options.store);
  write_report_file(*opened.session, report, options.out);
  print(options.out + ": as confidential as the store\n");
  return Exit::done;
}

}  // namespace

void add_report(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("report", "One offline page for a manager");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("--out", &options->out, "File of the page (report.html)");
  command.add_option("--language", &options->language, "en or zh (en)");
  command.add_option("--title", &options->title, "Title of the page");
  command.add_option("--as-of", &options->as_of, "The day it stands for (the last day with a purchase)");
  command.add_option("--problems", &options->problems, "What `emptor import --json` printed, to be told in the page");
  command.footer("\nExample:\n  emptor report shop.emptor --out report.zh.html --language zh");
  command.runs([options] { return run_report(*options); });
}

}  // namespace emptor::cli
