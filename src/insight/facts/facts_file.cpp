#include "insight/facts/facts_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "core/digest.hpp"
#include "insight/facts/mapped_file.hpp"

namespace emptor {
namespace {

static_assert(std::endian::native == std::endian::little, "the file holds little-endian columns as they are");
static_assert(sizeof(PurchaseRange) == 16);

constexpr std::array<char, 16> magic = {'e', 'm', 'p', 't', 'o', 'r', ' ', 'f', 'a', 'c', 't', 's', '\n', 26, 0, 0};
constexpr std::uint64_t format_version = 1;
constexpr std::size_t alignment = 64;
constexpr std::size_t piece_bytes = 1 << 20;

struct Header {
  std::array<char, 16> magic;
  std::uint64_t format;
  std::uint64_t schema_version;
  std::int64_t position;
  std::int64_t data_version;
  std::uint64_t customers;
  std::uint64_t rows;
  std::array<char, 32> store_id;
  Hash head;
  Hash checksum;  ///< of the header with this zero, and of the digests of the body's pieces
  std::array<std::uint8_t, 32> unused;
};
static_assert(sizeof(Header) == 192 && sizeof(Header) % alignment == 0);

std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

using Bytes = std::span<const std::byte>;

template <class T>
Bytes bytes_of(std::span<const T> column) {
  return std::as_bytes(column);
}

/// The columns in the order of the file.
std::array<Bytes, 9> columns_of(const Facts& facts) {
  const PurchaseRows& rows = facts.parts[0];
  return {bytes_of(facts.customers), bytes_of(facts.ranges),  bytes_of(rows.line),
          bytes_of(rows.order),      bytes_of(rows.product),  bytes_of(rows.at),
          bytes_of(rows.amount),     bytes_of(rows.quantity), bytes_of(rows.day)};
}

/// One digest over digests of pieces, so that many cores can work on it.
class Checksum {
 public:
  void add(Bytes column) {
    for (std::size_t at = 0; at < column.size(); at += piece_bytes) {
      pieces_.push_back(column.subspan(at, std::min(piece_bytes, column.size() - at)));
    }
  }
  Hash finish(Header header, const Executor& executor) {
    header.checksum = {};
    std::vector<Hash> digests(pieces_.size());
    executor.run(pieces_.size(), [&](std::size_t i) { digests[i] = blake2b(text_of(pieces_[i])); });
    Blake2b whole;
    whole.add(text_of(std::as_bytes(std::span(&header, 1)))).add(text_of(std::as_bytes(std::span(digests))));
    return whole.finish();
  }

 private:
  static std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  std::vector<Bytes> pieces_;
};

Header header_of(const FactsIdentity& identity, const Facts& facts) {
  Header header{};
  header.magic = magic;
  header.format = format_version;
  header.schema_version = identity.schema_version;
  header.position = identity.position;
  header.data_version = facts.data_version;
  header.customers = facts.customers.size();
  header.rows = facts.rows;
  std::copy_n(identity.store_id.begin(), std::min(identity.store_id.size(), header.store_id.size()),
              header.store_id.begin());
  header.head = identity.head;
  return header;
}

/// Hands out the columns of a mapped file one after another.
class ColumnReader {
 public:
  explicit ColumnReader(Bytes file) : file_(file), at_(sizeof(Header)) {}
  template <class T>
  std::span<const T> next(std::size_t count) {
    const Bytes bytes = file_.subspan(at_, count * sizeof(T));
    at_ += aligned(bytes.size());
    return {reinterpret_cast<const T*>(bytes.data()), count};
  }

 private:
  Bytes file_;
  std::size_t at_;
};

/// The size of a whole file; nothing where the counts make no sense.
std::optional<std::size_t> size_of(const Header& header) {
  constexpr std::uint64_t most = std::uint64_t{1} << 40;
  if (header.rows > most || header.customers > header.rows) return std::nullopt;
  const std::size_t by_customer = aligned(header.customers * 8) + aligned(header.customers * 16);
  return sizeof(Header) + by_customer + 6 * aligned(header.rows * 8) + aligned(header.rows * 4);
}

std::optional<Header> read_header(Bytes file) {
  Header header;
  if (file.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, file.data(), sizeof header);
  if (header.magic != magic || header.format != format_version || size_of(header) != file.size()) return std::nullopt;
  return header;
}

Facts facts_in(Bytes file, const Header& header) {
  ColumnReader columns(file);
  Facts facts;
  facts.position = header.position;
  facts.schema_version = header.schema_version;
  facts.data_version = header.data_version;
  facts.rows = header.rows;
  facts.customers = columns.next<std::int64_t>(header.customers);
  facts.ranges = columns.next<PurchaseRange>(header.customers);
  PurchaseRows& rows = facts.parts[0];
  for (std::span<const std::int64_t>* column :
       {&rows.line, &rows.order, &rows.product, &rows.at, &rows.amount, &rows.quantity}) {
    *column = columns.next<std::int64_t>(header.rows);
  }
  rows.day = columns.next<std::int32_t>(header.rows);
  return facts;
}

/// A file whose checksum holds was written by us; this guards the reader's memory all the same.
bool ranges_fit(const Facts& facts) {
  std::uint64_t next = 0;
  for (const PurchaseRange& range : facts.ranges) {
    if (range.part != 0 || range.first != next) return false;
    next += range.count;
  }
  return next == facts.rows;
}

}  // namespace

std::optional<StoredFacts> load_facts(const std::string& path, const Executor& executor) {
  const auto file = map_file(path);
  if (!file) return std::nullopt;
  const std::optional<Header> header = read_header(*file);
  if (!header) return std::nullopt;
  StoredFacts stored;
  stored.facts = facts_in(*file, *header);
  Checksum checksum;
  for (const Bytes column : columns_of(stored.facts)) checksum.add(column);
  if (checksum.finish(*header, executor) != header->checksum || !ranges_fit(stored.facts)) return std::nullopt;
  stored.identity = {std::string(header->store_id.begin(), header->store_id.end()), header->schema_version,
                     header->position, header->head};
  stored.facts.owner = file;
  return stored;
}

bool save_facts(const std::string& path, const FactsIdentity& identity, const Facts& facts, const Executor& executor) {
  Header header = header_of(identity, facts);
  Checksum checksum;
  for (const Bytes column : columns_of(facts)) checksum.add(column);
  header.checksum = checksum.finish(header, executor);
  ReplacedFile file(path);
  file.write(std::as_bytes(std::span(&header, 1)));
  static constexpr std::array<std::byte, alignment> padding{};
  for (const Bytes column : columns_of(facts)) {
    file.write(column);
    file.write(std::span(padding).first(aligned(column.size()) - column.size()));
  }
  return file.finish();
}

}  // namespace emptor
