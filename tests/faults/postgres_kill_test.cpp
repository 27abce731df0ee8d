// A PostgreSQL server that is killed again and again under processes that write, while one follows the feed: what was
// acknowledged is there once, and what was told is true. EMPTOR_SERVER_KILLS sets how often (the full run is 20),
// EMPTOR_WRITERS how many processes write (16).
#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <thread>

#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/child_process.hpp"
#include "support/postgres_server.hpp"

using namespace emptor;
using namespace emptor::test;
using SteadyClock = std::chrono::steady_clock;

namespace {

std::int64_t number_from(const char* name, std::int64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoll(text);
}

std::string op_id(std::size_t writer, std::int64_t change) {
  return std::to_string(writer) + "/" + std::to_string(change);
}

// Opens the store, however long the server takes to come back.
std::unique_ptr<Store> open_patiently(const std::string& url) {
  for (;;) {
    try {
      return open_postgres(url);
    } catch (const Error& error) {
      if (error.code() != Code::io && error.code() != Code::busy) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

// One change after another; what may have failed is tried again under its operation id, and told once it is done.
void write_for_ever(const std::string& url, std::size_t writer, const ChildProcess::Link& link) {
  std::int64_t change = 1;
  for (;;) {
    const auto store = open_patiently(url);
    try {
      for (Session session(*store);; ++change) {
        const std::string id = op_id(writer, change);
        ChangeSet set;
        set.put("interaction").set("customer_id", Id{1}).set("channel", "phone").set("subject", std::string_view(id));
        session.apply(set, {.op_id = id});
        link.say(&change, sizeof change);
      }
    } catch (const Error& error) {
      if (error.code() != Code::io && error.code() != Code::busy) throw;
    }
  }
}

// Commits that nobody waits for.
void write_carelessly(const std::string& url) {
  const auto store = open_patiently(url);
  for (Session session(*store);;) {
    ChangeSet set;
    set.put("interaction").set("customer_id", Id{1}).set("channel", "phone");
    session.apply(set, {.durability = Durability::normal});
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

// Tells the hash of every entry, and ends with a failure where one does not continue the one before.
void follow_for_ever(const std::string& url, const ChildProcess::Link& link) {
  JournalHead at;
  for (;;) {
    const auto store = open_patiently(url);
    try {
      for (;;) {
        const auto entries = store->read()->journal(at.position, 100);
        for (const JournalEntry& entry : entries) {
          if (entry.position != at.position + 1 || chain_hash(entry, at.hash) != entry.hash)
            throw std::runtime_error("the feed has a gap, or what it told before was lost");
          at = {entry.position, entry.hash};
          link.say(&at, sizeof at);
        }
        if (entries.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    } catch (const Error& error) {
      if (error.code() != Code::io && error.code() != Code::busy) throw;
    }
  }
}

struct Writers {
  std::vector<std::unique_ptr<ChildProcess>> processes;
  std::vector<std::int64_t> acknowledged;  // the last change of each

  Writers(const std::string& url, std::size_t count) : acknowledged(count, 0) {
    for (std::size_t i = 0; i < count; ++i)
      processes.push_back(
          std::make_unique<ChildProcess>([&url, i](const ChildProcess::Link& link) { write_for_ever(url, i, link); }));
  }
  void hear() {
    for (std::size_t i = 0; i < processes.size(); ++i)
      for (std::int64_t change = 0; processes[i]->hear_within(&change, sizeof change, 100);) {
        CHECK(change == acknowledged[i] + 1);
        acknowledged[i] = change;
      }
  }
  void kill() {
    for (const auto& process : processes) process->kill_now();
    hear();
  }
};

void hear_feed(ChildProcess& follower, std::vector<Hash>& feed, long long micros) {
  for (JournalHead head; follower.hear_within(&head, sizeof head, micros);) {
    CHECK(head.position == static_cast<std::int64_t>(feed.size()) + 1);
    feed.push_back(head.hash);
  }
}

// How often each change is there.
std::map<std::string, int> changes_in(Session& session) {
  std::map<std::string, int> found;
  const View view = session.view();
  for (const Record& record : view.select({.entity = "interaction", .limit = 10'000'000}))
    ++found[std::string(record.get("subject").text())];
  return found;
}

void check_changes(Session& session, const Writers& writers) {
  const std::map<std::string, int> found = changes_in(session);
  std::size_t known = 0;
  for (std::size_t i = 0; i < writers.acknowledged.size(); ++i) {
    for (std::int64_t change = 1; change <= writers.acknowledged[i]; ++change) {
      const auto at = found.find(op_id(i, change));
      CHECK((at != found.end() && at->second == 1));
    }
    const auto doubtful = found.find(op_id(i, writers.acknowledged[i] + 1));
    const bool there = doubtful != found.end();
    CHECK((!there || doubtful->second == 1));
    known += static_cast<std::size_t>(writers.acknowledged[i]) + (there ? 1 : 0);
  }
  CHECK(found.size() == known);
  CHECK(session.verify(true).faults == std::vector<std::string>{});
}

void check_feed(Store& store, ChildProcess& follower, std::vector<Hash>& feed) {
  const auto reader = store.read();
  const auto newest = static_cast<std::size_t>(reader->info().position);
  for (const auto end = SteadyClock::now() + std::chrono::seconds(20);
       feed.size() < newest && SteadyClock::now() < end;)
    hear_feed(follower, feed, 1000);
  REQUIRE(feed.size() == newest);
  for (std::size_t at = 0; at < newest;)
    for (const JournalEntry& entry : reader->journal(static_cast<std::int64_t>(at), 1000))
      CHECK(entry.hash == feed[at++]);
}

}  // namespace

// What a server that is killed loses is the last page of its log, so there is little to find in each round.
TEST_CASE("a feed tells only what a server that is killed still has, also of commits that did not wait for the disk") {
  if (!PostgresServer::installed()) return;
  PostgresServer server;
  const std::string url = server.url() + "?schema=careless";
  ChangeSet first;
  first.put("customer").set("name", "n");
  Session(*open_postgres(url, {.create = true})).apply(first);
  for (int round = 0; round < 5; ++round) {
    ChildProcess writer([&](const ChildProcess::Link&) { write_carelessly(url); });
    ChildProcess follower([&](const ChildProcess::Link& link) { follow_for_ever(url, link); });
    std::vector<Hash> feed;
    const std::size_t enough = 20 * static_cast<std::size_t>(round + 1);
    for (const auto end = SteadyClock::now() + std::chrono::seconds(20);
         feed.size() < enough && SteadyClock::now() < end;)
      hear_feed(follower, feed, 1000);
    server.kill();
    follower.kill_now();
    hear_feed(follower, feed, 100);
    writer.kill_now();
    server.start();
    const auto store = open_patiently(url);
    const auto reader = store->read();
    REQUIRE(feed.size() >= enough);
    REQUIRE(reader->info().position >= static_cast<std::int64_t>(feed.size()));
    const auto entries = reader->journal(0, feed.size());
    for (std::size_t i = 0; i < feed.size(); ++i) CHECK(entries[i].hash == feed[i]);
  }
}

TEST_CASE("a server that is killed under its writers has every acknowledged change once, and its feed was true") {
  if (!PostgresServer::installed()) return;
  const std::int64_t kills = number_from("EMPTOR_SERVER_KILLS", 3);
  const auto count = static_cast<std::size_t>(number_from("EMPTOR_WRITERS", 4));
  PostgresServer server;
  const std::string url = server.url() + "?schema=killed";
  ChangeSet first;
  first.put("customer").set("name", "n");
  Session(*open_postgres(url, {.create = true})).apply(first);
  Writers writers(url, count);
  ChildProcess follower([&](const ChildProcess::Link& link) { follow_for_ever(url, link); });
  std::vector<Hash> feed;
  Random random(7);
  for (std::int64_t round = 0; round <= kills; ++round) {
    const auto end = SteadyClock::now() + std::chrono::milliseconds(300 + random.below(700));
    while (SteadyClock::now() < end) {
      writers.hear();
      hear_feed(follower, feed, 100);
    }
    if (round == kills) break;
    server.kill();
    server.start();
  }
  writers.kill();
  const auto store = open_patiently(url);
  Session session(*store);
  std::int64_t acknowledged = 0;
  for (const std::int64_t each : writers.acknowledged) {
    CHECK(each > 0);
    acknowledged += each;
  }
  check_changes(session, writers);
  check_feed(*store, follower, feed);
  std::printf(
      "server kills: %lld kills under %zu writers, %lld changes acknowledged, all there once; %zu entries "
      "followed without a gap\n",
      static_cast<long long>(kills), count, static_cast<long long>(acknowledged), feed.size());
}
