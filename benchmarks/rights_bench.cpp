// Rights on a file of 1 M customers with 1,000 users in 100 teams: what a visible set, a count, a page, a write's check
// and the past cost.
//
//     rights_bench [CUSTOMERS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/desk/profile.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;
using bench::Is;

constexpr std::size_t users = 1'000, teams = 100, at_once = 5'000;

struct Firm {
  std::vector<Id> users, teams;
  Id lead;  ///< sees the team and below; the others see their own
};

Id role_with(Session& session, std::string_view scope) {
  ChangeSet set;
  const Id role = set.put("role").set("name", scope).id();
  for (const std::string_view action : {"read", "create", "update", "delete", "assign"})
    set.put("permission").set("role_id", role).set("action", action).set("scope", scope).set("masked_fields", "city");
  set.put("permission").set("role_id", role).set("action", "read").set("scope", "all").set("entity", "user");
  return session.apply(set).ids.front();
}

Firm make_firm(Session& session) {
  const Id own = role_with(session, "own"), below = role_with(session, "team_and_below");
  Firm firm;
  for (std::size_t i = 0; i < teams; ++i) {
    ChangeSet set;
    ChangeSet::Put put = set.put("team").set("name", "team " + std::to_string(i));
    if (i >= 10) put.set("parent_id", firm.teams[i % 10]);
    firm.teams.push_back(session.apply(set).ids.front());
  }
  for (std::size_t i = 0; i <= users; ++i) {
    ChangeSet set;
    const Id user = set.put("user").set("name", "user " + std::to_string(i)).set("team_id", firm.teams[i % teams]).id();
    set.put("user_role").set("user_id", user).set("role_id", i == users ? below : own);
    const Id made = session.apply(set).ids.front();
    i == users ? void(firm.lead = made) : firm.users.push_back(made);
  }
  return firm;
}

void make_customers(Session& session, const Firm& firm, std::size_t customers) {
  Random random(1);
  for (std::size_t done = 0; done < customers; done += at_once) {
    ChangeSet set;
    for (std::size_t i = done; i < std::min(customers, done + at_once); ++i) {
      const std::size_t user = random.below(users);
      const Id customer = set.put("customer")
                              .set("name", "customer " + std::to_string(random.below(customers)))
                              .set("city", "city " + std::to_string(random.below(500)))
                              .set("owner_id", firm.users[user])
                              .set("team_id", firm.teams[user % teams])
                              .id();
      if (i % 2 == 0)
        set.put("order")
            .set("customer_id", customer)
            .set("ordered_at", Instant{static_cast<std::int64_t>(i) * 1'000'000});
    }
    session.apply(set);
  }
}

std::unique_ptr<Session> as(Store& store, Id user) {
  return std::make_unique<Session>(store, SessionOptions{.actor = {.user = user, .name = "bench"}});
}

/// The median of some runs, in seconds.
template <class Work>
double median(std::size_t runs, Work&& work) {
  std::vector<double> times;
  for (std::size_t run = 0; run < runs; ++run) times.push_back(bench::seconds_of([&] { work(run); }));
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(runs / 2));
  return times[runs / 2];
}

bool read_bounds(Store& store, const Firm& firm) {
  bool held = true;
  const auto page = [](Session& session, const Query& query) {
    ScanKey key;
    Batch batch;
    session.view().scan(query, key, batch);
    return batch.rows();
  };
  const Query by_name{"customer", {}, {{"name_key"}}, {"id", "name", "country"}, 50, false};
  const Query orders{"order", {}, {{"ordered_at", true}}, {}, 50, false};
  const auto lead = as(store, firm.lead), agent = as(store, firm.users[7]);
  held &= bench::bound("visible set of the team and below, built",
                       bench::seconds_of([&] { (void)lead->view().count("customer"); }) * 1e3, Is::at_most, 150, "ms");
  bench::figure("customers in it", static_cast<double>(lead->view().count("customer")), "");
  (void)agent->view();
  for (const auto& [who, session] : {std::pair("team and below", lead.get()), std::pair("own", agent.get())}) {
    std::printf("--- %s\n", who);
    held &= bench::bound("count", median(101, [&](std::size_t) { (void)session->view().count("customer"); }) * 1e3,
                         Is::at_most, 1, "ms");
    held &= bench::bound("first page by name", median(101, [&](std::size_t) { page(*session, by_name); }) * 1e3,
                         Is::at_most, .3, "ms");
  }
  held &=
      bench::bound("a page of an actor's orders, new session and connection",
                   bench::seconds_of([&] { page(*as(store, firm.users[11]), orders); }) * 1e3, Is::at_most, 100, "ms");
  return held;
}

bool write_bounds(Store& store, Session& system, const Firm& firm) {
  bool held = true;
  const auto agent = as(store, firm.users[3]);
  const auto customers = agent->view().select({.entity = "customer", .limit = 1'000});
  const auto rename = [&](Session& session) {
    return [&](std::size_t run) {
      ChangeSet set;
      set.put("customer", customers[run % customers.size()].id()).set("country", run % 2 == 0 ? "PT" : "DE");
      session.apply(set);
    };
  };
  const double refreshed = median(301, [&](std::size_t run) {
    rename(system)(run);
    (void)agent->view().count("customer");
  });
  const double written = median(301, rename(system));
  held &= bench::bound("visible set refreshed after a change", (refreshed - written) * 1e6, Is::at_most, 100, "us");
  const double checked = median(2'001, rename(*agent)), unchecked = median(2'001, rename(system));
  held &= bench::bound("a write's rights check", (checked - unchecked) * 1e6, Is::at_most, 5, "us");
  return held;
}

bool past_bound(Session& system, const Firm& firm) {
  ChangeSet made;
  made.put("customer").set("name", "changed").set("owner_id", firm.users[1]);
  const Id customer = system.apply(made).ids.front();
  const Instant then = system.now();
  for (int change = 0; change < 1'000; ++change) {
    ChangeSet set;
    set.put("customer", customer).set("country", change % 2 == 0 ? "PT" : "DE");
    system.apply(set);
  }
  const double seconds = median(21, [&](std::size_t) {
    const AsOf past(system, then);
    (void)read_profile(system.view(), customer);
  });
  return bench::bound("360 view as of before 1,000 changes", seconds * 1e3, Is::at_most, 2, "ms");
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t customers = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1'000'000;
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "emptor-rights-bench";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "firm.emptor").string();
  Firm firm;
  {
    const auto store =
        open_sqlite(path, {.create = true, .durability = Durability::off, .currency = *Currency::parse("EUR")});
    Session session(*store);
    firm = make_firm(session);
    make_customers(session, firm, customers);
    session.enforce_rights();
  }
  const auto store = open_sqlite(path, {.durability = Durability::off});
  Session system(*store);
  bool held = read_bounds(*store, firm);
  held &= write_bounds(*store, system, firm);
  held &= past_bound(system, firm);
  std::filesystem::remove_all(folder);
  return held ? 0 : 1;
}
