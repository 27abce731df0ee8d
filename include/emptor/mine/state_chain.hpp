/// A Markov chain whose states keep the names that a table gave them.
#pragma once

#include <string>
#include <string_view>

#include "emptor/mine/keys.hpp"
#include "emptor/mine/markov_chain.hpp"

namespace emptor::mine {

struct StateChain {
  MarkovChain chain;
  Keys states;  ///< of each number
  std::string data_version;

  friend bool operator==(const StateChain&, const StateChain&) = default;
};

std::string save(const StateChain& chain);
/// Throws Code::corrupt, Code::newer, Code::unsupported as every model does. A MarkovChain's bytes are one whose states
/// are their numbers.
StateChain load_state_chain(std::string_view bytes);

}  // namespace emptor::mine
