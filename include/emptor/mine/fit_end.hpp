/// How a fit by maximum likelihood ended, and whether its estimates may be used.
#pragma once

#include <cstdint>
#include <string_view>

namespace emptor::mine {

enum class FitEnd : std::uint8_t {
  certified,     ///< sqrt(g' H^-1 g) < 1e-6: nearer to the maximum than a millionth of a standard error
  vague,         ///< certified, but a 95 % interval spans a factor above e^3: too few data for this model
  boundary,      ///< the likelihood rises, or stays, where a parameter goes to 0 or infinity: no estimate
  unidentified,  ///< the likelihood is flat along a direction: the data do not tell the parameters apart
  rounds,        ///< the limit of rounds was reached
};
/// "certified" ...
std::string_view name_of(FitEnd end) noexcept;

}  // namespace emptor::mine
