#include "emptor/desk/handover.hpp"

#include "cli/transfer.hpp"

namespace emptor::cli {
namespace {

struct Options {
  TransferFlags flags;
  std::int64_t leaver = 0;
  std::vector<std::string> to;
  Division division = Division::equal;
  std::string left_on;
  bool pool = false, absent = false;
};

int run_handover(const Options& options) {
  const Handover handover{.leaver = Id{options.leaver},
                          .successors = ids_of(options.to),
                          .division = options.division,
                          .to_pool = options.pool,
                          .leaves = !options.absent,
                          .left_on = day_of("--left-on", options.left_on)};
  const OpenedStore opened = open_session(options.flags.store);
  const Transferred done = hand_over(*opened.session, handover, options.flags.options());
  print_answer(options.flags, to_json(done, options.flags.in()));
  return Exit::done;
}

}  // namespace

void add_handover(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("handover", "All that a leaver is responsible for, to successors or the pool");
  add_transfer_flags(command, options->flags);
  command.add_option("USER", &options->leaver, "Id of the leaver").required().positive();
  command.add_option("--to", &options->to, "Ids of successors, separated by commas").separator(',');
  command.add_choice("--by", &options->division,
                     {{"equal", Division::equal}, {"territory", Division::territory}, {"team", Division::team}},
                     "How customers are divided between several (equal)");
  command.add_flag("--pool", &options->pool, "Customers go to the pool, the rest to the successors");
  command.add_option("--left-on", &options->left_on, "First day after the last, YYYY-MM-DD (today)");
  command.add_flag("--absent", &options->absent, "The user comes back: their record stays as it is");
  command.footer("\nExample:\n  emptor handover shop.emptor 7 --to 3,4 --by territory --reason 'left' --dry-run");
  command.runs([options] { return run_handover(*options); });
}

}  // namespace emptor::cli
