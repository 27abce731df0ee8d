#include "emptor/insight/segment_map.hpp"

#include <doctest/doctest.h>

#include <map>

#include "emptor/core/error.hpp"

using namespace emptor;

namespace {

/// The messages of the error that `rules` give.
std::vector<std::string> faults_of(std::string_view rules, int bins, SegmentOverlap overlap = SegmentOverlap::refuse) {
  try {
    SegmentMap(parse_segment_rules(rules), bins, overlap);
  } catch (const Error& error) {
    std::vector<std::string> messages;
    for (const Problem& problem : error.problems()) messages.push_back(problem.message);
    return messages;
  }
  return {};
}

bool contains(const std::vector<std::string>& messages, std::string_view text) {
  for (const std::string& message : messages) {
    if (message.find(text) != std::string::npos) return true;
  }
  return false;
}

/// The widely copied table of eleven names on recency and the mean of frequency and monetary score.
constexpr std::string_view eleven =
    "champions: R 4-5, FM 4-5\n"
    "loyal customers: R 2-5, FM 3-5\n"
    "potential loyalist: R 3-5, FM 1-3\n"
    "recent customers: R 4-5, FM 0-1\n"
    "promising: R 3-4, FM 0-1\n"
    "needing attention: R 2-3, FM 2-3\n"
    "about to sleep: R 2-3, FM 0-2\n"
    "at risk: R 0-2, FM 2-5\n"
    "can't lose them: R 0-1, FM 4-5\n"
    "hibernating: R 1-2, FM 1-2\n"
    "lost: R 0-2, FM 0-2\n";

}  // namespace

TEST_CASE("segment map: the ten names cover each of the 25 cells of recency and frequency once") {
  const SegmentMap& map = ten_segments();
  CHECK(map.names().size() == 10);
  std::map<std::string, int> cells;
  for (int r = 1; r <= 5; ++r) {
    for (int f = 1; f <= 5; ++f) ++cells[map.name(r, f, 1)];
  }
  CHECK(cells["hibernating"] == 4);
  CHECK(cells["at risk"] == 4);
  CHECK(cells["can't lose"] == 2);
  CHECK(cells["loyal"] == 4);
  CHECK(cells["potential loyalist"] == 4);
  CHECK(cells["champion"] == 2);
  CHECK(map.name(5, 1, 5) == "new");
  CHECK(map.name(4, 1, 3) == "promising");
  CHECK(map.name(3, 3, 1) == "need attention");
  CHECK(map.name(3, 2, 1) == "about to sleep");
}

TEST_CASE("segment map: the folklore table of eleven names is refused, 76 of 125 cells match more than one") {
  try {
    SegmentMap(parse_segment_rules(eleven), 5);
    FAIL("the table was accepted");
  } catch (const Error& error) {
    CHECK(error.first().hint == "0 cells without a name, 76 with several");
  }
}

TEST_CASE("segment map: taken in order, four names of the folklore table can never occur") {
  const std::vector<std::string> faults = faults_of(eleven, 5, SegmentOverlap::first_wins);
  CHECK(faults == std::vector<std::string>{
                      "no cell is given the name 'recent customers'", "no cell is given the name 'promising'",
                      "no cell is given the name 'can't lose them'", "no cell is given the name 'lost'"});
}

TEST_CASE("segment map: a gap is an error that names the cell") {
  CHECK(contains(faults_of("good: R 2, F 1-2\nbad: R 1, F 1", 2), "no rule covers the cell R1 F2 M1"));
}

TEST_CASE("segment map: an overlap is an error that names the cell and both rules") {
  CHECK(contains(faults_of("good: R 2\nbad: R 1-2", 2), "the cell R2 F1 M1 is covered by 'good' and 'bad'"));
}

TEST_CASE("segment map: a name may have several rules") {
  const SegmentMap map(parse_segment_rules("edge: R 1\nedge: R 3\nmiddle: R 2"), 3);
  CHECK(map.names().size() == 2);
  CHECK(map.name(3, 1, 1) == "edge");
  CHECK(map.name(2, 3, 3) == "middle");
}

TEST_CASE("segment map: rules may be commented, and a malformed one names its line") {
  CHECK(parse_segment_rules("# all of them\nall: R 1-5 # every one\n\n").size() == 1);
  CHECK_THROWS_WITH_AS(parse_segment_rules("all: R 1-5\nodd: Q 3"), doctest::Contains("line 2"), Error);
  CHECK_THROWS_WITH_AS(parse_segment_rules("no colon"), doctest::Contains("line 1"), Error);
  CHECK_THROWS_WITH_AS(parse_segment_rules("odd: R 4-2"), doctest::Contains("wrong order"), Error);
  CHECK_THROWS_WITH_AS(parse_segment_rules("odd: R 1.5"), doctest::Contains("whole"), Error);
}
