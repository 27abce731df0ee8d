#include "cli/transfer.hpp"
#include "emptor/session/rule.hpp"

namespace emptor::cli {
namespace {

struct Options {
  TransferFlags flags;
  std::vector<std::string> customers, where;
  std::string rule;
  std::int64_t owner = 0, team = 0;
  bool pool = false, alone = false;
};

int run_assign(const Options& options) {
  if (options.pool == (options.owner != 0)) fail(Exit::usage, "name the owner by --to, or --pool");
  const OpenedStore opened = open_session(options.flags.store);
  Assignment assignment{
      .customers = ids_of(options.customers), .owner = Id{options.owner}, .with_open_records = !options.alone};
  std::vector<std::string> where = options.where;
  if (!options.rule.empty()) where.push_back(options.rule);
  const Rule which = Rule::parse_conditions(opened.session->view().schema().entity("customer"), where);
  if (!where.empty()) assignment.where = which.where(rule_ground(*opened.session));
  if (options.team != 0) assignment.team = Id{options.team};
  const Transferred done = assign(*opened.session, assignment, options.flags.options());
  print_answer(options.flags, to_json(done, options.flags.in()));
  return Exit::done;
}

}  // namespace

void add_assign(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("assign", "Customers to another owner, with what is open of them, all or none");
  add_transfer_flags(command, options->flags);
  command.add_option("--customers", &options->customers, "Ids of customers, separated by commas").separator(',');
  command.add_option("--where", &options->where, "FIELD=VALUE, all of which hold, separated by commas").separator(',');
  command.add_option("--rule", &options->rule, "Those of whom it holds (docs/rule.md)");
  command.add_option("--to", &options->owner, "Id of the user who is to look after them").positive();
  command.add_option("--team", &options->team, "Id of the team (the owner's)").positive();
  command.add_flag("--pool", &options->pool, "To nobody: into the pool");
  command.add_flag("--alone", &options->alone, "Open tasks, cases, opportunities stay with the old owner");
  command.footer(
      "\nExamples:\n"
      "  emptor assign shop.emptor --customers 17,18 --to 3 --reason 'new territories'\n"
      "  emptor assign shop.emptor --where owner_id=,country=DE --to 3 --dry-run\n"
      "  emptor assign shop.emptor --rule \"owner is missing and country in ('DE', 'AT')\" --to 3");
  command.runs([options] { return run_assign(*options); });
}

}  // namespace emptor::cli
