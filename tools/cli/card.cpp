#include "emptor/desk/caller_card.hpp"

#include "cli/command.hpp"
#include "cli/text_table.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, number, region;
  std::size_t lines = 5;
  bool json = false;
};

CallerCard read(const Session& session, const Options& options) {
  const CardOptions card{.default_region = options.region, .max_lines = options.lines};
  const bool email = options.number.find('@') != std::string::npos && !options.number.starts_with("sip:");
  return email ? card_by_email(session, options.number, card) : caller_card(session, options.number, card);
}

int run_card(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const std::string json = to_json(read(*opened.session, options));
  print(options.json ? json + "\n" : text_of_json(json));
  return Exit::done;
}

}  // namespace

void add_card(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("card", "Who calls or writes: the card of a number or an e-mail address");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("NUMBER", &options->number, "Number in any notation, or an e-mail address").required();
  command.add_option("--region", &options->region, "Where numbers without a country are at home: DE, GB, CN");
  command.add_option("--lines", &options->lines, "Lines of each section at most (5)").range(1, 100);
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer("\nExample:\n  emptor card shop.emptor '0049 30 1234567' --json");
  command.runs([options] { return run_card(*options); });
}

}  // namespace emptor::cli
