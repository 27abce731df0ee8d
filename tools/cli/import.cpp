#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/command.hpp"
#include "cli/import_text.hpp"
#include "cli/progress_bar.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, map, source = "import", currency, zone, rejects;
  std::vector<std::string> paths;
  bool dry_run = false, json = false;
};

std::string read_mapping(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) fail(Exit::input, "the mapping file cannot be read: " + path);
  return text.str();
}

/// An absent store is made, with the import's own currency and zone as its base; for a dry run, in memory.
OpenedStore open_target(const Options& options) {
  const bool absent = may_be_made(options.store);
  OpenOptions open;
  open.currency = currency_of(options.currency);
  check_zone(options.zone);
  if (!options.zone.empty()) open.zone = options.zone;
  if (options.dry_run && absent && names_file(options.store)) return open_session(":memory:", open);
  open.create = absent && !options.dry_run;
  return open_session(options.store, open);
}

ImportOptions import_options(const Options& options) {
  ImportOptions import;
  import.mapping = read_mapping(options.map);
  import.source = options.source;
  import.currency = options.currency;
  import.zone = options.zone;
  import.dry_run = options.dry_run;
  if (!options.dry_run)
    import.rejects = options.rejects.empty() ? store_name(options.store) + ".rejects.csv" : options.rejects;
  import.progress = progress_bar();
  return import;
}

int run_import(const Options& options) {
  check_paths(options.paths);
  const ImportOptions import = import_options(options);
  const OpenedStore opened = open_target(options);
  const ImportReport report = import_tables(*opened.session, options.paths, import);
  print(options.json ? to_json(report) + "\n" : text_of(report, options.dry_run));
  return has_rejects(report) ? Exit::done_with_rejects : Exit::done;
}

}  // namespace

void add_import(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("import", "Import files and folders into a store (made if absent)");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("PATH", &options->paths, "CSV (also gzip) and SQLite files, or folders of them").required();
  command.add_option("--map", &options->map, "Mapping file (guessed from the headers without one)");
  command.add_option("--source", &options->source, "Name of the source system (import)");
  command.add_option("--currency", &options->currency, "Currency of amounts that name none");
  command.add_option("--zone", &options->zone, "Time zone of times that name none");
  command.add_option("--rejects", &options->rejects, "File for refused lines (STORE.rejects.csv)");
  command.add_flag("--dry-run", &options->dry_run, "Show the mapping and 20 rows; write nothing");
  command.add_flag("--json", &options->json, "Print the report as JSON");
  command.footer(
      "\nExamples:\n"
      "  emptor import shop.emptor sales/ --currency GBP --zone Europe/London\n"
      "  emptor import shop.emptor orders.csv.gz customers.csv --dry-run\n"
      "\nExit code 1 tells that lines were refused; they are in the rejects file, with the reasons.");
  command.runs([options] { return run_import(*options); });
}

}  // namespace emptor::cli
