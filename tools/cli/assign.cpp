#include "cli/transfer.hpp"
#include "emptor/model/plain.hpp"

namespace emptor::cli {
namespace {

struct Options {
  TransferFlags flags;
  std::vector<std::string> customers, where;
  std::int64_t owner = 0, team = 0;
  bool pool = false, alone = false;
};

/// FIELD=VALUE, all together; the values view the texts.
Where where_of(const Entity& entity, const std::vector<std::string>& texts) {
  std::vector<Where> parts;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) fail(Exit::usage, "--where takes FIELD=VALUE");
    const Field& field = entity.field(std::string_view(text).substr(0, equals));
    const auto value = parse_plain(field.type, std::string_view(text).substr(equals + 1));
    if (!value) fail(Exit::usage, "the value of --where is no " + std::string(name_of(field.type)));
    parts.push_back(value->present() ? Where::equal(field.name, *value) : Where::missing(field.name));
  }
  return Where::all(std::move(parts));
}

int run_assign(const Options& options) {
  if (options.pool == (options.owner != 0)) fail(Exit::usage, "name the owner by --to, or --pool");
  const OpenedStore opened = open_session(options.flags.store);
  Assignment assignment{
      .customers = ids_of(options.customers), .owner = Id{options.owner}, .with_open_records = !options.alone};
  if (!options.where.empty())
    assignment.where = where_of(opened.session->view().schema().entity("customer"), options.where);
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
  command.add_option("--to", &options->owner, "Id of the user who is to look after them").positive();
  command.add_option("--team", &options->team, "Id of the team (the owner's)").positive();
  command.add_flag("--pool", &options->pool, "To nobody: into the pool");
  command.add_flag("--alone", &options->alone, "Open tasks, cases, opportunities stay with the old owner");
  command.footer(
      "\nExamples:\n"
      "  emptor assign shop.emptor --customers 17,18 --to 3 --reason 'new territories'\n"
      "  emptor assign shop.emptor --where owner_id=,country=DE --to 3 --dry-run");
  command.runs([options] { return run_assign(*options); });
}

}  // namespace emptor::cli
