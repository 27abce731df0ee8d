/// Sorted keys of a column as the miners keep them.
#pragma once

#include "emptor/mine/keys.hpp"
#include "emptor/store/batch.hpp"

namespace emptor {

inline mine::Keys keys_of(const Column& sorted) {
  mine::Keys keys;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted.is_text()) {
      keys.texts.emplace_back(sorted.text(i));
    } else {
      keys.wholes.push_back(sorted.bits[i]);
    }
  }
  return keys;
}

}  // namespace emptor
