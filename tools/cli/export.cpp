#include "emptor/desk/export.hpp"

#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "cli/progress_bar.hpp"
#include "emptor/session/rule.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, entity, format = "csv", out, where;
  std::vector<std::string> fields;
  bool with_deleted = false, mark = false, raw = false;
};

int run_export(const Options& options) {
  if (options.format != "csv" && options.format != "jsonl") fail(Exit::usage, "--format takes csv or jsonl");
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const View view = opened.session->view();
  ExportOptions what;
  what.fields = options.fields;
  const Rule which = Rule::parse_conditions(view.schema().entity(options.entity), std::span(&options.where, 1));
  what.where = which.where(rule_ground(*opened.session));
  what.with_deleted = options.with_deleted;
  what.byte_order_mark = options.mark;
  what.guard_formulas = !options.raw;
  what.progress = progress_bar();
  OutputFile file(options.out);
  const TextSink sink = [&](std::string_view text) { file.write(text); };
  const auto write = options.format == "csv" ? export_csv : export_json_lines;
  write(view, options.entity, sink, what);
  file.finish();
  return Exit::done;
}

}  // namespace

void add_export(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("export", "Records of an entity as CSV or JSON lines");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("ENTITY", &options->entity, "customer, order, order_line, score, ...").required();
  command.add_option("--format", &options->format, "csv or jsonl (csv)");
  command.add_option("--out", &options->out, "File (standard output)");
  command.add_option("--fields", &options->fields, "Only these, separated by commas").separator(',');
  command.add_option("--where", &options->where,
                     "Only records of which it holds: FIELD=VALUE, or a rule (docs/rule.md)");
  command.add_flag("--with-deleted", &options->with_deleted, "Deleted records too");
  command.add_flag("--bom", &options->mark, "CSV with a byte order mark, for spreadsheets");
  command.add_flag("--raw", &options->raw, "CSV without the apostrophe before what a spreadsheet would run");
  command.footer(
      "\nExamples:\n"
      "  emptor export shop.emptor customer --format csv --out customers.csv\n"
      "  emptor export shop.emptor score --where name=rfm.class --fields customer_id,label\n"
      "  emptor export shop.emptor customer --where \"country in ('PT', 'ES') and owner is missing\"");
  command.runs([options] { return run_export(*options); });
}

}  // namespace emptor::cli
