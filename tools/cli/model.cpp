#include "cli/command.hpp"
#include "cli/text_table.hpp"
#include "emptor/insight/live.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, name, state, as_of, language = "en";
  std::int64_t customer = 0;
  bool reasons = false, json = false;
};

void print_told(const Options& options, const std::string& told) {
  print(options.json ? told + "\n" : text_of_json(told));
}

int run_list(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  print_told(options, live_models(*opened.session));
  return Exit::done;
}

int run_live(const Options& options) {
  if (options.state != "on" && options.state != "off") fail(Exit::usage, "a model is turned on or off");
  const OpenedStore opened = open_session(options.store);
  set_live(*opened.session, options.name, options.state == "on");
  print(options.name + ": " + options.state + "\n");
  return Exit::done;
}

int run_scores(const Options& options) {
  LiveOptions live{.as_of = day_of("--as-of", options.as_of), .reasons = options.reasons};
  if (options.language != "en" && options.language != "zh") fail(Exit::usage, "a language is en or zh");
  if (options.language == "zh") live.language = Language::chinese;
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  print_told(options, live_scores(*opened.session, Id{options.customer}, live));
  return Exit::done;
}

Command add_one(Command models, const std::shared_ptr<Options>& options, const char* name, const char* doc) {
  const Command command = models.add_subcommand(name, doc);
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  return command;
}

}  // namespace

void add_model(Command program) {
  const Command models = program.add_subcommand("model", "Models that are kept: which there are, and which are live");
  models.require_subcommand();
  auto options = std::make_shared<Options>();
  const Command list = add_one(models, options, "list", "The kept models, whether they are live, and what hinders it");
  list.add_flag("--json", &options->json, "Print JSON");
  list.runs([options] { return run_list(*options); });

  const Command live =
      add_one(models, options, "live", "Keep a model's scores up to date inside every write, or no longer");
  live.add_option("NAME", &options->name, "rfm, lifetime or churn").required();
  live.add_option("STATE", &options->state, "on or off").required();
  live.footer("\nExample:\n  emptor model live shop.emptor rfm on");
  live.runs([options] { return run_live(*options); });

  const Command scores = add_one(models, options, "scores", "What the live models say of one customer now");
  scores.add_option("CUSTOMER", &options->customer, "Id of the customer").required();
  scores.add_option("--as-of", &options->as_of, "The day to score for (today)");
  scores.add_option("--language", &options->language, "Of reasons: en or zh");
  scores.add_flag("--reasons", &options->reasons, "What the scores come from");
  scores.add_flag("--json", &options->json, "Print JSON");
  scores.footer("\nExample:\n  emptor model scores shop.emptor 17 --reasons");
  scores.runs([options] { return run_scores(*options); });
}

}  // namespace emptor::cli
