#include "support/office.hpp"

namespace emptor::test {

Code refusal_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

Office::Office(Store& store) : store_(store), system_(store, options(no_id)) { system_.enforce_rights(); }

SessionOptions Office::options(Id user) {
  return {.actor = {.user = user, .name = "test"},
          .clock = [this] { return now; },
          .entropy =
              [this](std::span<std::byte> out) {
                for (auto& b : out) b = std::byte(next_++);
              }};
}

Id Office::put(std::string_view entity, std::initializer_list<Set> fields, Id id) {
  ChangeSet set;
  ChangeSet::Put put = set.put(entity, id);
  for (const Set& each : fields)
    if (each.value.present() || id) put.set(each.field, each.value);
  return system_.apply(set).ids.front();
}

void Office::erase(std::string_view entity, Id id) {
  ChangeSet set;
  set.erase(entity, id);
  system_.apply(set);
}

Id Office::user(std::string_view name, Id team, Id territory) {
  const Id user = put("user", {{"name", name}, {"team_id", team}, {"territory_id", territory}});
  roles_[user] = put("role", {{"name", name}});
  put("user_role", {{"user_id", user}, {"role_id", roles_[user]}});
  return user;
}

Id Office::allow(Id user, std::string_view action, std::string_view scope, std::string_view entity,
                 const KeptFields& fields, std::string_view rule) {
  return put("permission", {{"role_id", roles_.at(user)},
                            {"action", action},
                            {"scope", scope},
                            {"rule", rule},
                            {"entity", entity},
                            {"hidden_fields", fields.hidden},
                            {"masked_fields", fields.masked},
                            {"read_only_fields", fields.read_only}});
}

Id Office::customer(std::string_view name, Id owner, Id team, Id territory) {
  return put("customer", {{"name", name}, {"owner_id", owner}, {"team_id", team}, {"territory_id", territory}});
}

std::unique_ptr<Session> Office::as(Id user) { return std::make_unique<Session>(store_, options(user)); }

}  // namespace emptor::test
