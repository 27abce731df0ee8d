/// Sentences with a place for a number, in two languages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "emptor/insight/language.hpp"

namespace emptor {

/// # stands for a number of the customer, @ for one of the run (days).
struct FilledWords {
  std::string_view english, chinese;

  std::string fill(double number, std::int32_t days, Language language) const;
};

}  // namespace emptor
