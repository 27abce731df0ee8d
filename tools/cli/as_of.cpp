#include "cli/command.hpp"
#include "cli/text_table.hpp"
#include "emptor/desk/profile.hpp"
#include "emptor/model/json.hpp"
#include "emptor/session/rule.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, at, entity, order, section;
  std::vector<std::string> where;
  std::int64_t id = 0, customer = 0;
  std::size_t limit = 1000, page = 20;
  bool descending = false, with_deleted = false, json = false;
};
using OptionsPtr = std::shared_ptr<Options>;
using Tell = std::string (*)(const Session& session, const Options& options, Instant at);

std::string get(const Session& session, const Options& options, Instant) {
  const std::optional<Record> record = session.view().get(options.entity, Id{options.id});
  if (!record) throw Error(Problem{Code::not_found, "there was no such record", options.entity, "id", {}, {}});
  return to_json(*record);
}

std::string list(const Session& session, const Options& options, Instant) {
  const View view = session.view();
  const Entity& entity = view.schema().entity(options.entity);
  const Rule which = Rule::parse_conditions(entity, options.where);
  Query query{.entity = entity.name,
              .where = which.where(rule_ground(session)),
              .limit = options.limit,
              .with_deleted = options.with_deleted};
  if (!options.order.empty()) query.order = {{entity.field(options.order).name, options.descending}};
  std::string json;
  for (const Record& record : view.select(query)) json.append(json.empty() ? "" : ",").append(to_json(record));
  return "{\"records\":[" + json + "]}";
}

std::string profile(const Session& session, const Options& options, Instant at) {
  ProfileOptions chosen{.page_size = options.page, .now = at};
  if (!options.section.empty()) chosen.entities = {options.section};
  return to_json(read_profile(session.view(), Id{options.customer}, chosen));
}

int run_as_of(const Options& options, Tell tell) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const auto at = moment_of("INSTANT", options.at, *opened.session, DayEdge::end);
  if (!at) fail(Exit::usage, "name the instant");
  const AsOf past(*opened.session, *at);
  const std::string json = tell(*opened.session, options, *at);
  print(options.json ? json + "\n" : text_of_json(json));
  return Exit::done;
}

Command add_one(const Command& as_of, const OptionsPtr& options, const char* name, const char* doc, Tell tell) {
  const Command command = as_of.add_subcommand(name, doc);
  command.add_flag("--json", &options->json, "Print JSON");
  command.runs([options, tell] { return run_as_of(*options, tell); });
  return command;
}

}  // namespace

void add_as_of(Command program) {
  auto options = std::make_shared<Options>();
  const Command as_of = program.add_subcommand("as-of", "A record, a list or the 360 view as it was at an instant");
  as_of.require_subcommand();
  as_of.add_option("STORE", &options->store, "The store: a file or a URL").required();
  as_of.add_option("INSTANT", &options->at, "2024-05-31T12:00:00Z, or a day for its end in the store's zone")
      .required();
  as_of.footer(
      "\nExamples:\n"
      "  emptor as-of shop.emptor 2024-05-31 get customer 1042\n"
      "  emptor as-of shop.emptor 2024-05-31 list customer --where owner_id=3 --json\n"
      "  emptor as-of shop.emptor 2024-05-31T12:00:00Z profile 1042");
  const Command one = add_one(as_of, options, "get", "A record", get);
  one.add_option("ENTITY", &options->entity, "customer, order, task ...").required();
  one.add_option("ID", &options->id, "Id of the record").required().positive();

  const Command many = add_one(as_of, options, "list", "Records of an entity", list);
  many.add_option("ENTITY", &options->entity, "customer, order, task ...").required();
  many.add_option("--where", &options->where, "FIELD=VALUE or a rule (docs/rule.md); several all hold");
  many.add_option("--order-by", &options->order, "Field (id)");
  many.add_flag("--descending", &options->descending, "The largest first");
  many.add_option("--limit", &options->limit, "Records at most (1000)").range(std::size_t{1}, std::size_t{1'000'000});
  many.add_flag("--with-deleted", &options->with_deleted, "Deleted records too");

  const Command customer = add_one(as_of, options, "profile", "Everything that was recorded about a customer", profile);
  customer.add_option("CUSTOMER", &options->customer, "Id of the customer").required().positive();
  customer.add_option("--entity", &options->section, "Only this section: order, interaction, case ...");
  customer.add_option("--page", &options->page, "Records of each section at most (20)")
      .range(std::size_t{1}, std::size_t{10'000});
}

}  // namespace emptor::cli
