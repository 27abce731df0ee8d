#include "cli/command.hpp"
#include "cli/progress_bar.hpp"
#include "emptor/session/sealing.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store;
  std::vector<std::string> fields;
  bool rotate = false;
};

int run_seal(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  const std::vector<std::string_view> fields(options.fields.begin(), options.fields.end());
  if (!fields.empty()) seal_fields(*opened.session, fields, progress_bar());
  if (options.rotate) rotate_keys(*opened.session, progress_bar());
  for (const std::string& name : sealed_fields(opened.session->view().schema())) print(name + "\n");
  return Exit::done;
}

}  // namespace

void add_seal(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("seal", "Keep personal fields encrypted under a key of yours, and list those that are");
  command.add_option("STORE", &options->store, "The store").required();
  command.add_option("FIELDS", &options->fields, "ENTITY.FIELD each; none: only list");
  command.add_flag("--rotate", &options->rotate, "Wrap every secret with the first key of the file");
  command.footer(
      "\nExample:\n  openssl rand -hex 32 > shop.key\n"
      "  emptor --key-file shop.key seal shop.emptor customer.name contact_point.value");
  command.runs([options] { return run_seal(*options); });
}

}  // namespace emptor::cli
