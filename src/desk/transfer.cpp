#include "desk/transfer.hpp"

#include "emptor/core/error.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/party.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t few = 500;
constexpr std::size_t at_once = 4'096;  // rows a batch

template <class Visit>
void each_row(const View& view, const Query& query, const Visit& visit) {
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row)
      visit(batch.ids[row], [&](std::size_t column) { return batch.columns[column].value(row); });
  }
}

const Field& responsible_of(const Schema& schema, std::string_view entity) {
  const Entity& described = schema.entity(entity);
  return described.fields[*described.responsible_field];
}

View view_as_seen(Session& session, RightsPtr& rights) {
  std::unique_ptr<Reader> reader = session.store().read();
  rights = session.rights(*reader);
  return View(std::move(reader), rights);
}

}  // namespace

Where of_ids(const std::string& field, std::span<const Id> ids) {
  if (ids.size() <= few) return Where::in(field, std::vector<Value>(ids.begin(), ids.end()));
  const auto set = std::make_shared<IdSet>();
  for (const Id id : ids) set->insert(id);
  return Where::among(field, set);
}

bool acts(const Record& user, Date day) {
  const Value active = user.get("active"), left = user.get("left_on");
  return (!active.present() || active.boolean()) && (!left.present() || left.date() > day);
}

Recipient recipient(const View& view, Id user, Date day) {
  const std::optional<Record> found = view.get(User::entity_name, user);
  if (!found) throw Error(Problem{Code::not_found, "there is no such record", "user", "id", {}, {}});
  if (!acts(*found, day))
    throw Error(Problem{Code::invalid, "the user has left, or may not act", "user", "id", {}, "name somebody else"});
  return {user, found->get("team_id").id(), found->get("territory_id").id()};
}

Transfer::Transfer(Session& session, const TransferOptions& options)
    : session_(session), options_(options), seen_(view_as_seen(session, rights_)), whole_(session.store().read()) {}

std::optional<Transferred> Transfer::earlier() const {
  if (options_.op_id.empty()) return std::nullopt;
  const auto entry = session_.store().read()->operation(options_.op_id);
  if (!entry) return std::nullopt;
  // Somebody else's is refused with the change set.
  if (rights_ && entry->actor != session_.options().actor.user) return std::nullopt;
  Transferred done;
  done.position = rights_ ? rights_->token_of(entry->position) : entry->position;
  done.repeated = true;
  return done;
}

Date Transfer::today() const { return Zone::of(whole_.info().zone).date_of(session_.now()); }

Where Transfer::assignable(std::string_view entity) const {
  return rights_ ? rights_->scope(seen_.schema().entity(entity), Action::assign) : Where{};
}

std::vector<OwnedCustomer> Transfer::customers(const Where& where) const {
  const Query query{.entity = std::string(Customer::entity_name),
                    .where = Where::all({assignable(Customer::entity_name), where}),
                    .fields = {"version", "owner_id", "team_id", "territory_id", "tier"},
                    .limit = at_once};
  std::vector<OwnedCustomer> found;
  each_row(seen_, query, [&](Id id, auto&& value) {
    found.push_back(
        {id, value(0).integer(), value(1).id(), value(2).id(), value(3).id(), std::string(value(4).text())});
  });
  return found;
}

void Transfer::give(const OwnedCustomer& customer, Id owner, Id team) {
  if (customer.owner == owner && customer.team == team) return;
  changes_.put(Customer::entity_name, customer.id).set("owner_id", owner).set("team_id", team).expect(customer.version);
  customers_[customer.id] = {customer.owner, owner};
  ++given_[{std::string(Customer::entity_name), owner}];
}

void Transfer::give(const Duty& duty, const OpenRecord& record, Id user) {
  changes_.put(duty.entity, record.id)
      .set(responsible_of(seen_.schema(), duty.entity).name, user)
      .expect(record.version);
  ++given_[{std::string(duty.entity), user}];
}

void Transfer::keep(std::string_view entity, KeptReason reason, std::int64_t count) {
  if (count > 0) kept_[{std::string(entity), reason}] += static_cast<std::size_t>(count);
}

void Transfer::scan_open(const Duty& duty, Where where, const std::function<void(const OpenRecord&)>& take) const {
  const Entity& entity = seen_.schema().entity(duty.entity);
  Query query{.entity = entity.name,
              .where = Where::all({duty.open, std::move(where)}),
              .fields = {"version", responsible_of(seen_.schema(), duty.entity).name},
              .limit = at_once};
  if (entity.customer_field) query.fields.push_back(entity.fields[*entity.customer_field].name);
  each_row(seen_, query, [&](Id id, auto&& value) {
    take({id, value(0).integer(), value(1).id(), entity.customer_field ? value(2).id() : no_id});
  });
}

void Transfer::each_open(const Duty& duty, const Where& where,
                         const std::function<bool(const OpenRecord&, bool assignable)>& take) {
  const Where allowed = assignable(duty.entity);
  scan_open(duty, Where::all({allowed, where}), [&](const OpenRecord& record) { take(record, true); });
  if (allowed.kind == Where::Kind::always) return;
  scan_open(duty, Where::all({Where::negate(allowed), where}), [&](const OpenRecord& record) {
    if (take(record, false)) keep(duty.entity, KeptReason::denied, 1);
  });
}

void Transfer::give_open_records() {
  std::vector<Id> ids;
  for (const auto& [id, given] : customers_)
    if (given.from != given.to) ids.push_back(id);
  if (ids.empty()) return;
  for (const Duty& duty : duties()) {
    if (!duty.along) continue;
    each_open(duty, of_ids("customer_id", ids), [&](const OpenRecord& record, bool assignable) {
      const Given& given = customers_.at(record.customer);
      if (record.user != given.from) return false;
      if (assignable) give(duty, record, given.to);
      return true;
    });
  }
}

std::optional<Id> Transfer::new_owner(Id customer) const {
  const auto found = customers_.find(customer);
  return found == customers_.end() ? std::nullopt : std::optional(found->second.to);
}

Transferred Transfer::finish() {
  Transferred done;
  if (!changes_.empty()) {
    const Receipt receipt =
        session_.apply(changes_, {.op_id = options_.op_id, .reason = options_.reason, .dry_run = options_.dry_run});
    done.position = receipt.position;
    done.repeated = receipt.repeated;
  }
  for (const auto& [to, count] : given_) done.given.push_back({to.first, to.second, count});
  for (const auto& [why, count] : kept_) done.kept.push_back({why.first, why.second, count});
  return done;
}

}  // namespace emptor::desk
