// Tokens of versions: undone by the secret, apart from each other, and without order.
#include "session/rights/version_tokens.hpp"

#include <doctest/doctest.h>

#include <set>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

TEST_CASE("version tokens: each version has one of its own, and the secret gives it back") {
  const VersionTokens tokens("0123456789abcdef"), others("0123456789abcdeg");
  std::set<std::int64_t> seen;
  Random random(1);
  std::size_t rises = 0, shared = 0;
  std::int64_t before = 0;
  for (std::int64_t i = 1; i <= 20'000; ++i) {
    const std::int64_t version = i <= 10'000 ? i : static_cast<std::int64_t>(random.below(std::uint64_t{1} << 62));
    const std::int64_t token = tokens.token_of(version);
    REQUIRE(tokens.version_of(token) == version);
    REQUIRE(token >= 0);
    shared += token == others.token_of(version);
    if (i <= 10'000) REQUIRE(seen.insert(token).second);
    rises += token > before;
    before = token;
  }
  CHECK(shared == 0);
  CHECK(rises > 9'600);
  CHECK(rises < 10'400);
  CHECK(tokens.token_of(0) == 0);
  CHECK(tokens.version_of(-5) == -5);
}

TEST_CASE("[M5] rights: versions and positions are tokens to a user, and serve as such") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id bob = office.user("Bob");
    for (const std::string_view action : {"read", "update"}) office.allow(bob, action, "own", "customer");
    const Id customer = office.customer("c", bob);
    const auto session = office.as(bob);
    const std::int64_t true_version = office.system().view().get("customer", customer)->version();
    const std::int64_t version = session->view().get("customer", customer)->version();
    CHECK(version != true_version);
    CHECK(session->view().select({.entity = "customer"}).front().version() == version);
    CHECK(session->view().history("customer", customer).front().version == version);
    const auto rename = [&](std::int64_t expected) {
      ChangeSet set;
      set.put("customer", customer).set("name", "d").expect(expected);
      return session->apply(set);
    };
    CHECK_THROWS_AS(rename(true_version), Error);
    const Receipt receipt = rename(version);
    CHECK(session->view().get("customer", customer)->version() == receipt.versions.front());
    const Feed all = session->view().feed(0, 1'000);
    REQUIRE(all.items.size() == 2);
    CHECK(all.items[1].version == receipt.versions.front());
    CHECK(session->view().feed(all.items[0].position, 1'000).items.size() == 1);
    CHECK(session->view().feed(all.position, 1'000).items.empty());
    CHECK_THROWS_AS(session->view().select({.entity = "customer", .order = {{"version"}}}), Error);
    const Query newer{.entity = "customer", .where = Where::compare("version", Operator::greater, Value(5))};
    CHECK_THROWS_AS(session->view().select(newer), Error);
  });
}
