// Rows: how long one takes to encode, decode, compare and digest. Processor time of the thread, the best of
// several rounds, so that a busy machine does not blur it.   bench_row_codec

#include "model/row_codec.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bound.hpp"
#include "core/digest.hpp"
#include "processor_time.hpp"

namespace {

using namespace emptor;
using namespace emptor::bench;

constexpr int repetitions = 300'000;

Record order_line() {
  const auto schema = std::make_shared<const Schema>(described_entities(), std::span<const CatalogField>{}, 1);
  Record line(schema, schema->entity("order_line").number);
  line.set("customer_id", Id{777'777});
  line.set("origin_id", Id{777'777});
  line.set("order_id", Id{4'000'000});
  line.set("product_id", Id{3'000});
  line.set("category", "Furniture");
  line.set("quantity", Decimal(6));
  line.set("price", Decimal::of(255, 2));
  line.set("amount", Decimal::of(1'530, 2));
  line.set("base_amount", Decimal::of(1'530, 2));
  line.set("currency", "GBP");
  return line;
}

}  // namespace

int main() {
  const Record line = order_line();
  Record corrected = line;
  corrected.set("amount", Decimal(15));
  const Entity& entity = line.entity();
  std::string bytes;
  encode_row(entity, line.row(), bytes);
  std::string difference;
  encode_difference(entity, line.row(), corrected.row(), difference);
  figure("bytes of an order line of ten fields", static_cast<double>(bytes.size()), "bytes");

  std::string out;
  std::vector<Value> row;
  std::uint64_t kept = 0;  // what is computed is used
  const std::array<std::byte, 32> key{};
  bool passed = bound("encode a row of ten fields",
                      nanoseconds_of(repetitions,
                                     [&] {
                                       out.clear();
                                       encode_row(entity, line.row(), out);
                                       kept += out.size();
                                     }),
                      Is::at_most, 150, "ns");
  passed &= bound("decode it",
                  nanoseconds_of(repetitions,
                                 [&] {
                                   decode_row(entity, bytes, row);
                                   kept += row.size();
                                 }),
                  Is::at_most, 200, "ns");
  figure("encode the difference of one field",
         nanoseconds_of(repetitions,
                        [&] {
                          out.clear();
                          encode_difference(entity, line.row(), corrected.row(), out);
                          kept += out.size();
                        }),
         "ns");
  figure("apply it", nanoseconds_of(repetitions, [&] { apply_difference(entity, difference, row); }), "ns");
  figure("its digest under a key",
         nanoseconds_of(repetitions, [&] { kept += std::to_integer<int>(keyed_digest(key, bytes)[0]); }), "ns");
  figure("its digest without one",
         nanoseconds_of(repetitions, [&] { kept += std::to_integer<int>(blake2b(bytes)[0]); }), "ns");
  return passed && kept > 0 ? 0 : 1;
}
