#include "emptor/desk/known.hpp"

#include <algorithm>

#include "desk/contact_search.hpp"
#include "desk/json_writer.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"
#include "emptor/desk/blocked.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/touch.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_namesakes = 100;

void check(const KnownQuestion& question) {
  const int ways = !question.phone.empty() + !question.email.empty() + !question.name.empty() +
                   !(question.system.empty() && question.external_id.empty());
  if (ways != 1)
    throw Error(Code::invalid, "who is meant is asked in exactly one way",
                "give a phone, an e-mail, a name or an identity");
  if (question.system.empty() != question.external_id.empty())
    throw Error(Code::invalid, "an identity is a system and an id in it", "give both");
}

// `asked` and `meant` are whom the actor may ask about: others must not crowd them out of what is read at most, nor end
// the search for them.
std::vector<Id> customers_meant(const View& view, const KnownQuestion& question, const Where& asked,
                                const std::function<bool(Id)>& meant) {
  std::vector<Id> found;
  if (!question.system.empty()) {
    if (const auto record = view.find(Customer::entity_name, question.system, question.external_id))
      found.push_back(record->id());
  } else if (!question.name.empty()) {
    const std::string key = fold(question.name);
    for (const Record& record : view.select({.entity = std::string(Customer::entity_name),
                                .where = Where::all({asked, Where::equal("name_key", std::string_view(key))}),
                                .limit = most_namesakes}))
      found.push_back(record.id());
  } else {
    const bool phone = !question.phone.empty();
    const desk::ContactKeys keys =
        phone ? desk::number_keys(question.phone, question.default_region) : desk::email_keys(question.email);
    for (const desk::Contact& contact : desk::find_contacts(view, keys, phone, meant))
      found.push_back(contact.customer);
  }
  return found;
}

// The actor's rights by the action `know` alone: what it lets them ask, whatever they may read.
class KnowScope {
 public:
  KnowScope(RightsPtr rights, const View& view)
      : rights_(std::move(rights)), customer_(view.schema().entity(Customer::entity_name)) {
    if (rights_ && !may_ask(view))
      throw Error(Problem{Code::denied,
                          "the actor may not ask whether customers are known",
                          "customer",
                          "",
                          {},
                          "ask for a role with the permission `know`"});
  }
  bool has(const Record& customer) const {
    return !rights_ || rights_->allows(customer_, Action::know, customer.row());
  }
  Where all() const { return rights_ ? rights_->scope(customer_, Action::know) : Where{}; }

 private:
  // Whether a customer of their own would be told of: somebody who has none yet may ask all the same.
  bool may_ask(const View& view) const {
    const std::optional<Record> user = view.get(User::entity_name, rights_->user());
    if (!user) return false;
    std::vector<Value> own(customer_.fields.size());
    own[customer_.field("owner_id").number] = Value(user->id());
    for (const char* place : {"team_id", "territory_id"}) own[customer_.field(place).number] = user->get(place);
    return rights_->allows_with(customer_, Action::know, own);
  }

  RightsPtr rights_;
  const Entity& customer_;
};

std::optional<Instant> last_touch(const View& view, Id customer) {
  const auto newest = view.select({.entity = std::string(Interaction::entity_name),
                                   .where = Where::all({Where::equal("customer_id", customer), Where::present("at")}),
                                   .order = {{"at", true}},
                                   .limit = 1});
  return newest.empty() ? std::nullopt : std::optional(newest.front().get("at").instant());
}

std::string name_in(const View& view, std::string_view entity, Id id) {
  const auto record = id ? view.get(entity, id, true) : std::nullopt;
  return record ? std::string(record->get("name").text()) : std::string();
}

void describe(const View& view, const Record& customer, Date today, KnownAnswer& answer) {
  answer.owner_name = name_in(view, User::entity_name, customer.get("owner_id").id());
  answer.team_name = name_in(view, Team::entity_name, customer.get("team_id").id());
  answer.blocked = std::ranges::any_of(blocks_in_force(view, customer.id(), today),
                                       [](const Block& block) { return block.kind == "no_service"; });
}

}  // namespace

KnownAnswer known(const Session& session, const KnownQuestion& question) {
  check(question);
  std::unique_ptr<Reader> reader = session.store().read();
  const RightsPtr rights = session.rights(*reader);
  const View view(std::move(reader));  // without the rights of reading, on purpose
  const KnowScope scope(rights, view);
  const Zone zone = Zone::of(view.info().zone);
  KnownAnswer answer;
  std::optional<Record> last;
  std::optional<Instant> last_at;
  const auto in_scope = [&](Id id) {
    const std::optional<Record> customer = view.get(Customer::entity_name, id);
    return customer && scope.has(*customer);
  };
  for (const Id id : customers_meant(view, question, scope.all(), in_scope)) {
    std::optional<Record> customer = view.get(Customer::entity_name, id);
    if (!customer || !scope.has(*customer)) continue;
    ++answer.customers;
    const std::optional<Instant> at = last_touch(view, id);
    if (last && at <= last_at) continue;
    last = std::move(customer);
    last_at = at;
  }
  if (!last) return answer;
  answer.known = true;
  if (last_at) answer.last_contact = zone.date_of(*last_at);
  describe(view, *last, zone.date_of(session.now()), answer);
  return answer;
}

std::string to_json(const KnownAnswer& answer) {
  std::string out;
  desk::JsonWriter json(out);
  json.open('{');
  json.name("known").value(Value(answer.known));
  json.name("customers").value(Value(static_cast<std::int64_t>(answer.customers)));
  json.member("owner", Value(std::string_view(answer.owner_name)));
  json.member("team", Value(std::string_view(answer.team_name)));
  if (answer.last_contact) json.name("last_contact").value(Value(*answer.last_contact));
  if (answer.known) json.name("blocked").value(Value(answer.blocked));
  json.close('}');
  return out;
}

}  // namespace emptor
