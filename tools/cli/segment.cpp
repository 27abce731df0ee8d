#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "emptor/desk/segments.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, name, other, rule, description, form = "google", out, language = "en";
  std::int64_t customer = 0, after = 0, limit = 1'000, points = 12, every = 7, seed = 0;
  bool watched = false, forgets = false;
};
using OptionsPtr = std::shared_ptr<Options>;

Language language_of(const Options& options) {
  if (options.language != "en" && options.language != "zh") fail(Exit::usage, "--language takes en or zh");
  return options.language == "zh" ? Language::chinese : Language::english;
}

int run_put(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  Session& session = *opened.session;
  put_segment(session, {options.name, options.rule, options.description, options.watched, options.forgets});
  print(to_json(segments(session, session.view())) + "\n");
  return Exit::done;
}

int run_remove(const Options& options) {
  remove_segment(*open_session(options.store).session, options.name);
  return Exit::done;
}

int run_list(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  print(to_json(segments(*opened.session, opened.session->view())) + "\n");
  return Exit::done;
}

void print_ids(const std::vector<Id>& ids) {
  std::string text;
  for (const Id id : ids) text += std::to_string(id.value) + "\n";
  print(text);
}

int run_members(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const View view = opened.session->view();
  print_ids(segment_members(*opened.session, view, segment_named(view, options.name), Id{options.after},
                            static_cast<std::size_t>(options.limit)));
  return Exit::done;
}

int run_sample(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const View view = opened.session->view();
  print_ids(segment_sample(*opened.session, view, segment_named(view, options.name),
                           static_cast<std::size_t>(options.limit), static_cast<std::uint64_t>(options.seed)));
  return Exit::done;
}

int run_overlap(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const View view = opened.session->view();
  print(to_json(segment_overlap(*opened.session, view, segment_named(view, options.name),
                                segment_named(view, options.other))) +
        "\n");
  return Exit::done;
}

int run_growth(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  print(to_json(segment_growth(*opened.session, segment_named(opened.session->view(), options.name),
                               static_cast<std::size_t>(options.points), static_cast<std::int32_t>(options.every))) +
        "\n");
  return Exit::done;
}

int run_explain(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const View view = opened.session->view();
  const Id segment = segment_named(view, options.name);
  print((options.customer == 0
             ? explain_segment(view, segment, language_of(options))
             : explain_membership(*opened.session, segment, Id{options.customer}, language_of(options))) +
        "\n");
  return Exit::done;
}

int run_audience(const Options& options) {
  if (options.form != "google" && options.form != "meta") fail(Exit::usage, "--form takes google or meta");
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const View view = opened.session->view();
  OutputFile file(options.out);
  const TextSink sink = [&](std::string_view text) { file.write(text); };
  export_audience(*opened.session, view, segment_named(view, options.name),
                  options.form == "meta" ? AudienceForm::meta : AudienceForm::google, sink);
  file.finish();
  return Exit::done;
}

int run_of(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  print(to_json(segments_with(*opened.session, opened.session->view(), Id{options.customer})) + "\n");
  return Exit::done;
}

int run_settle(const Options& options) {
  open_session(options.store).session->settle();
  return Exit::done;
}

Command add_form(const Command& segment, const OptionsPtr& options, const char* name, const char* doc,
                 bool named = true) {
  const Command form = segment.add_subcommand(name, doc);
  form.add_option("STORE", &options->store, "The store: a file or a URL").required();
  if (named) form.add_option("NAME", &options->name, "Name of the segment").required();
  return form;
}

}  // namespace

void add_segment(Command program) {
  const Command segment = program.add_subcommand("segment", "Customers to whom a rule applies, at any moment");
  segment.require_subcommand();
  auto options = std::make_shared<Options>();
  const Command put = add_form(segment, options, "put", "Saves a segment, or changes the one of this name");
  put.add_option("RULE", &options->rule, "Whom it has (docs/rule.md), as text or as JSON").required();
  put.add_option("--description", &options->description, "What it is for");
  put.add_flag("--watched", &options->watched, "Note who enters or leaves it (entity segment_change)");
  put.add_flag("--forgets", &options->forgets, "Whom it has is due to be forgotten by law (emptor forget --due)");
  put.footer("\nExample:\n  emptor segment put shop.emptor Loyal 'count of order in the last 90 days >= 3' --watched");
  put.runs([options] { return run_put(*options); });

  const Command remove = add_form(segment, options, "remove", "The segment is no more");
  remove.runs([options] { return run_remove(*options); });

  const Command list = add_form(segment, options, "list", "Every segment with its rule and size", false);
  list.runs([options] { return run_list(*options); });

  const Command members = add_form(segment, options, "members", "Ids of its customers, one a line");
  members.add_option("--after", &options->after, "Only those after this id (0)");
  members.add_option("--limit", &options->limit, "At most so many (1000)").positive();
  members.footer("\nExample:\n  emptor segment members shop.emptor Loyal --limit 20");
  members.runs([options] { return run_members(*options); });

  const Command sample = add_form(segment, options, "sample", "Some of its customers, drawn at random");
  sample.add_option("--size", &options->limit, "So many (1000)").positive();
  sample.add_option("--seed", &options->seed, "The same draws the same (0)");
  sample.runs([options] { return run_sample(*options); });

  const Command overlap = add_form(segment, options, "overlap", "How many customers it shares with another");
  overlap.add_option("OTHER", &options->other, "Name of the other").required();
  overlap.runs([options] { return run_overlap(*options); });

  const Command growth = add_form(segment, options, "growth", "How many customers it had at the end of past days");
  growth.add_option("--points", &options->points, "So many days (12)").positive();
  growth.add_option("--every", &options->every, "Days between them (7)").positive();
  growth.runs([options] { return run_growth(*options); });

  const Command explain =
      add_form(segment, options, "explain", "Its rule in words, and why a customer is in it or not");
  explain.add_option("CUSTOMER", &options->customer, "Id of the customer (none: the rule alone)");
  explain.add_option("--language", &options->language, "en or zh (en)");
  explain.footer("\nExample:\n  emptor segment explain shop.emptor Loyal 17 --language zh");
  explain.runs([options] { return run_explain(*options); });

  const Command audience =
      add_form(segment, options, "audience", "Its customers for an advertising platform: hashed e-mail and phone");
  audience.add_option("--form", &options->form, "google or meta (google)");
  audience.add_option("--out", &options->out, "File (standard output)");
  audience.runs([options] { return run_audience(*options); });

  const Command of = add_form(segment, options, "of", "Those that have a customer", false);
  of.add_option("CUSTOMER", &options->customer, "Id of the customer").required().positive();
  of.runs([options] { return run_of(*options); });

  const Command settle =
      add_form(segment, options, "settle", "Brings up to date what imports, days and new rules left to be told", false);
  settle.runs([options] { return run_settle(*options); });
}

}  // namespace emptor::cli
