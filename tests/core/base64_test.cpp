#include "core/base64.hpp"

#include <doctest/doctest.h>

using namespace emptor;

TEST_CASE("base64: the test vectors of RFC 4648, 10") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(from_base64(to_base64(all)) == all);
}

TEST_CASE("base64: what is no such text is refused") {
  for (const char* text : {"Zg", "Zg=", "Z", "Zm9v!", "Zm9v\n", "Zm9vYg==Zm9v", "===="}) CHECK_FALSE(from_base64(text));
}
