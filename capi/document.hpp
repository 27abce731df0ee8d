/// JSON on its way out.
#pragma once

#include <string>

#include "objects.hpp"

namespace emptor::capi {

inline emptor_document* hand_out_document(std::string json) {
  auto document = std::make_unique<DocumentObject>();
  document->json = std::move(json);
  return hand_out<emptor_document>(std::move(document));
}

}  // namespace emptor::capi
