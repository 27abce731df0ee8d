#include "cli/command.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, currency, zone;
};

int run_init(const Options& options) {
  OpenOptions open;
  open.create = true;
  open.currency = currency_of(options.currency);
  check_zone(options.zone);
  if (!options.zone.empty()) open.zone = options.zone;
  const OpenedStore opened = open_session(options.store, open);
  const View view = opened.session->view();
  const StoreInfo& info = view.info();
  const bool as_asked =
      (options.currency.empty() || info.currency == open.currency) && (options.zone.empty() || info.zone == open.zone);
  if (!as_asked) fail(Exit::store, "the store is there already, with another currency or zone", "both are for ever");
  print(store_name(options.store) + ": base currency " + std::string(info.currency.code()) + ", zone " + info.zone +
        "\n");
  return Exit::done;
}

}  // namespace

void add_init(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("init", "Make a store");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("--currency", &options->currency, "Base currency, for ever: EUR, GBP, CNY (XXX: none)");
  command.add_option("--zone", &options->zone, "Time zone of the store: Europe/London (UTC)");
  command.footer("\nExample:\n  emptor init shop.emptor --currency EUR --zone Europe/Berlin");
  command.runs([options] { return run_init(*options); });
}

}  // namespace emptor::cli
