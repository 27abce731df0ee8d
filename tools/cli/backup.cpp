#include "cli/command.hpp"
#include "cli/progress_bar.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, file;
};

int run_backup(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  opened.store->backup(options.file, progress_bar());
  print(options.file + ": a copy of " + store_name(options.store) + "\n");
  return Exit::done;
}

}  // namespace

void add_backup(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("backup", "Copy a store, consistently, while others use it");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("FILE", &options->file, "The copy, which must not be there yet").required();
  command.footer("\nExample:\n  emptor backup shop.emptor shop-monday.emptor");
  command.runs([options] { return run_backup(*options); });
}

}  // namespace emptor::cli
