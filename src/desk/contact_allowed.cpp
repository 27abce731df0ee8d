#include "emptor/desk/contact_allowed.hpp"

#include <algorithm>

#include "desk/json_writer.hpp"
#include "emptor/core/error.hpp"
#include "emptor/desk/blocked.hpp"
#include "emptor/model/party.hpp"

namespace emptor {
namespace {

/// The moment that is asked about, as the store's days count.
struct Moment {
  Instant at;
  Date day;
};

void check_choice(const Schema& schema, std::string_view field_name, std::string_view choice) {
  const Field& field = schema.entity(Consent::entity_name).field(field_name);
  if (std::ranges::find(field.choices, choice) != field.choices.end()) return;
  std::string known = "use one of:";
  for (const std::string& each : field.choices) known += " " + each;
  throw Error(Problem{Code::invalid, "the value is not one of the allowed ones", "consent", field.name, {}, known});
}

std::vector<Record> statements_of(const View& view, Id customer) {
  Query query;
  query.entity = Consent::entity_name;
  query.where = Where::equal("customer_id", customer);
  query.order = {{"stated_at", true}, {"id", true}};
  query.limit = 10'000;
  return view.select(query);
}

bool forbids(const Block& block, std::string_view purpose) {
  return block.kind == "no_service" || (block.kind == "no_marketing" && purpose == "marketing");
}

/// How narrow a statement is; negative where it is about something else.
int narrowness(const Consent& statement, std::string_view channel, std::string_view purpose) {
  if (!statement.channel.empty() && statement.channel != channel) return -1;
  if (!statement.purpose.empty() && statement.purpose != purpose) return -1;
  return (statement.channel.empty() ? 0 : 1) + (statement.purpose.empty() ? 0 : 1);
}

bool is_past(const Consent& statement, const Moment& moment) {
  return statement.valid_to && *statement.valid_to < moment.day;
}

ContactAnswer answer_of(const Consent& statement, const Moment& moment) {
  if (statement.state != "granted")
    return {false, statement.state == "refused" ? ContactReason::refused : ContactReason::withdrawn, statement.id};
  const bool past = is_past(statement, moment);
  return {!past, past ? ContactReason::expired : ContactReason::granted, statement.id};
}

}  // namespace

std::string_view name_of(ContactReason reason) noexcept {
  constexpr std::string_view names[] = {"granted", "refused", "withdrawn", "expired", "blocked", "default"};
  return names[static_cast<std::size_t>(reason)];
}

ContactAnswer contact_allowed(const View& view, Id customer, std::string_view channel, std::string_view purpose,
                              Instant at, const ContactOptions& options) {
  check_choice(view.schema(), "channel", channel);
  check_choice(view.schema(), "purpose", purpose);
  if (!view.get(Customer::entity_name, customer))
    throw Error(Problem{Code::not_found, "there is no such record", "customer", "id", {}, {}});
  const Moment moment{at, Zone::of(view.info().zone).date_of(at)};
  for (const Block& block : blocks_in_force(view, customer, moment.day))
    if (forbids(block, purpose)) return {false, ContactReason::blocked, block.id};

  ContactAnswer answer;
  answer.allowed = std::ranges::find(options.allowed_by_default, purpose) != options.allowed_by_default.end();
  int narrowest = -1;
  for (const Record& record : statements_of(view, customer)) {
    const Consent statement = record.as<Consent>();
    if (statement.stated_at && *statement.stated_at > moment.at) continue;
    // A refusal for some time is over with it, and what was said before holds again.
    if (statement.state != "granted" && is_past(statement, moment)) continue;
    const int narrow = narrowness(statement, channel, purpose);
    if (narrow <= narrowest) continue;  // newest first: the first of its kind holds
    narrowest = narrow;
    answer = answer_of(statement, moment);
  }
  return answer;
}

std::string to_json(const ContactAnswer& answer) {
  std::string out;
  desk::JsonWriter json(out);
  json.open('{');
  json.name("allowed").value(Value(answer.allowed));
  json.name("reason").value(Value(name_of(answer.reason)));
  json.member("record", Value(answer.record));
  json.close('}');
  return out;
}

}  // namespace emptor
