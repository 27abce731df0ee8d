#include "emptor/desk/access.hpp"

#include "cli/command.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, description, left_on;
  UserEntry user;
  GrantEntry grant;
  bool revoke = false, in_force = false;
};
using OptionsPtr = std::shared_ptr<Options>;

int show(Session& session) {
  print(access_json(session.view()) + "\n");
  return Exit::done;
}

int run_role(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  if (!options.grant.role.empty()) put_role(*opened.session, options.grant.role, options.description);
  return show(*opened.session);
}

int run_user(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  UserEntry entry = options.user;
  entry.left_on = day_of("--left", options.left_on);
  if (!entry.name.empty() || !entry.login.empty()) put_user(*opened.session, entry);
  return show(*opened.session);
}

int run_grant(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  if (options.revoke)
    revoke(*opened.session, options.grant);
  else if (!options.grant.role.empty())
    grant(*opened.session, options.grant);
  if (options.in_force) opened.session->enforce_rights();
  return show(*opened.session);
}

void add_role_command(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("role", "Roles: make one, or list all with what they may do");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("NAME", &options->grant.role, "Of the role to make; without it all are listed");
  command.add_option("--description", &options->description, "The duty that goes with it");
  command.footer("\nExample:\n  emptor role shop.emptor agent --description 'looks after customers'");
  command.runs([options] { return run_role(*options); });
}

void add_user_command(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("user", "Users: make or change one, or list all with their roles");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("NAME", &options->user.name, "Of the user; without name and login all are listed");
  command.add_option("--login", &options->user.login, "How the host names the user");
  command.add_option("--team", &options->user.team, "Name of the team");
  command.add_option("--territory", &options->user.territory, "Name of the territory");
  command.add_option("--role", &options->user.roles, "Roles to give, separated by commas").separator(',');
  command.add_option("--not-role", &options->user.not_roles, "Roles to take away").separator(',');
  command.add_option("--left", &options->left_on, "First day without any right, YYYY-MM-DD");
  command.footer("\nExample:\n  emptor user shop.emptor Ann --team south --role agent");
  command.runs([options] { return run_user(*options); });
}

void add_grant_command(Command program) {
  auto options = std::make_shared<Options>();
  GrantEntry& grant = options->grant;
  const Command command = program.add_subcommand("grant", "What a role may do (docs/rights.md), and rights in force");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("ROLE", &grant.role, "Name of the role");
  command.add_option("ACTION", &grant.action,
                     "read, create, update, delete, assign, merge, analyse, import, export ...");
  command.add_option("--entity", &grant.entity, "Entity; every one without it");
  command.add_option("--scope", &grant.scope, "own, team, team_and_below, territory, all").show_default();
  command.add_option("--rule", &grant.rule, "Which customers, as a rule (docs/rule.md), in place of a scope");
  command.add_option("--hide", &grant.hidden, "Fields that stay hidden").separator(',');
  command.add_option("--mask", &grant.masked, "Fields of which only the end is shown").separator(',');
  command.add_option("--read-only", &grant.read_only, "Fields that cannot be written").separator(',');
  command.add_flag("--revoke", &options->revoke, "Take the permission away");
  command.add_flag("--in-force", &options->in_force, "From here on rights hold in this store");
  command.footer(
      "\nExamples:\n"
      "  emptor grant shop.emptor agent read --scope own\n"
      "  emptor grant shop.emptor agent read --entity customer --scope team --mask email\n"
      "  emptor grant shop.emptor agent read --rule \"stage = 'active' and country in ('PT', 'ES')\"\n"
      "  emptor grant shop.emptor --in-force");
  command.runs([options] { return run_grant(*options); });
}

}  // namespace

void add_access(Command program) {
  add_user_command(program);
  add_role_command(program);
  add_grant_command(program);
}

}  // namespace emptor::cli
