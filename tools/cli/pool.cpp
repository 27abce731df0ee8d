#include "emptor/desk/pool.hpp"

#include "cli/transfer.hpp"

namespace emptor::cli {
namespace {

struct Options {
  TransferFlags flags;
  std::string day, kind, name, tier, counts;
  std::int64_t customer = 0, user = 0, days = -1, most = -1;
};

int run_recycle(const Options& options) {
  const OpenedStore opened = open_session(options.flags.store);
  const Recycled recycled = recycle(*opened.session, {.day = day_of("--day", options.day)}, options.flags.options());
  print_answer(options.flags, to_json(recycled, options.flags.in()));
  return Exit::done;
}

int run_claim(const Options& options) {
  const OpenedStore opened = open_session(options.flags.store);
  const Claim claim = claim_customer(*opened.session, Id{options.customer}, Id{options.user}, options.flags.options());
  print_answer(options.flags, to_json(claim, options.flags.in()));
  return claim.claimed() ? Exit::done : Exit::done_with_rejects;
}

int run_rule(const Options& options) {
  const OpenedStore opened = open_session(options.flags.store);
  ChangeSet changes;
  ChangeSet::Put rule = changes.put(PoolRule::entity_name);
  rule.set("name", options.name).set("kind", options.kind);
  if (!options.tier.empty()) rule.set("tier", options.tier);
  if (!options.counts.empty()) rule.set("counts", options.counts);
  if (options.days >= 0) rule.set("days", options.days);
  if (options.most >= 0) rule.set("most", options.most);
  opened.session->apply(changes, {options.flags.op_id, options.flags.reason, options.flags.dry_run});
  print("rule: " + options.name + "\n");
  return Exit::done;
}

void add_rule(const Command& pool, const std::shared_ptr<Options>& options) {
  const Command rule = pool.add_subcommand("rule", "A rule of the pool: when customers go back, stay, may be taken");
  add_transfer_flags(rule, options->flags);
  rule.add_option("KIND", &options->kind, "idle, contract_end, protect, capacity or rest").required();
  rule.add_option("NAME", &options->name, "Name of the rule").required();
  rule.add_option("--tier", &options->tier, "Service tier of the customers (all)");
  rule.add_option("--days", &options->days, "Days that must pass").not_negative();
  rule.add_option("--counts", &options->counts, "What ends idleness: all, orders or contacts (all)");
  rule.add_option("--most", &options->most, "Customers that a user may hold").not_negative();
  rule.footer("\nExample:\n  emptor pool rule shop.emptor idle sleepers --days 180");
  rule.runs([options] { return run_rule(*options); });
}

}  // namespace

void add_pool(Command program) {
  const Command pool = program.add_subcommand("pool", "Customers without an owner: who goes back, who takes whom");
  pool.require_subcommand();
  auto options = std::make_shared<Options>();
  add_rule(pool, options);
  const Command back = pool.add_subcommand("recycle", "Sends back who is due by the rules; --dry-run only tells");
  add_transfer_flags(back, options->flags);
  back.add_option("--day", &options->day, "For which days are counted, YYYY-MM-DD (today)");
  back.footer("\nExample:\n  emptor pool recycle shop.emptor --dry-run");
  back.runs([options] { return run_recycle(*options); });

  const Command claim = pool.add_subcommand("claim", "Takes a customer out of the pool for a user");
  add_transfer_flags(claim, options->flags);
  claim.add_option("CUSTOMER", &options->customer, "Id of the customer").required().positive();
  claim.add_option("USER", &options->user, "Id of the user").required().positive();
  claim.footer("\nExample:\n  emptor pool claim shop.emptor 17 3");
  claim.runs([options] { return run_claim(*options); });
}

}  // namespace emptor::cli
