#include "model/row_codec.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "model/shapes.hpp"

using namespace emptor;

namespace {

const SchemaPtr schema = shapes::schema();
const Entity& shape() { return schema->entity("shape"); }

std::string encoded(Row row, FieldNumber first = 0) {
  std::string bytes;
  encode_row(shape(), row, bytes, first);
  return bytes;
}

std::vector<Value> decoded(std::string_view bytes) {
  std::vector<Value> row;
  decode_row(shape(), bytes, row);
  return row;
}

std::string difference(Row from, Row to, FieldNumber first = 0) {
  std::string bytes;
  encode_difference(shape(), from, to, bytes, first);
  return bytes;
}

bool is_corrupt(auto call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code() == Code::corrupt;
  }
  return false;
}

/// A row with random fields present, with values from all over their types.
std::vector<Value> random_row(Random& random, Arena& arena) {
  std::vector<Value> row;
  for (const Field& field : shape().fields) {
    const auto bits = static_cast<std::int64_t>(random.next()) >> random.below(64);
    if (random.below(3) == 0) {
      row.emplace_back();
    } else if (field.type == Type::text || field.type == Type::bytes) {
      const std::string_view text =
          arena.keep(std::string_view(std::string(random.below(200), static_cast<char>(bits | 1))));
      row.push_back(field.type == Type::text ? Value(text) : Value::bytes(text));
    } else if (field.type == Type::id) {
      row.emplace_back(Id{bits});
    } else if (field.type == Type::boolean) {
      row.emplace_back((bits & 1) != 0);
    } else if (field.type == Type::date) {
      row.emplace_back(Date{static_cast<std::int32_t>(bits)});
    } else {
      row.push_back(Value::of_bits(field.type, bits));
    }
  }
  return row;
}

}  // namespace

TEST_CASE("row codec: the bytes are those that the format describes") {
  using namespace std::string_literals;
  Record record(schema, 500);
  record.set("customer_id", Id{150});
  record.set("sides", -4);
  record.set("angle", 1.0);
  record.set("convex", true);
  record.set("label", "odd");
  CHECK(encoded(record.row()) ==
        "\x03\xAC\x02"
        "\x04\x07"
        "\x06\x00\x00\x00\x00\x00\x00\xF0\x3F"
        "\x07\x02"
        "\x08\x03odd"s);
  CHECK(encoded(record.row(), 7) == "\x07\x02\x08\x03odd"s);
  CHECK(encoded({}).empty());
}

TEST_CASE("row codec: random rows read back, and equal rows are equal bytes") {
  Random random(31);
  for (int round = 0; round < 5'000; ++round) {
    Arena arena;
    const std::vector<Value> row = random_row(random, arena);
    const std::string bytes = encoded(row);
    REQUIRE(decoded(bytes) == row);
    REQUIRE(encoded(decoded(bytes)) == bytes);
  }
}

TEST_CASE("row codec: a difference turns one row into the other, and back") {
  Random random(37);
  for (int round = 0; round < 5'000; ++round) {
    Arena arena;
    const std::vector<Value> from = random_row(random, arena);
    const std::vector<Value> to = random_row(random, arena);
    const std::string forth = difference(from, to);
    const std::string back = difference(to, from);
    std::vector<Value> row = from;
    apply_difference(shape(), forth, row);
    REQUIRE(row == to);
    apply_difference(shape(), back, row);
    REQUIRE(row == from);
    REQUIRE(difference(row, from).empty());
  }
}

TEST_CASE("row codec: a difference holds only what differs, from the first field that is asked for") {
  using namespace std::string_literals;
  Record from(schema, 500);
  from.set("sides", 4);
  from.set("label", "odd");
  from.set(system_field::version, 9);
  Record to(schema, 500);
  to.set("sides", 5);
  to.set(system_field::version, 10);
  CHECK(difference(from.row(), to.row(), system_field::deleted_at) == "\x09\x0A\x10"s);
  CHECK(difference(from.row(), to.row()) == "\x03\x14\x09\x0A\x10"s);
}

TEST_CASE("row codec: the differences of plain and of personal fields are apart, and together the whole") {
  Record from(schema, 500), to(schema, 500);
  from.set("sides", 4);
  from.set("code", "A");
  to.set("sides", 5);
  to.set("code", "B");
  std::string plain, personal;
  encode_difference(shape(), from.row(), to.row(), plain, 0, FieldChoice::plain);
  encode_difference(shape(), from.row(), to.row(), personal, 0, FieldChoice::personal);
  std::vector<Value> row(from.row().begin(), from.row().end());
  apply_difference(shape(), plain, row);
  CHECK(row[shape().field("sides").number] == Value(5));
  CHECK(row[shape().field("code").number] == Value("A"));
  apply_difference(shape(), personal, row);
  CHECK(std::ranges::equal(row, to.row()));
}

TEST_CASE("row codec: a row from before the newest fields is as long as the entity when read") {
  const std::vector<Value> old_row = {Value(Id{1}), Value(2), Value(), Value(Id{7})};
  CHECK(decoded(encoded(old_row)).size() == shape().fields.size());
  std::vector<Value> row = old_row;
  const std::string full_bytes = encoded(shapes::record_of(shapes::full_shape()).row());
  const std::vector<Value> full = decoded(full_bytes);
  const std::string change = difference(old_row, full);
  apply_difference(shape(), change, row);
  CHECK(row == full);
}

TEST_CASE("row codec: bytes that the encoder does not write are corrupt") {
  using namespace std::string_literals;
  for (const std::string& bytes : {
           "\x63\x02"s,          // a field past the last
           "\x04\x02\x04\x02"s,  // a field twice
           "\x04\x02\x03\x02"s,  // out of order
           "\x04"s,              // cut before the value
           "\x08\x05"
           "odd"s,                       // cut within a text
           "\x08\x00"s,                  // an empty text is a missing one
           "\x03\x00"s,                  // id 0 is a missing one
           "\x07\x04"s,                  // a third truth
           "\x06\x01\x02\x03"s,          // cut within a real
           "\x09\x80\x80\x80\x80\x20"s,  // a day past 32 bits
           "\x04\x82\x00"s,              // not the shortest form
           "\x84\x00\x02"s,              // nor here
       }) {
    CHECK(is_corrupt([&] { decoded(bytes); }));
  }
}

TEST_CASE("row codec: every cut and every flipped bit gives a row or Code::corrupt, never a read past the end") {
  const std::string bytes = encoded(shapes::record_of(shapes::full_shape()).row());
  std::size_t refused = 0;
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    refused += is_corrupt([&] { decoded(std::string(bytes.substr(0, cut))); }) ? 1 : 0;
  }
  CHECK(refused >= bytes.size() - 1 - shape().fields.size());
  std::size_t read = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    std::vector<Value> row;
    if (is_corrupt([&] { decode_row(shape(), flipped, row); })) continue;
    ++read;
    REQUIRE(encoded(row) == flipped);
  }
  CHECK(read > 0);
}

TEST_CASE("row codec: random bytes are read as a row or are corrupt") {
  Random random(41);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (std::uint64_t left = random.below(30); left > 0; --left)
      bytes += static_cast<char>(random.below(2) ? random.below(14) : random.next());
    std::vector<Value> row;
    try {
      decode_row(shape(), bytes, row);
      REQUIRE(encoded(row) == bytes);
    } catch (const Error& error) {
      REQUIRE(error.code() == Code::corrupt);
    }
    try {
      apply_difference(shape(), bytes, row);
    } catch (const Error& error) {
      REQUIRE(error.code() == Code::corrupt);
    }
  }
}
