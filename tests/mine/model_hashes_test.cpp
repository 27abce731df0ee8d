// One hash a model, written down here: whatever compiler built the library, however the rows are ordered, the model
// and what it says of each row have these bits. A change of an algorithm changes its line, and says so in the log.
#include <doctest/doctest.h>

#include <cstring>
#include <map>

#include "emptor/core/random.hpp"
#include "emptor/mine/algorithm.hpp"
#include "support/same_bits.hpp"

using namespace emptor;
using namespace emptor::mine;
using namespace emptor::test;

namespace {

constexpr std::size_t row_count = 900, column_count = 6;

// Quarters and sixty-fourths, so that no compiler can round them in another way; some columns repeat values.
OwnedRows made_rows(bool two_classes) {
  Random random(20261130);
  OwnedRows rows;
  rows.columns = column_count;
  for (std::size_t row = 0; row < row_count; ++row) {
    double sum = 0;
    for (std::size_t column = 0; column < column_count; ++column) {
      const double steps = static_cast<double>(random.below(column % 2 == 0 ? 9 : 2'000));
      rows.x.push_back(column % 2 == 0 ? steps / 4 : steps / 64 - 15);
      sum += column < 3 ? rows.x.back() : 0;
    }
    const double noise = static_cast<double>(random.below(1'000)) / 64;
    const double level = sum + noise;
    rows.y.push_back(two_classes ? (level > 8 ? 1 : 0) : level > 18 ? 2 : level > 0 ? 1 : 0);
    rows.ids.push_back(row * 7 + 3);
  }
  return rows;
}

std::uint64_t hash_of(std::string_view bytes, std::uint64_t hash = 0xcbf29ce484222325) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

// Of the model's bytes, and of its scores (or values) of the rows in the order of their ids.
std::uint64_t hash_of(const AnyModel& model, const OwnedRows& rows) {
  const Answer answer = width(model, Answer::scores) > 0 ? Answer::scores : Answer::value;
  std::vector<double> told(rows.size() * width(model, answer));
  predict(model, rows.view().x, answer, told);
  std::string bytes(told.size() * sizeof(double), '\0');
  std::memcpy(bytes.data(), told.data(), bytes.size());
  return hash_of(bytes, hash_of(save(model)));
}

std::string options_for(std::string_view name) {
  if (name == "gradient_boosting") return R"({"loss":"softmax","rounds":12})";
  if (name == "random_forest") return R"({"trees":9})";
  if (name == "mini_batch_kmeans") return R"({"batch":200})";
  return "{}";
}

bool learns_two_classes(std::string_view name) { return name == "scorecard" || name == "blended_boosting"; }

// Those that look at rows in the order in which they come, by name.
bool depends_on_order(std::string_view name) { return name == "mini_batch_kmeans"; }

const std::map<std::string, std::uint64_t, std::less<>> known = {
    {"kmeans", 15497112515266585664ULL},           {"mini_batch_kmeans", 14908595328633122620ULL},
    {"decision_tree", 973966803254629507ULL},      {"random_forest", 12997311219906572752ULL},
    {"gradient_boosting", 4603649769842971833ULL}, {"logistic", 3101052843506023688ULL},
    {"naive_bayes", 18017084673299078050ULL},      {"isolation_forest", 16205366485276674763ULL},
    {"scaling", 3146057040621274034ULL},           {"kmeans_choice", 3237906875717907033ULL},
    {"scorecard", 1409926293383700270ULL},         {"blended_boosting", 3079253283401327077ULL},
};

}  // namespace

TEST_CASE("[J1] model hashes: every algorithm of the table gives the bits that are written down") {
  for (const AlgorithmEntry& entry : algorithms()) {
    CAPTURE(std::string(entry.name));
    const OwnedRows rows = made_rows(learns_two_classes(entry.name));
    const std::uint64_t hash = hash_of(fit(entry.name, options_for(entry.name), rows.view()), rows);
    const auto line = known.find(entry.name);
    CHECK_MESSAGE((line != known.end() && line->second == hash), hash);
  }
  CHECK(known.size() == algorithms().size());
}

TEST_CASE("[J1] model hashes: so does every order of the rows, and every level of vector instructions") {
  for (const AlgorithmEntry& entry : algorithms()) {
    if (depends_on_order(entry.name)) continue;
    CAPTURE(std::string(entry.name));
    const OwnedRows rows = made_rows(learns_two_classes(entry.name));
    const std::string options = options_for(entry.name);
    for (std::uint64_t seed = 1; seed <= 3; ++seed)
      CHECK(save(fit(entry.name, options, permuted(rows, seed).view())) == save(fit(entry.name, options, rows.view())));
    std::vector<std::uint64_t> hashes;
    on_every_target([&](const char*) { hashes.push_back(hash_of(fit(entry.name, options, rows.view()), rows)); });
    for (const std::uint64_t hash : hashes) CHECK(hash == hashes.front());
  }
}
