#include "session/search/segment.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

#include "core/varint.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/system.hpp"
#include "session/search/tokens.hpp"

namespace emptor::seek {
namespace {

constexpr std::uint32_t first_list = 1U << 23;
constexpr unsigned part_bits = 24;
constexpr std::size_t docs_a_part = 1024;
constexpr std::size_t block_bytes = 4000;  // a piece of tokens is ended when it is as large
constexpr std::size_t most_inline = 96;    // bytes of documents beside their token
constexpr std::size_t parts_at_once = 1 << 20;

[[noreturn]] void corrupt() { throw Error(Code::corrupt, "the search index is damaged"); }

void append_places(std::string& out, std::span<const std::uint32_t> places) {
  std::uint32_t last = 0;
  for (const std::uint32_t place : places) {
    append_varint(out, place - last);
    last = place;
  }
}

void read_places(std::string_view bytes, Places& out) {
  std::uint32_t last = 0;
  for (ByteReader reader(bytes); !reader.done();) out.push_back(last += static_cast<std::uint32_t>(reader.varint()));
}

void append_docs(std::string& out, std::span<const DocKey> docs) {
  std::uint64_t at = 0;
  std::int64_t id = 0;
  for (const DocKey& key : docs) {
    append_zigzag(out, static_cast<std::int64_t>(static_cast<std::uint64_t>(key.at) - at));
    append_varint(out, std::uint64_t{key.entity} * 2 + (key.id.value < 0 ? 1 : 0));
    append_zigzag(out, std::abs(key.id.value) - id);
    at = static_cast<std::uint64_t>(key.at);
    id = std::abs(key.id.value);
  }
}

void read_docs(std::string_view bytes, std::vector<DocKey>& out) {
  std::uint64_t at = 0;
  std::int64_t id = 0;
  for (ByteReader reader(bytes); !reader.done();) {
    at += static_cast<std::uint64_t>(reader.zigzag());
    const std::uint64_t entity = reader.varint();
    id += reader.zigzag();
    out.push_back(
        {static_cast<std::int64_t>(at), static_cast<EntityNumber>(entity / 2), Id{entity % 2 != 0 ? -id : id}});
  }
}

// One token of a block, as it stands there.
struct Stored {
  std::string_view token;
  std::uint32_t count = 0;
  std::uint32_t list = 0;
  std::string_view places;
};

Stored read_stored(ByteReader& reader) {
  Stored stored;
  stored.token = reader.sized();
  stored.count = static_cast<std::uint32_t>(reader.varint());
  const std::uint64_t kept = reader.varint();
  if (kept % 2 != 0)
    stored.list = static_cast<std::uint32_t>(kept / 2);
  else
    stored.places = reader.bytes(kept / 2);
  return stored;
}

void append_stored(std::string& block, const Stored& stored) {
  append_sized(block, stored.token);
  append_varint(block, stored.count);
  append_varint(block, stored.list != 0 ? std::uint64_t{stored.list} * 2 + 1 : std::uint64_t{stored.places.size()} * 2);
  if (stored.list == 0) block.append(stored.places);
}

void erase_parts(Writer& writer, std::span<const Id> ids) {
  if (!ids.empty()) writer.erase(writer.schema()->entity(SearchPart::entity_name), ids);
}

}  // namespace

Id part_id(std::uint32_t segment, std::uint32_t part) noexcept {
  return Id{(std::int64_t{segment} << part_bits) | part};
}

std::string read_part(Reader& reader, Id id) {
  const SchemaPtr schema = reader.schema();
  const Entity& entity = schema->entity(SearchPart::entity_name);
  Batch batch;
  reader.get(entity, std::span(&id, 1), batch);
  return std::string(batch.columns[entity.field("data").number].text(0));
}

PartWriter::PartWriter(Writer& writer, std::uint32_t segment)
    : writer_(writer), schema_(writer.schema()), entity_(schema_->entity(SearchPart::entity_name)), segment_(segment) {}

void PartWriter::put(std::uint32_t part, std::string data) {
  bytes_ += data.size();
  parts_.emplace_back(part_id(segment_, part), std::move(data));
  if (bytes_ > parts_at_once) flush();
}

void PartWriter::flush() {
  std::ranges::sort(parts_, {}, [](const auto& part) { return part.first; });
  const FieldNumber data = entity_.field("data").number;
  const std::size_t width = entity_.fields.size();
  std::vector<Value> values(parts_.size() * width);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    values[i * width + system_field::id] = Value(parts_[i].first);
    values[i * width + data] = Value::bytes(parts_[i].second);
    rows.emplace_back(values.data() + i * width, width);
  }
  if (!rows.empty()) writer_.put(entity_, rows, false);
  parts_.clear();
  bytes_ = 0;
}

SegmentWriter::SegmentWriter(Writer& writer, std::uint32_t segment, std::span<const DocKey> docs)
    : parts_(writer, segment),
      docs_(static_cast<std::uint32_t>(docs.size())),
      doc_parts_(static_cast<std::uint32_t>((docs.size() + docs_a_part - 1) / docs_a_part)) {
  for (std::uint32_t part = 0; part < doc_parts_; ++part) {
    const std::size_t begin = part * docs_a_part;
    std::string data;
    append_docs(data, docs.subspan(begin, std::min(docs_a_part, docs.size() - begin)));
    parts_.put(1 + part, std::move(data));
  }
}

void SegmentWriter::add(std::string_view token, const Places& places) {
  list_.clear();
  append_places(list_, places);
  Stored stored{token, static_cast<std::uint32_t>(places.size()), 0, list_};
  if (list_.size() > most_inline) {
    stored.list = ++lists_;
    parts_.put(first_list + stored.list, list_);
  }
  append_stored(block_, stored);
  if (block_.size() >= block_bytes) end_block();
}

void SegmentWriter::end_block() {
  parts_.put(1 + doc_parts_ + blocks_++, std::move(block_));
  block_.clear();
}

void SegmentWriter::finish() {
  if (!block_.empty()) end_block();
  std::string header;
  for (const std::uint32_t number : {docs_, doc_parts_, blocks_, lists_}) append_varint(header, number);
  parts_.put(0, std::move(header));
  parts_.flush();
}

namespace {

struct Header {
  std::uint32_t docs, doc_parts, blocks, lists;
};

Header read_header(Reader& reader, std::uint32_t number) {
  const std::string data = read_part(reader, part_id(number, 0));
  if (data.empty()) corrupt();
  ByteReader bytes(data);
  const auto next = [&] { return static_cast<std::uint32_t>(bytes.varint()); };
  const std::uint32_t docs = next(), doc_parts = next(), blocks = next();
  return {docs, doc_parts, blocks, next()};
}

}  // namespace

Segment::Segment(Reader& reader, std::uint32_t number) : number_(number) {
  const Header header = read_header(reader, number);
  doc_parts_ = header.doc_parts;
  const SchemaPtr schema = reader.schema();
  const Entity& entity = schema->entity(SearchPart::entity_name);
  const FieldNumber data = entity.field("data").number;
  std::vector<Id> ids;
  for (std::uint32_t part = 1; part <= header.doc_parts + header.blocks; ++part) ids.push_back(part_id(number, part));
  constexpr std::size_t at_once = 64;
  Batch batch;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i % at_once == 0) reader.get(entity, std::span(ids).subspan(i, std::min(at_once, ids.size() - i)), batch);
    const std::string_view bytes = batch.columns[data].text(i % at_once);
    if (i < header.doc_parts)
      read_docs(bytes, docs_);
    else
      blocks_.emplace_back(bytes);
  }
  if (docs_.size() != header.docs) corrupt();
  for (std::uint32_t block = 0; block < blocks_.size(); ++block)
    for (ByteReader bytes(blocks_[block]); !bytes.done();) {
      const Stored stored = read_stored(bytes);
      const auto from = static_cast<std::uint32_t>(stored.list != 0 ? 0 : stored.places.data() - blocks_[block].data());
      entries_.push_back({static_cast<std::uint32_t>(words_.size()), stored.count, block, stored.list, from,
                          from + static_cast<std::uint32_t>(stored.places.size())});
      words_.append(stored.token);
      words_ += '\n';
    }
}

std::string_view Segment::token(std::size_t i) const noexcept {
  const std::size_t begin = entries_[i].begin;
  const std::size_t end = i + 1 < entries_.size() ? entries_[i + 1].begin : words_.size();
  return std::string_view(words_).substr(begin, end - begin - 1);
}

void Segment::read(Reader& reader, std::size_t i, Places& out) const {
  const Entry& entry = entries_[i];
  if (entry.list == 0)
    return read_places(std::string_view(blocks_[entry.block]).substr(entry.from, entry.to - entry.from), out);
  read_places(read_part(reader, part_id(number_, first_list + entry.list)), out);
}

std::size_t Segment::at_or_after(std::string_view wanted) const noexcept {
  std::size_t low = 0, high = entries_.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    token(middle) < wanted ? low = middle + 1 : high = middle;
  }
  return low;
}

std::optional<std::size_t> Segment::find(std::string_view wanted) const noexcept {
  const std::size_t at = at_or_after(wanted);
  return at < entries_.size() && token(at) == wanted ? std::optional(at) : std::nullopt;
}

void Segment::each_beginning(std::string_view text, const TakeToken& take) const {
  for (std::size_t i = at_or_after(text); i < entries_.size() && token(i).starts_with(text); ++i)
    if (!take(i)) return;
}

// The token at an offset, which is not before the one at `from`: near it where many are found.
std::size_t Segment::entry_at(std::size_t from, std::size_t offset) const noexcept {
  constexpr std::size_t near = 16;
  const std::size_t end = std::min(from + near, entries_.size() - 1);
  for (; from < end; ++from)
    if (entries_[from + 1].begin > offset) return from;
  const auto rest = std::span(entries_).subspan(from);
  return from + static_cast<std::size_t>(std::ranges::upper_bound(rest, offset, {}, &Entry::begin) - rest.begin()) - 1;
}

void Segment::each_holding(std::string_view text, const TakeToken& take) const {
  std::size_t i = 0;
  for (std::size_t at = 0; at < words_.size();) {
    const void* const found = ::memmem(words_.data() + at, words_.size() - at, text.data(), text.size());
    if (found == nullptr) return;
    i = entry_at(i, static_cast<std::size_t>(static_cast<const char*>(found) - words_.data()));
    if (!take(i)) return;
    at = entries_[i].begin + token(i).size() + 1;
  }
}

std::optional<std::uint32_t> Segment::place_of(const DocKey& key) const noexcept {
  const auto at = std::ranges::lower_bound(docs_, key, [](const DocKey& a, const DocKey& b) { return a.before(b); });
  if (at == docs_.end() || !(*at == key)) return std::nullopt;
  return static_cast<std::uint32_t>(at - docs_.begin());
}

bool Segment::stands(Reader& reader, std::uint32_t place) const {
  std::vector<DocKey> keys;
  read_docs(read_part(reader, part_id(number_, 1 + static_cast<std::uint32_t>(place / docs_a_part))), keys);
  return keys.at(place % docs_a_part).id.value > 0;
}

void Segment::remove(Writer& writer, std::vector<Removal> removals, const Places& docs) const {
  PartWriter parts(writer, number_);
  std::vector<Id> emptied;
  std::vector<std::pair<std::size_t, std::uint32_t>> entries;  // of each removal, in the order of the pieces
  for (const Removal& removal : removals)
    if (const auto entry = find(removal.token)) entries.emplace_back(*entry, removal.place);
  std::ranges::sort(entries);
  Places places;
  for (std::size_t i = 0; i < entries.size();) {
    const std::uint32_t block = entries_[entries[i].first].block;
    const std::string old = read_part(writer, part_id(number_, 1 + doc_parts_ + block));
    std::string fresh, list;
    for (ByteReader bytes(old); !bytes.done();) {
      Stored stored = read_stored(bytes);
      while (i < entries.size() && token(entries[i].first) < stored.token) ++i;
      if (i < entries.size() && token(entries[i].first) == stored.token) {
        const std::size_t entry = entries[i].first;
        places.clear();
        const Id list_part = part_id(number_, first_list + stored.list);
        read_places(stored.list != 0 ? (list = read_part(writer, list_part)) : stored.places, places);
        for (; i < entries.size() && entries[i].first == entry; ++i) std::erase(places, entries[i].second);
        stored.count = static_cast<std::uint32_t>(places.size());
        if (places.empty() && stored.list != 0) emptied.push_back(list_part);
        list.clear();
        append_places(list, places);
        if (stored.list != 0 && !places.empty()) parts.put(first_list + stored.list, list);
        stored.places = list;
      }
      if (stored.count != 0) append_stored(fresh, stored);
    }
    while (i < entries.size() && entries_[entries[i].first].block == block) ++i;
    parts.put(1 + doc_parts_ + block, std::move(fresh));
  }
  for (std::size_t i = 0; i < docs.size();) {
    const std::uint32_t part = docs[i] / docs_a_part;
    std::vector<DocKey> keys;
    read_docs(read_part(writer, part_id(number_, 1 + part)), keys);
    for (; i < docs.size() && docs[i] / docs_a_part == part; ++i) {
      Id& id = keys[docs[i] % docs_a_part].id;
      id.value = -std::abs(id.value);
    }
    std::string data;
    append_docs(data, keys);
    parts.put(1 + part, std::move(data));
  }
  parts.flush();
  erase_parts(writer, emptied);
}

std::size_t SegmentBuilder::Hash::operator()(std::string_view text) const noexcept {
  return std::hash<std::string_view>{}(text);
}

SegmentBuilder::Tally& SegmentBuilder::tally_of(std::string_view token) {
  const auto known = numbers_.find(token);
  if (known != numbers_.end()) return tallies_[known->second];
  const std::string_view kept = text_.keep(token);
  numbers_.emplace(kept, static_cast<std::uint32_t>(tokens_.size()));
  tokens_.push_back(kept);
  return tallies_.emplace_back();
}

void SegmentBuilder::count(std::string_view token) {
  Tally& tally = tally_of(token);
  const auto doc = static_cast<std::uint32_t>(docs_.size());
  if (tally.last == doc) return;
  tally.last = doc;
  tally.docs.push_back(doc - 1);
}

void SegmentBuilder::add(const DocKey& key, std::span<const std::string> folded) {
  docs_.push_back(key);
  for (const std::string& text : folded) each_key(text, [this](std::string_view token) { count(token); });
}

std::vector<DocKey> SegmentBuilder::write(Writer& writer, std::uint32_t segment) {
  std::vector<std::uint32_t> order(docs_.size()), place(docs_.size()), tokens(tokens_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) { return docs_[a].before(docs_[b]); });
  std::vector<DocKey> sorted;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    sorted.push_back(docs_[order[i]]);
  }
  std::iota(tokens.begin(), tokens.end(), 0U);
  std::ranges::sort(tokens, {}, [&](std::uint32_t token) { return tokens_[token]; });
  SegmentWriter out(writer, segment, sorted);
  for (const std::uint32_t token : tokens) {
    Places& places = tallies_[token].docs;
    for (std::uint32_t& doc : places) doc = place[doc];
    std::ranges::sort(places);
    out.add(tokens_[token], places);
  }
  out.finish();
  return sorted;
}

namespace {

// What is left of several segments, in one order, and where each place of each went.
struct Joined {
  std::vector<DocKey> docs;
  std::vector<Places> places;

  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();
  explicit Joined(std::span<const SegmentPtr> segments) {
    struct From {
      DocKey key;
      std::uint32_t segment, place;
    };
    std::vector<From> all;
    for (std::uint32_t s = 0; s < segments.size(); ++s) {
      const std::span<const DocKey> docs_of = segments[s]->docs();
      places.emplace_back(docs_of.size(), nowhere);
      for (std::uint32_t i = 0; i < docs_of.size(); ++i)
        if (docs_of[i].id.value > 0) all.push_back({docs_of[i], s, i});
    }
    std::ranges::sort(all, [](const From& a, const From& b) { return a.key.before(b.key); });
    for (const From& from : all) {
      places[from.segment][from.place] = static_cast<std::uint32_t>(docs.size());
      docs.push_back(from.key);
    }
  }
};

}  // namespace

std::vector<DocKey> merge_segments(Writer& writer, std::span<const SegmentPtr> segments, std::uint32_t into) {
  Joined joined(segments);
  SegmentWriter out(writer, into, joined.docs);
  std::vector<std::size_t> next(segments.size(), 0);
  Places old, places;
  for (;;) {
    std::optional<std::string_view> least;
    for (std::size_t s = 0; s < segments.size(); ++s)
      if (next[s] < segments[s]->tokens() && (!least || segments[s]->token(next[s]) < *least))
        least = segments[s]->token(next[s]);
    if (!least) break;
    places.clear();
    const std::string_view token = *least;
    for (std::size_t s = 0; s < segments.size(); ++s) {
      if (next[s] >= segments[s]->tokens() || segments[s]->token(next[s]) != token) continue;
      old.clear();
      segments[s]->read(writer, next[s]++, old);
      for (const std::uint32_t place : old)
        if (joined.places[s][place] != Joined::nowhere) places.push_back(joined.places[s][place]);
    }
    std::ranges::sort(places);
    if (!places.empty()) out.add(token, places);
  }
  out.finish();
  return std::move(joined.docs);
}

void erase_segment(Writer& writer, std::uint32_t number) {
  const Header header = read_header(writer, number);
  std::vector<Id> ids;
  for (std::uint32_t part = 0; part <= header.doc_parts + header.blocks; ++part) ids.push_back(part_id(number, part));
  for (std::uint32_t list = 1; list <= header.lists; ++list) ids.push_back(part_id(number, first_list + list));
  erase_parts(writer, ids);
}

}  // namespace emptor::seek
