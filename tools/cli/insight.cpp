#include "emptor/insight/insight.hpp"

#include <algorithm>

#include "cli/command.hpp"
#include "cli/text_table.hpp"
#include "emptor/model/json.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, name, as_of, json_options = "{}";
  bool list = false, json = false, no_write = false;
};

int list_insights(bool as_json) {
  std::string json = "[";
  std::vector<std::vector<std::string>> rows;
  for (const InsightEntry& entry : insights()) {
    rows.push_back({std::string(entry.name), std::string(entry.doc)});
    json += json.size() > 1 ? ",{\"name\":" : "{\"name\":";
    append_json_text(json, entry.name);
    json += ",\"doc\":";
    append_json_text(json, entry.doc);
    json += ",\"options\":" + std::string(entry.options_schema) + "}";
  }
  print(as_json ? json + "]\n" : text_table({"insight", "what it tells"}, rows));
  return Exit::done;
}

InsightOptions insight_options(const Options& options) {
  InsightOptions insight;
  insight.json = options.json_options;
  insight.write_back = !options.no_write;
  insight.as_of = day_of("--as-of", options.as_of);
  return insight;
}

void check_name(const std::string& name) {
  std::string known;
  for (const InsightEntry& entry : insights()) known += (known.empty() ? "" : ", ") + std::string(entry.name);
  if (std::ranges::none_of(insights(), [&](const InsightEntry& entry) { return entry.name == name; }))
    fail(Exit::usage, "there is no insight of that name", "known: " + known);
}

int run_one(const Options& options) {
  if (options.store.empty() || options.name.empty()) fail(Exit::usage, "a store and the name of an insight are needed");
  check_name(options.name);
  const InsightOptions insight = insight_options(options);
  const OpenedStore opened = open_session(options.store);
  const InsightResult result = run_insight(*opened.session, options.name, insight);
  print(options.json ? result.json + "\n" : text_of_json(result.json));
  return Exit::done;
}

}  // namespace

void add_insight(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("insight", "Analyse, and keep the result as scores and tags");
  command.add_option("STORE", &options->store, "The store: a file or a URL");
  command.add_option("NAME", &options->name, "Which insight (--list shows them)");
  command.add_option("--as-of", &options->as_of, "The day it stands for (the last day with a purchase)");
  command.add_option("--options", &options->json_options, "Options of the insight, as JSON");
  command.add_flag("--no-write", &options->no_write, "Do not keep the result");
  command.add_flag("--list", &options->list, "Show the insights");
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer(
      "\nExamples:\n"
      "  emptor insight --list\n"
      "  emptor insight shop.emptor rfm --as-of 2011-12-10");
  command.runs([options] { return options->list ? list_insights(options->json) : run_one(*options); });
}

}  // namespace emptor::cli
