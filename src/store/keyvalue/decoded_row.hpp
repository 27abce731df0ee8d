// Stored rows turned back into values, one at a time, in memory that is used again.
#pragma once

#include <vector>

#include "model/row_codec.hpp"

namespace emptor::keyvalue {

class DecodedRow {
 public:
  explicit DecodedRow(const Entity& entity) : entity_(&entity), values_(entity.fields.size()) {}
  /// Views into `stored`; valid until the next call.
  Row operator()(std::string_view stored) {
    decode_row(*entity_, stored, values_);
    return values_;
  }

 private:
  const Entity* entity_;
  std::vector<Value> values_;
};

}  // namespace emptor::keyvalue
