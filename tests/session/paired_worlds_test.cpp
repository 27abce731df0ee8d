// Paired worlds: two stores that differ only in what a user may not see tell that user the same, call by call. What
// each call told in some world must at least once have been something, else the comparison proves nothing about it.
//
// EMPTOR_RUNS is the number of pairs, EMPTOR_SEED the first one, EMPTOR_CALLS how many calls a pair makes; EMPTOR_TELL
// (any value) tells what both sides were told.
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <type_traits>

#include "emptor/store/open.hpp"
#include "support/capi_calls.hpp"
#include "support/public_calls.hpp"
#include "support/world_calls.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t pairs_in_the_suite = 500;
#else
constexpr std::uint64_t pairs_in_the_suite = 20'000;
#endif
// From so many pairs on every call must have told something.
constexpr std::uint64_t pairs_that_reach_all = 15'000;

struct Totals {
  std::uint64_t pairs = 0, comparisons = 0;
  std::set<std::string> asked, full, functions;
};

struct Side {
  std::vector<Told> told;
  std::vector<std::string> wrong;
};

// Calls that are drawn, and one whose turn it is, so that even few pairs make each.
template <class Who>
void ask_some(Who& who, const std::vector<WorldCall<Who>>& calls, std::uint64_t seed, std::uint64_t part,
              std::uint64_t share) {
  if (part == 0 && seed % 7 == 0) calls[seed / 7 % calls.size()].ask(who);
  for (std::uint64_t done = 0; done < share;) {
    const WorldCall<Who>& call = calls[who.draw(calls.size())];
    if (who.draw(call.rarity) != 0) continue;
    call.ask(who);
    ++done;
  }
}

template <class Ground, class Who>
Side side_of(const SchemaPtr& schema, const std::vector<WorldCall<Who>>& calls, std::uint64_t seed, std::uint64_t side,
             std::set<std::string>& functions) {
  static const std::uint64_t share = setting("EMPTOR_CALLS", 8);
  Ground ground;
  PairedWorld world(ground, schema, seed, side);
  world.fill(2);
  Who who(world, ground, seed + 1'000'000'007);
  if constexpr (std::is_same_v<Who, CapiAsker>) who.reached = &functions;
  ask_some(who, calls, seed, 0, share);
  world.move_customers();
  ask_some(who, calls, seed, 1, share / 2);
  if (who.renaming.small_token_met()) who.wrong.push_back("a true version or position is told");
  return {std::move(who.told), std::move(who.wrong)};
}

void compare(const Side& one, const Side& other, Totals& totals) {
  if (std::getenv("EMPTOR_TELL") != nullptr)
    for (const Side* side : {&one, &other})
      for (const Told& told : side->told)
        MESSAGE(std::string(side == &one ? "one: " : "other: "), told.call, ": ", told.text);
  for (const Side* side : {&one, &other})
    for (const std::string& wrong : side->wrong) FAIL(wrong);
  for (std::size_t i = 0; i < std::min(one.told.size(), other.told.size()); ++i) {
    CAPTURE(one.told[i].call);
    REQUIRE(one.told[i].call == other.told[i].call);
    REQUIRE(one.told[i].text == other.told[i].text);
    totals.asked.insert(one.told[i].call);
    if (one.told[i].full) totals.full.insert(one.told[i].call);
  }
  REQUIRE(one.told.size() == other.told.size());
  totals.comparisons += one.told.size();
  ++totals.pairs;
}

bool told_something(const Totals& totals, const std::string& name) {
  const auto found = totals.full.lower_bound(name);
  return found != totals.full.end() && found->starts_with(name) &&
         (found->size() == name.size() || (*found)[name.size()] == ',' || (*found)[name.size()] == ' ');
}

using Reasons = std::map<std::string, std::string>;

// Public functions that no user can be told anything of records by.
const Reasons& exempt_calls() {
  static const Reasons all = [] {
    Reasons reasons;
    const auto exempt = [&](const char* why, std::initializer_list<const char*> names) {
      for (const char* name : names) reasons[name] = why;
    };
    exempt("writes what another call told", {"to_json", "name_of", "words_of"});
    exempt("of fields and names, not of records",
           {"View::restricted", "View::schema", "View::schema_pointer", "Session::define_field", "insights",
            "sealed_fields", "action_of", "holds_never", "derivations", "computations", "table_models"});
    exempt("a limit of time", {"View::stop_at"});
    exempt("asked with View::info", {"View::setting"});
    exempt("makes the views that are asked", {"View::partial", "Session::view"});
    exempt("the host's own, which gave them",
           {"Session::store", "Session::options", "Session::now", "Session::rights"});
    exempt("answers with nothing", {"Session::begin_load", "Session::settle", "Session::break_off_load", "drop_facts"});
    exempt("every user without `configure` is refused: held to that",
           {"Session::verify", "Session::enforce_rights", "put_role", "put_user", "grant", "revoke", "who_saw",
            "who_saw_json", "Session::log_reads", "Session::trim_journal", "join_copy", "seal_fields", "rotate_keys"});
    exempt("every user without `erase` of receipts is refused: held to that",
           {"Session::forget_customer", "Session::finish_forgetting", "erasure_receipts", "receipts_json",
            "forget_again", "due_to_forget", "forget_due"});
    exempt("asks the store's own settings and users, before there is an actor", {"reads_are_logged", "user_named"});
    exempt("of fields and names, not of records: asked as an operation", {"payload_schema"});
    exempt("writes what another call told: asked with View::each_event", {"payload_json"});
    exempt("nobody's whose view keeps something back: held to that", {"Session::scores_now"});
    exempt("models are told to who reads all of them", {"set_live"});
    exempt("of numbers, texts and files alone",
           {"is_phone_channel",  "phone_key",           "phone_keys",    "generate",          "without_guard",
            "is_blank",          "read_boolean",        "read_date",     "read_number",       "open_tables",
            "open_text_table",   "open_arrow_table",    "compute",       "fit_table",         "group_by_interaction",
            "last_purchase_day", "measure_purchases",   "choose_action", "choose_actions",    "score_rfm",
            "stage_of",          "parse_segment_rules", "ten_segments",  "classify_by_value", "explain_rule",
            "explain_finding",   "rule_json",           "rule_layout",   "beyond_erasure"});
    return reasons;
  }();
  return all;
}

const Reasons& exempt_functions() {
  static const Reasons all = [] {
    Reasons reasons;
    const auto exempt = [&](const char* why, std::initializer_list<const char*> names) {
      for (const char* name : names) reasons[name] = why;
    };
    exempt("the host's own, whose store it is", {"emptor_store_open", "emptor_store_open_host", "emptor_store_close",
                                                 "emptor_store_info", "emptor_store_sync", "emptor_store_backup"});
    exempt("of sessions", {"emptor_session_open", "emptor_session_close", "emptor_session_adopt"});
    exempt("of the library",
           {"emptor_version", "emptor_has", "emptor_status_name", "emptor_insights", "emptor_operations"});
    exempt("of fields and names, not of records", {"emptor_entity_count", "emptor_entity_name", "emptor_field_count",
                                                   "emptor_field_at", "emptor_define_field"});
    exempt("of a record in memory", {"emptor_record_set_integer", "emptor_record_set_decimal", "emptor_record_set_real",
                                     "emptor_record_set_boolean", "emptor_record_set_date", "emptor_record_set_instant",
                                     "emptor_record_clear", "emptor_record_from_json"});
    exempt("every user without `configure` is refused: held to that", {"emptor_verify"});
    exempt("of numbers, texts and models alone",
           {"emptor_phone_format", "emptor_compute", "emptor_compute_batches", "emptor_model_fit",
            "emptor_model_fit_batches", "emptor_model_fit_table", "emptor_model_predict", "emptor_model_explain",
            "emptor_model_ask", "emptor_model_info", "emptor_model_text", "emptor_model_save", "emptor_model_load",
            "emptor_model_free"});
    return reasons;
  }();
  return all;
}

// Operations that answer no user with anything.
const Reasons& exempt_operations() {
  static const Reasons all = [] {
    Reasons reasons;
    for (const char* name :
         {"operation verify", "operation backup", "operation copy", "operation seal_fields", "operation rotate_keys",
          "operation join_copy", "operation state_hash", "operation put_role", "operation put_user", "operation grant",
          "operation revoke", "operation enforce_rights", "operation trim_journal", "operation log_reads",
          "operation who_saw", "operation settle"})
      reasons[name] = "every user without `configure` is refused: held to that";
    for (const char* name : {"operation forget_customer", "operation finish_forgetting", "operation erasure_receipts",
                             "operation forget_again", "operation due_to_forget", "operation forget_due"})
      reasons[name] = "every user without `erase` of receipts is refused: held to that";
    reasons["operation live"] = "models are told to who reads all of them";
    return reasons;
  }();
  return all;
}

void check_reached(const Totals& totals) {
  for (const std::string& name : calls_of_headers())
    CHECK_MESSAGE((exempt_calls().contains(name) || told_something(totals, name)), name);
  for (const std::string& name : functions_of_header())
    CHECK_MESSAGE((exempt_functions().contains(name) || totals.functions.contains(name)), name);
  for (const WorldCall<CapiAsker>& call : capi_world_calls())
    if (call.name.starts_with("operation "))
      CHECK_MESSAGE((exempt_operations().contains(call.name) || told_something(totals, call.name)), call.name);
}

}  // namespace

TEST_CASE("[M5] rights: worlds that differ in what a user may not see tell that user the same") {
  const std::uint64_t pairs = setting("EMPTOR_RUNS", pairs_in_the_suite), begin = setting("EMPTOR_SEED", 1);
  const SchemaPtr schema = open_memory({})->read()->schema();
  Totals totals;
  for (std::uint64_t seed = begin; seed < begin + pairs; ++seed) {
    CAPTURE(seed);
    std::optional<Side> sides[2];
    for (const std::uint64_t side : {std::uint64_t{0}, std::uint64_t{1}})
      sides[side] = seed % 4 == 0 ? side_of<CapiGround>(schema, capi_world_calls(), seed, side, totals.functions)
                                  : side_of<CppGround>(schema, cpp_calls(), seed, side, totals.functions);
    compare(*sides[0], *sides[1], totals);
  }
  MESSAGE(totals.pairs << " pairs, " << totals.comparisons << " comparisons, " << totals.full.size()
                       << " kinds of answers, " << totals.functions.size() << " functions of the C API");
  if (pairs >= pairs_that_reach_all) check_reached(totals);
}

TEST_CASE("rights: what the worlds leave out is a public function still") {
  const std::set<std::string> calls = calls_of_headers(), functions = functions_of_header();
  for (const auto& [name, why] : exempt_calls()) CHECK_MESSAGE(calls.contains(name), name);
  for (const auto& [name, why] : exempt_functions()) CHECK_MESSAGE(functions.contains(name), name);
}
