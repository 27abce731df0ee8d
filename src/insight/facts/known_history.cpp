#include "insight/facts/known_history.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "core/varint.hpp"
#include "emptor/model/system.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

// What a line's first byte says: numbers are written in the larger unit where nothing is lost by it.
constexpr std::uint64_t given_back = 1, whole_cents = 2, whole_seconds = 4;
constexpr std::int64_t micros_a_cent = 10'000;

std::int64_t unit_of(std::uint64_t flags, std::uint64_t flag, std::int64_t unit) { return flags & flag ? unit : 1; }

bool has_score(TouchKind kind) { return kind == TouchKind::answer || kind == TouchKind::discount; }
bool is_case(TouchKind kind) { return kind == TouchKind::complaint || kind == TouchKind::request; }
bool is_kept(TouchKind kind) {
  return has_score(kind) || is_case(kind) || kind == TouchKind::contact || kind == TouchKind::late_order;
}

// Times wrap where they are beyond what a difference holds, and wrap back.
std::int64_t less(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t times(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

std::vector<PurchaseRow> decoded_lines(std::int64_t customer, std::string_view bytes) {
  std::vector<PurchaseRow> lines;
  lines.reserve(bytes.size() / 10);
  ByteReader reader(bytes);
  PurchaseRow row{.customer = customer};
  while (!reader.done()) {
    const std::uint64_t flags = reader.varint();
    row.at = plus(row.at, times(reader.zigzag(), unit_of(flags, whole_seconds, micros_per_second)));
    row.day = static_cast<std::int32_t>(row.day + reader.zigzag());
    row.order = plus(row.order, reader.zigzag());
    row.line = plus(row.line, reader.zigzag());
    row.amount = times(reader.zigzag(), unit_of(flags, whole_cents, micros_a_cent));
    row.quantity = flags & given_back ? -1 : 0;
    lines.push_back(row);
  }
  return lines;
}

std::vector<Touch> decoded_touches(std::string_view bytes) {
  std::vector<Touch> touches;
  ByteReader reader(bytes);
  std::int32_t day = 0;
  while (!reader.done()) {
    Touch touch;
    touch.day = day = static_cast<std::int32_t>(day + reader.zigzag());
    touch.kind = static_cast<TouchKind>(reader.varint());
    if (!is_kept(touch.kind)) throw Error(Code::corrupt, "a touch of an unknown kind");
    if (is_case(touch.kind)) {
      const std::int64_t closed = reader.zigzag();
      touch.closed = static_cast<std::int32_t>(closed);
    }
    if (has_score(touch.kind)) touch.score = std::bit_cast<double>(reader.fixed64());
    touches.push_back(touch);
  }
  return touches;
}

std::vector<std::int64_t> ids_where(const View& view, const char* entity, const Where& where) {
  std::vector<std::int64_t> ids;
  each_row(view, {.entity = entity, .where = where, .fields = {"version"}, .limit = 4'096, .with_deleted = true},
           [&](const Batch& batch, std::size_t i) { ids.push_back(batch.ids[i].value); });
  return ids;
}

}  // namespace

std::string encoded_lines(std::span<const PurchaseRow> lines) {
  std::string bytes;
  PurchaseRow last;
  for (const PurchaseRow& row : lines) {
    const std::int64_t later = less(row.at, last.at);
    const bool seconds = later % micros_per_second == 0, cents = row.amount % micros_a_cent == 0;
    const std::uint64_t flags =
        (row.quantity < 0 ? given_back : 0) | (cents ? whole_cents : 0) | (seconds ? whole_seconds : 0);
    append_varint(bytes, flags);
    append_zigzag(bytes, later / unit_of(flags, whole_seconds, micros_per_second));
    append_zigzag(bytes, std::int64_t{row.day} - last.day);
    append_zigzag(bytes, less(row.order, last.order));
    append_zigzag(bytes, less(row.line, last.line));
    append_zigzag(bytes, row.amount / unit_of(flags, whole_cents, micros_a_cent));
    last = row;
  }
  return bytes;
}

void keep_touches(std::vector<Touch>& touches) {
  std::erase_if(touches, [](const Touch& touch) { return !is_kept(touch.kind); });
  const auto key = [](const Touch& one) { return std::tuple(one.day, one.kind, one.closed, one.score); };
  for (Touch& touch : touches) touch.topic = Touch::no_topic;
  std::ranges::sort(touches, [&](const Touch& a, const Touch& b) { return key(a) < key(b); });
}

std::string encoded_touches(std::span<const Touch> touches) {
  std::string bytes;
  std::int32_t day = 0;
  for (const Touch& touch : touches) {
    append_zigzag(bytes, std::int64_t{touch.day} - day);
    day = touch.day;
    append_varint(bytes, static_cast<std::uint64_t>(touch.kind));
    if (is_case(touch.kind)) append_zigzag(bytes, touch.closed);
    if (has_score(touch.kind)) append_fixed64(bytes, std::bit_cast<std::uint64_t>(touch.score));
  }
  return bytes;
}

KnownHistory decoded_history(std::int64_t customer, std::string_view lines, std::string_view touches) {
  try {
    return {decoded_lines(customer, lines), decoded_touches(touches)};
  } catch (const Error&) {
    throw Error(Problem{.code = Code::corrupt,
                        .message = "what is kept of a customer's history is damaged",
                        .entity = std::string(CustomerHistory::entity_name),
                        .row = customer,
                        .hint = "turn the live models off and on again, which builds it anew"});
  }
}

std::vector<PurchaseRow> read_lines_of(const View& view, Id customer) {
  const std::int64_t whose[] = {customer.value};
  if (!deleted_among(view, whose).empty()) return {};
  std::vector<std::int64_t> lines = ids_where(view, "order_line", Where::equal("customer_id", customer));
  const std::vector<std::int64_t> orders = ids_where(view, "order", Where::equal("customer_id", customer));
  const std::vector<std::int64_t> more = lines_of_orders(view, orders);
  lines.insert(lines.end(), more.begin(), more.end());
  std::ranges::sort(lines);
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::vector<PurchaseRow> rows = fetch_purchases(view, lines);
  std::erase_if(rows, [&](const PurchaseRow& row) { return row.customer != customer.value; });
  std::ranges::sort(rows, earlier);
  return rows;
}

std::vector<Touch> read_kept_touches_of(const View& view, Id customer, DayFinder& days) {
  std::vector<Touch> touches = read_touches_of(view, customer, days);
  keep_touches(touches);
  return touches;
}

ShapedHistory::ShapedHistory(const KnownHistory& history) : touches_(history.touches) {
  const std::size_t size = history.lines.size();
  order_.reserve(size);
  amount_.reserve(size);
  quantity_.reserve(size);
  day_.reserve(size);
  lines_.reserve(size);
  for (const PurchaseRow& row : history.lines) {
    order_.push_back(row.order);
    amount_.push_back(row.amount);
    quantity_.push_back(row.quantity);
    day_.push_back(row.day);
    lines_.push_back({row.at, row.amount, row.quantity, 0, row.day, static_cast<std::uint32_t>(lines_.size())});
  }
}

}  // namespace emptor
