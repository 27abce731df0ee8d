#include "emptor/mine/state_chain.hpp"

#include <numeric>

#include "mine/keys_archive.hpp"
#include "mine/model_frame.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "state_chain";

}  // namespace

std::string save(const StateChain& chain) {
  ModelFrame frame{.algorithm = std::string(algorithm),
                   .options = OptionsText().number("pseudo_count", chain.chain.options.pseudo_count).text(),
                   .data_version = chain.data_version};
  append_keys(frame.payload, chain.states);
  append_sized(frame.payload, save(chain.chain));
  return to_bytes(frame);
}

StateChain load_state_chain(std::string_view bytes) {
  StateChain loaded;
  if (algorithm_of(bytes) == "markov_chain") {
    loaded.chain = load_markov_chain(bytes);
    loaded.states.wholes.resize(loaded.chain.states());
    std::iota(loaded.states.wholes.begin(), loaded.states.wholes.end(), 0);
    return loaded;
  }
  const ModelFrame frame = frame_of(bytes, algorithm, 1);
  loaded.data_version = frame.data_version;
  ByteReader reader(frame.payload);
  loaded.states = read_keys(reader);
  loaded.chain = load_markov_chain(reader.sized());
  expect(reader.done() && loaded.states.size() == loaded.chain.states());
  return loaded;
}

}  // namespace emptor::mine
