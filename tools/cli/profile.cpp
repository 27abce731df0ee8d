#include "emptor/desk/profile.hpp"

#include "cli/command.hpp"
#include "cli/text_table.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, entity, after;
  std::int64_t customer = 0;
  std::size_t page = 20;
  bool json = false;
};

int run_profile(const Options& options) {
  ProfileOptions profile{.page_size = options.page, .after = options.after};
  if (!options.entity.empty()) profile.entities = {options.entity};
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const std::string json = to_json(read_profile(opened.session->view(), Id{options.customer}, profile));
  print(options.json ? json + "\n" : text_of_json(json));
  return Exit::done;
}

}  // namespace

void add_profile(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("profile", "Everything that is recorded about one customer, newest first");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("CUSTOMER", &options->customer, "Id of the customer").required().positive();
  command.add_option("--entity", &options->entity, "Only this section: order, interaction, case ...");
  command.add_option("--after", &options->after, "Go on where that section ended (its \"next\")");
  command.add_option("--page", &options->page, "Records of each section at most (20)").range(1, 10'000);
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer(
      "\nExamples:\n"
      "  emptor profile shop.emptor 1042 --json\n"
      "  emptor --as-customer 1042 profile shop.emptor 1042");
  command.runs([options] { return run_profile(*options); });
}

}  // namespace emptor::cli
