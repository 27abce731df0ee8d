#include "ownership_work.hpp"

#include "emptor/core/error.hpp"
#include "emptor/desk/blocked.hpp"
#include "emptor/desk/handover.hpp"
#include "emptor/desk/known.hpp"
#include "emptor/desk/pool.hpp"
#include "emptor/desk/stages.hpp"
#include "emptor/session/rule.hpp"

namespace emptor::capi {
namespace {

constexpr std::string_view transfer_properties =
    R"("dry_run":{"type":"boolean","description":"check and tell, write nothing"},
"op_id":{"type":"string","description":"applied once, however often it is sent"},
"reason":{"type":"string","description":"kept in the journal; no personal data"},
"language":{"type":"string","enum":["en","zh"],"description":"of the words"})";

constexpr std::string_view assign_schema = R"({"type":"object","properties":{
"customers":{"type":"array","items":{"type":"integer"},"description":"ids of customers; or 'where'"},
"where":{"type":"array","items":{"type":"string"},"description":"FIELD=VALUE (FIELD= for none) or rules, all of which hold; or 'customers'"},
"owner_id":{"type":"integer","minimum":1,"description":"the user who is to look after them; the pool without it"},
"team_id":{"type":"integer","minimum":1,"description":"the team; the owner's without it"},
"with_open_records":{"type":"boolean","description":"what is open of them and the old owner's comes along; true without it"}}})";

constexpr std::string_view handover_schema = R"({"type":"object","required":["leaver_id"],"properties":{
"leaver_id":{"type":"integer","minimum":1},
"successors":{"type":"array","items":{"type":"integer"},"description":"ids of users"},
"division":{"type":"string","enum":["equal","territory","team"],"description":"of customers between several; equal without it"},
"to_pool":{"type":"boolean","description":"customers go to the pool, the rest to the successors"},
"leaves":{"type":"boolean","description":"false: only absent; true without it"},
"left_on":{"type":"string","description":"YYYY-MM-DD, first day after the last; today without it"}}})";

constexpr std::string_view owners_schema = R"({"type":"object","required":["customer_id"],"properties":{
"customer_id":{"type":"integer","minimum":1}}})";

constexpr std::string_view recycle_schema = R"({"type":"object","properties":{
"day":{"type":"string","description":"YYYY-MM-DD, for which days are counted; today without it"},
"with_open_records":{"type":"boolean","description":"what is open of them and the owner's goes to nobody; true without it"}}})";

constexpr std::string_view claim_schema = R"({"type":"object","required":["customer_id","user_id"],"properties":{
"customer_id":{"type":"integer","minimum":1},"user_id":{"type":"integer","minimum":1}}})";

constexpr std::string_view known_schema = R"({"type":"object","properties":{
"phone":{"type":"string","description":"in any notation"},"email":{"type":"string"},
"name":{"type":"string","description":"the whole name"},
"system":{"type":"string"},"external_id":{"type":"string","description":"the id in that system"},
"region":{"type":"string","description":"where numbers without a country are at home: DE, GB, CN"}}})";

constexpr std::string_view blocked_schema = R"({"type":"object","properties":{
"customer_id":{"type":"integer","minimum":1,"description":"or 'contact'"},
"contact":{"type":"string","description":"a number in any notation, or an e-mail address"},
"region":{"type":"string","description":"where numbers without a country are at home: DE, GB, CN"}}})";

constexpr std::string_view stage_schema = R"({"type":"object","properties":{
"new_days":{"type":"integer","minimum":1,"maximum":36500,"description":"since the first order of a new customer; 90 without it"},
"regular_orders":{"type":"integer","minimum":2,"maximum":1000000,"description":"of a regular customer; 4 without it"},
"dormant_days":{"type":"integer","minimum":1,"maximum":36500,"description":"without an order; 180 without it"},
"lost_days":{"type":"integer","minimum":2,"maximum":36500,"description":"without an order, more than dormant_days; 365 without it"},
"day":{"type":"string","description":"YYYY-MM-DD, for which days are counted; today without it"},
"reason":{"type":"string","description":"kept in the journal"},
"dry_run":{"type":"boolean","description":"tell, and write nothing"}}})";

Language language_of(const OptionReader& options) {
  return options.text("language") == "zh" ? Language::chinese : Language::english;
}

TransferOptions transfer_options(const OptionReader& options) {
  return {options.flag("dry_run"), options.text("op_id"), options.text("reason")};
}

std::vector<Id> ids_in(const OptionReader& options, std::string_view name) {
  std::vector<Id> ids;
  for (const std::int64_t id : options.integers(name)) ids.push_back(Id{id});
  return ids;
}

OperationAnswer run_assign(Session& session, const OptionReader& options, bool) {
  const std::vector<std::string> where = options.texts("where");
  Assignment assignment{.customers = ids_in(options, "customers"),
                        .owner = Id{options.integer("owner_id")},
                        .with_open_records = options.flag("with_open_records", true)};
  const Rule which = Rule::parse_conditions(session.view().schema().entity("customer"), where);
  if (!where.empty()) assignment.where = which.where(rule_ground(session));
  if (options.has("team_id")) assignment.team = Id{options.integer("team_id")};
  return {to_json(assign(session, assignment, transfer_options(options)), language_of(options))};
}

OperationAnswer run_handover(Session& session, const OptionReader& options, bool) {
  Handover handover{.leaver = Id{options.integer("leaver_id")},
                    .successors = ids_in(options, "successors"),
                    .to_pool = options.flag("to_pool"),
                    .leaves = options.flag("leaves", true),
                    .left_on = options.day("left_on")};
  const std::string division = options.text("division");
  if (division == "territory") handover.division = Division::territory;
  if (division == "team") handover.division = Division::team;
  return {to_json(hand_over(session, handover, transfer_options(options)), language_of(options))};
}

OperationAnswer run_owners(Session& session, const OptionReader& options, bool) {
  return {to_json(owners(session.view(), Id{options.integer("customer_id")}))};
}

OperationAnswer run_recycle(Session& session, const OptionReader& options, bool) {
  const RecycleOptions which{.day = options.day("day"), .with_open_records = options.flag("with_open_records", true)};
  return {to_json(recycle(session, which, transfer_options(options)), language_of(options))};
}

OperationAnswer run_claim(Session& session, const OptionReader& options, bool) {
  return {to_json(claim_customer(session, Id{options.integer("customer_id")}, Id{options.integer("user_id")},
                                 transfer_options(options)),
                  language_of(options))};
}

OperationAnswer run_stage(Session& session, const OptionReader& options, bool) {
  StageRules rules;
  rules.new_days = options.integer("new_days", rules.new_days);
  rules.regular_orders = options.integer("regular_orders", rules.regular_orders);
  rules.dormant_days = options.integer("dormant_days", rules.dormant_days);
  rules.lost_days = options.integer("lost_days", rules.lost_days);
  return {
      to_json(stage_customers(session, {rules, options.day("day"), options.text("reason"), options.flag("dry_run")}))};
}

OperationAnswer run_known(Session& session, const OptionReader& options, bool) {
  return {to_json(known(session, {.phone = options.text("phone"),
                                  .email = options.text("email"),
                                  .name = options.text("name"),
                                  .system = options.text("system"),
                                  .external_id = options.text("external_id"),
                                  .default_region = options.text("region")}))};
}

OperationAnswer run_blocked(Session& session, const OptionReader& options, bool) {
  if (options.has("customer_id") == options.has("contact"))
    throw Error(Problem{
        .code = Code::invalid, .message = "either 'customer_id' or 'contact' is given", .field = "customer_id"});
  if (options.has("customer_id")) return {to_json(blocked(session, Id{options.integer("customer_id")}))};
  return {to_json(blocked_contact(session, options.text("contact"), options.text("region")))};
}

}  // namespace

std::vector<Operation> ownership_operations() {
  return {
      {"assign", "customers to another owner, with what is open of them, as one change set",
       with_properties(assign_schema, transfer_properties), false, run_assign},
      {"handover", "all that a leaver is responsible for to successors or the pool, and what stays and why",
       with_properties(handover_schema, transfer_properties), false, run_handover},
      {"owners", "who looked after a customer from when to when, by whom it was made so, and why",
       std::string(owners_schema), false, run_owners},
      {"recycle", "who goes back to the pool by its rules, who is protected; then they go",
       with_properties(recycle_schema, transfer_properties), false, run_recycle},
      {"claim", "a customer out of the pool to a user, unless a rule refuses",
       with_properties(claim_schema, transfer_properties), false, run_claim},
      {"stage", "every customer's place from prospect to lost, by their orders, written where it changed",
       std::string(stage_schema), false, run_stage},
      {"known", "is this customer known: owner, team, day of the last contact, blocked or not, and nothing else",
       std::string(known_schema), false, run_known},
      {"blocked", "the blocks in force on a customer, or on whoever is reached at a number or address",
       std::string(blocked_schema), false, run_blocked},
  };
}

}  // namespace emptor::capi
