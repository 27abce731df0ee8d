#include "cli/command.hpp"
#include "emptor/desk/tags.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, name, source, from, to;
  std::int64_t customer = 0;
  double confidence = 1;
};
using OptionsPtr = std::shared_ptr<Options>;

int show(const Session& session, const Options& options, std::optional<Date> day = {}) {
  print(to_json(tags_of(session, Id{options.customer}, day)) + "\n");
  return Exit::done;
}

int run_put(const Options& options) {
  TagEntry entry{.customer = Id{options.customer},
                 .name = options.name,
                 .source = options.source,
                 .valid_from = day_of("--from", options.from),
                 .valid_to = day_of("--to", options.to)};
  if (options.confidence < 1) entry.confidence = options.confidence;
  const OpenedStore opened = open_session(options.store);
  put_tag(*opened.session, entry);
  return show(*opened.session, options, entry.valid_from);
}

int run_remove(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  const std::optional<Date> from = day_of("--from", options.from);
  remove_tag(*opened.session, Id{options.customer}, options.name, from);
  return show(*opened.session, options, from);
}

int run_list(const Options& options) {
  const std::optional<Date> day = day_of("--on", options.from);
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  return show(*opened.session, options, day);
}

Command add_form(const Command& tag, const OptionsPtr& options, const std::string& name, const std::string& doc) {
  const Command form = tag.add_subcommand(name, doc);
  form.add_option("STORE", &options->store, "The store: a file or a URL").required();
  form.add_option("CUSTOMER", &options->customer, "Id of the customer").required().positive();
  return form;
}

}  // namespace

void add_tag(Command program) {
  const Command tag = program.add_subcommand("tag", "Marks on a customer, with the days on which they hold");
  tag.require_subcommand();
  auto options = std::make_shared<Options>();
  const Command put = add_form(tag, options, "put", "Puts a tag, or changes the one of this name and source");
  put.add_option("NAME", &options->name, "The mark").required();
  put.add_option("--source", &options->source, "Who or what says so");
  put.add_option("--confidence", &options->confidence, "How sure that is, 0 to 1 (1)").range(0.0, 1.0);
  put.add_option("--from", &options->from, "First day, YYYY-MM-DD (always)");
  put.add_option("--to", &options->to, "Last day (for ever)");
  put.footer("\nExample:\n  emptor tag put shop.emptor 17 'likes tea' --source 'call centre' --from 2026-01-31");
  put.runs([options] { return run_put(*options); });

  const Command remove = add_form(tag, options, "remove", "Ends the tags of a name, whoever put them");
  remove.add_option("NAME", &options->name, "The mark").required();
  remove.add_option("--from", &options->from, "First day without it (today)");
  remove.footer("\nExample:\n  emptor tag remove shop.emptor 17 'likes tea'");
  remove.runs([options] { return run_remove(*options); });

  const Command list = add_form(tag, options, "list", "The tags that are in force");
  list.add_option("--on", &options->from, "On this day (today)");
  list.footer("\nExample:\n  emptor tag list shop.emptor 17 --on 2026-01-31");
  list.runs([options] { return run_list(*options); });
}

}  // namespace emptor::cli
