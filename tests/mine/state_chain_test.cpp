#include "emptor/mine/state_chain.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

StateChain made() {
  const std::uint64_t starts[] = {0, 3, 5};
  const std::uint32_t states[] = {0, 1, 0, 1, 1};
  return {.chain = fit_markov_chain({starts, states}, {.states = 2, .pseudo_count = .5}),
          .states = {.texts = {"active", "idle"}},
          .data_version = "7"};
}

}  // namespace

TEST_CASE("state chain: keys are found by what they are, and nothing else is") {
  const Keys texts{.texts = {"a", "b", "d"}}, wholes{.wholes = {-5, 0, 9}};
  CHECK(texts.find("b") == 1);
  CHECK_FALSE(texts.find("c").has_value());
  CHECK_FALSE(texts.find(1).has_value());
  CHECK(wholes.find(-5) == 0);
  CHECK_FALSE(wholes.find(4).has_value());
  CHECK_FALSE(wholes.find("0").has_value());
  CHECK(Keys().size() == 0);
}

TEST_CASE("state chain: it is kept with the names of its states; damaged, cut and foreign bytes are refused") {
  const StateChain chain = made();
  const std::string bytes = save(chain);
  CHECK(load_state_chain(bytes) == chain);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    CHECK_THROWS_AS(load_state_chain(damaged), Error);
    CHECK_THROWS_AS(load_state_chain(bytes.substr(0, at)), Error);
  }
  StateChain misnamed = chain;
  misnamed.states.texts.pop_back();
  CHECK_THROWS_AS(load_state_chain(save(misnamed)), Error);
  misnamed.states.texts = {"idle", "active"};  // not ascending: they would not be found
  CHECK_THROWS_AS(load_state_chain(save(misnamed)), Error);
  misnamed.states = {.wholes = {1}, .texts = {"idle"}};
  CHECK_THROWS_AS(load_state_chain(save(misnamed)), Error);
}

TEST_CASE("state chain: a plain Markov chain's bytes are one whose states are their numbers") {
  const StateChain chain = load_state_chain(save(made().chain));
  CHECK(chain.chain == made().chain);
  CHECK(chain.states == Keys{.wholes = {0, 1}});
}
