#include "emptor/session/session_json.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"

using namespace emptor;

TEST_CASE("session json: a verification names every figure and escapes its faults") {
  Verification found;
  found.intact = false;
  found.entries = 12;
  found.broken_at = 7;
  found.faults = {"entry 7: \"hash\" differs"};
  found.head[0] = std::byte{0x9f};
  CHECK(to_json(found) == R"({"intact":false,"entries":"12","changes":"0","records":"0","broken_at":"7","head":"9f)" +
                              std::string(62, '0') + R"(","faults":["entry 7: \"hash\" differs"]})");
}

TEST_CASE("session json: a verification of a trimmed journal tells where it begins") {
  Verification found;
  found.base = {{7, {}}, *parse_instant("2024-02-29T12:00:00Z")};
  found.not_compared = 3;
  const std::string zeros(64, '0');
  CHECK(to_json(found) == R"({"intact":true,"entries":"0","changes":"0","records":"0","broken_at":"0","base":"7:)" +
                              zeros + R"(","trimmed_to":"2024-02-29T12:00:00Z","not_compared":"3","head":")" + zeros +
                              R"(","faults":[]})");
  CHECK(parse_base(to_string(found.base)) == found.base);
  CHECK(parse_base("") == JournalBase{});
  CHECK_THROWS_AS(parse_base("7:ab"), Error);
}

TEST_CASE("session json: a feed is its position and its items") {
  Feed feed;
  feed.position = 12;
  feed.items = {{12, *parse_instant("2024-02-29T12:00:00Z"), Id{0}, "customer", Id{3}, ChangeKind::update, 12}};
  CHECK(to_json(feed) == R"({"position":"12","items":[{"position":"12","at":"2024-02-29T12:00:00Z","actor":"0",)"
                         R"("entity":"customer","id":"3","kind":"update","version":"12"}]})");
  CHECK(to_json(Feed{}) == R"({"position":"0","items":[]})");
}
