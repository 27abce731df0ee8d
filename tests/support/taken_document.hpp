// A document of the C API as a value, and freed.
#pragma once

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor.h"

namespace emptor::test {

inline boost::json::value take(emptor_document* document) {
  emptor_text text{};
  REQUIRE(emptor_document_text(document, &text, nullptr) == EMPTOR_OK);
  boost::json::value value = boost::json::parse({text.data, text.size});
  emptor_document_free(document, nullptr);
  return value;
}

}  // namespace emptor::test
