#include "core/hex.hpp"

#include <doctest/doctest.h>

using namespace emptor;

TEST_CASE("hex: bytes and back; what is no such text is refused") {
  CHECK(to_hex("") == "");
  CHECK(to_hex(std::string("\x00\x7f\xff", 3)) == "007fff");
  CHECK(from_hex("007FfF") == std::string("\x00\x7f\xff", 3));
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(from_hex(to_hex(all)) == all);
  for (const char* text : {"0", "0g", "g0", "00 ", "0x00"}) CHECK_FALSE(from_hex(text));
}
