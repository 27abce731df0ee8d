#include "core/varint.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "emptor/core/random.hpp"

using namespace emptor;

namespace {

std::string varint(std::uint64_t value) {
  std::string bytes;
  append_varint(bytes, value);
  return bytes;
}

bool is_refused(std::string_view bytes) {
  try {
    ByteReader(bytes).varint();
  } catch (const Error& error) {
    return error.code() == Code::corrupt;
  }
  return false;
}

}  // namespace

TEST_CASE("varint: the bytes are those of LEB128") {
  using namespace std::string_literals;
  CHECK(varint(0) == "\0"s);
  CHECK(varint(127) == "\x7F");
  CHECK(varint(128) == "\x80\x01");
  CHECK(varint(624'485) == "\xE5\x8E\x26");  // the example of the DWARF standard, 7.6
  CHECK(varint(std::numeric_limits<std::uint64_t>::max()) == "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
}

TEST_CASE("varint: zigzag keeps small numbers of either sign small") {
  CHECK(zigzag(0) == 0);
  CHECK(zigzag(-1) == 1);
  CHECK(zigzag(1) == 2);
  CHECK(zigzag(-2) == 3);
  for (const std::int64_t value :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    CHECK(unzigzag(zigzag(value)) == value);
  }
}

TEST_CASE("varint: random numbers, texts and fixed words read back in order") {
  Random random(1);
  for (int round = 0; round < 5'000; ++round) {
    const std::uint64_t number = random.next() >> random.below(64);
    const auto with_sign = static_cast<std::int64_t>(random.next()) >> random.below(64);
    const std::string text(random.below(200), 'x');
    std::string bytes;
    append_varint(bytes, number);
    append_zigzag(bytes, with_sign);
    append_sized(bytes, text);
    append_fixed64(bytes, number);
    ByteReader reader(bytes);
    REQUIRE(reader.varint() == number);
    REQUIRE(reader.zigzag() == with_sign);
    REQUIRE(reader.sized() == text);
    REQUIRE(reader.fixed64() == number);
    REQUIRE(reader.done());
  }
}

TEST_CASE("varint: an early end, an overlong form and a number past 64 bits are corrupt") {
  using namespace std::string_view_literals;
  CHECK(is_refused(""sv));
  CHECK(is_refused("\x80"sv));
  CHECK(is_refused("\xFF\xFF"sv));
  CHECK(is_refused("\x80\x00"sv));
  CHECK(is_refused("\xFF\x80\x00"sv));
  CHECK(is_refused("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"sv));
  CHECK(is_refused("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81\x00"sv));
}

TEST_CASE("varint: a length past the end of the buffer is corrupt") {
  std::string bytes;
  append_varint(bytes, std::numeric_limits<std::uint64_t>::max());
  CHECK_THROWS_AS(ByteReader(bytes).sized(), Error);
  CHECK_THROWS_AS(ByteReader("1234567").fixed64(), Error);
}
