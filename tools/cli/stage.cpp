#include "emptor/desk/stages.hpp"

#include "cli/transfer.hpp"

namespace emptor::cli {
namespace {

struct Options {
  TransferFlags flags;
  StageRules rules;
  std::string day;
};

int run_stage(const Options& options) {
  const OpenedStore opened = open_session(options.flags.store);
  print_answer(options.flags, to_json(stage_customers(*opened.session, {.rules = options.rules,
                                                                        .day = day_of("--day", options.day),
                                                                        .reason = options.flags.reason,
                                                                        .dry_run = options.flags.dry_run})));
  return Exit::done;
}

}  // namespace

void add_stage(Command program) {
  auto options = std::make_shared<Options>();
  const Command stage =
      program.add_subcommand("stage", "Places customers from prospect to lost, by their orders; --dry-run only tells");
  add_transfer_flags(stage, options->flags);
  stage.add_option("--new-days", &options->rules.new_days, "Days since the first order of a new customer (90)");
  stage.add_option("--regular-orders", &options->rules.regular_orders, "Orders of a regular customer (4)");
  stage.add_option("--dormant-days", &options->rules.dormant_days, "Days without an order: dormant (180)");
  stage.add_option("--lost-days", &options->rules.lost_days, "Days without an order: lost (365)");
  stage.add_option("--day", &options->day, "For which days are counted, YYYY-MM-DD (today)");
  stage.footer("\nExample:\n  emptor stage shop.emptor --dormant-days 120 --dry-run --json");
  stage.runs([options] { return run_stage(*options); });
}

}  // namespace emptor::cli
