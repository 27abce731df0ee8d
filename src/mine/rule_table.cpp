#include <utility>

#include "emptor/mine/rules.hpp"
#include "mine/model_frame.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "rules";

[[noreturn]] void refuse_bytes() { throw Error(Code::corrupt, "a saved table of rules contradicts itself"); }

std::uint32_t small(ByteReader& reader) {
  const std::uint64_t value = reader.varint();
  if (value > UINT32_MAX) refuse_bytes();
  return static_cast<std::uint32_t>(value);
}

void append_items(std::string& out, std::span<const std::uint32_t> items) {
  append_varint(out, items.size());
  for (const std::uint32_t item : items) append_varint(out, item);
}

std::uint32_t read_items(ByteReader& reader, std::vector<std::uint32_t>& items) {
  const std::uint32_t count = small(reader);
  if (count > reader.left()) refuse_bytes();
  for (std::uint32_t at = 0; at < count; ++at) items.push_back(small(reader));
  return count;
}

}  // namespace

Rule RuleTable::operator[](std::size_t rule) const noexcept {
  const auto all = std::span(items).subspan(starts[rule], starts[rule + 1] - starts[rule]);
  return {all.first(left_size[rule]), all.subspan(left_size[rule]), counts[rule]};
}

std::string save(const RuleTable& table) {
  ModelFrame frame{.algorithm = std::string(algorithm), .options = "{}"};
  std::string& out = frame.payload;
  append_varint(out, table.summary.candidates);
  append_varint(out, table.summary.sets);
  append_varint(out, table.summary.baskets);
  append_double(out, table.summary.log_p_limit);
  append_varint(out, static_cast<std::uint64_t>(table.summary.ending));
  append_varint(out, table.size());
  for (std::size_t at = 0; at < table.size(); ++at) {
    const Rule rule = table[at];
    append_items(out, rule.left);
    append_items(out, rule.right);
    append_varint(out, rule.counts.both);
    append_varint(out, rule.counts.left);
    append_varint(out, rule.counts.right);
  }
  return to_bytes(frame);
}

RuleTable load_rules(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, 1);
  ByteReader reader(frame.payload);
  RuleTable table;
  table.summary.candidates = reader.varint();
  table.summary.sets = reader.varint();
  table.summary.baskets = small(reader);
  table.summary.log_p_limit = read_double(reader);
  const std::uint64_t ending = reader.varint();
  if (ending > static_cast<std::uint64_t>(Ending::receiver)) refuse_bytes();
  table.summary.ending = static_cast<Ending>(ending);
  table.summary.rules = reader.varint();
  for (std::uint64_t rule = 0; rule < table.summary.rules; ++rule) {
    table.left_size.push_back(read_items(reader, table.items));
    read_items(reader, table.items);
    table.starts.push_back(table.items.size());
    const std::uint32_t both = small(reader), left = small(reader), right = small(reader);
    table.counts.push_back({both, left, right, static_cast<std::uint32_t>(table.summary.baskets)});
  }
  if (!reader.done()) refuse_bytes();
  return table;
}

}  // namespace emptor::mine
