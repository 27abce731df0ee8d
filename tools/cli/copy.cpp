#include "emptor/store/copy.hpp"
#include "cli/command.hpp"
#include "cli/progress_bar.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, to;
};

int run_copy(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  const Hash state = copy_store_to(*opened.store, options.to, {}, progress_bar());
  print("state: " + hexadecimal(state) + "\n");
  return Exit::done;
}

}  // namespace

void add_copy(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("copy", "Copy a store into another kind of store, and compare what both hold");
  command.add_option("STORE", &options->store, "The store: a file, or postgres://...").required();
  command.add_option("TO", &options->to, "The copy, which must not be there yet").required();
  command.footer("\nExample:\n  emptor copy shop.emptor \"postgres:///crm?schema=shop\"");
  command.runs([options] { return run_copy(*options); });
}

}  // namespace emptor::cli
