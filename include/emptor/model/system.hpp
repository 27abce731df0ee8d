/// The library's own: keys, summaries, settings, rates.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct SubjectKey {
  EMPTOR_ENTITY(SubjectKey, "subject_key", 90,
                "a customer's secret: salts their digests and seals their past values; id is the customer's")
  static constexpr Keeping keeping = Keeping::system;
  Octets secret;
  EMPTOR_FIELD(secret, "16 random bytes; destroyed by a legal erasure")
  std::optional<std::int64_t> since;
  EMPTOR_FIELD(since, "version of the erasure that destroyed the secret before this one; missing for a first one")
};

struct CustomerSummary {
  EMPTOR_ENTITY(CustomerSummary, "customer_summary", 91, "what a customer's records add up to; id is the customer's")
  static constexpr Keeping keeping = Keeping::derived;
  std::optional<std::int64_t> orders;
  EMPTOR_FIELD(orders, "number of sales (credit notes do not count)")
  std::optional<Decimal> revenue;
  EMPTOR_FIELD(revenue, "sum of base_amount over all lines")
  std::optional<Instant> first_order_at;
  EMPTOR_FIELD(first_order_at, "first sale")
  std::optional<Instant> last_order_at;
  EMPTOR_FIELD(last_order_at, "newest sale")
  std::optional<Instant> last_touch_at;
  EMPTOR_FIELD(last_touch_at, "newest sale or interaction")
};

struct CustomerHistory {
  EMPTOR_ENTITY(CustomerHistory, "customer_history", 94,
                "what live models need to know of a customer, kept while there are any; id is the customer's")
  static constexpr Keeping keeping = Keeping::derived;
  Octets lines;
  EMPTOR_FIELD(lines, "line items by time, encoded")
  Octets touches;
  EMPTOR_FIELD(touches, "cases, contacts, answers, late orders and discounts by day, encoded")
};

struct ExchangeRate {
  EMPTOR_ENTITY(ExchangeRate, "exchange_rate", 92,
                "units of the base currency for one unit of a foreign one, from a day on")
  static constexpr std::string_view unique_keys[] = {"currency|valid_from"};
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217", required)
  std::optional<Date> valid_from;
  EMPTOR_FIELD(valid_from, "first day of this rate", required)
  std::optional<Decimal> rate;
  EMPTOR_FIELD(rate, "above 0", required)
};

struct ErasureReceipt {
  EMPTOR_ENTITY(ErasureReceipt, "erasure_receipt", 93,
                "proof that a customer's data were erased by law; holds none of it")
  static constexpr Keeping keeping = Keeping::system;
  Id subject_id;
  EMPTOR_FIELD(subject_id, "the number that the customer had", required | indexed | refers_to("customer"))
  std::optional<Instant> erased_at;
  EMPTOR_FIELD(erased_at, "when the subject key was destroyed", required)
  Id user_id;
  EMPTOR_FIELD(user_id, "who ordered it", refers_to("user"))
  std::string ground;
  EMPTOR_FIELD(ground, "the legal ground, as a class", one_of("request|withdrawn|expired|court|other"))
  std::optional<std::int64_t> records;
  EMPTOR_FIELD(records, "number of records that were emptied")
  std::optional<std::int64_t> position;
  EMPTOR_FIELD(position, "journal position up to which past values became unreadable")
  Octets digest;
  EMPTOR_FIELD(digest, "hash over the numbers of those records")
  std::string counts;
  EMPTOR_FIELD(counts, "the same by entity, as JSON")
  std::string origin;
  EMPTOR_FIELD(origin, "digest of the entry that made the customer: tells them from another of their number")
  std::optional<Instant> cleaned_at;
  EMPTOR_FIELD(cleaned_at, "when what was erased had left the files of the store; missing until then")
};

struct CustomerRead {
  EMPTOR_ENTITY(CustomerRead, "customer_read", 95,
                "that a user was told of a customer, counted by day and purpose while the store logs reads")
  static constexpr Keeping keeping = Keeping::system;
  std::string counted_by;
  EMPTOR_FIELD(counted_by, "what the count is found by: customer, day, user and purpose", required | unique)
  Id subject_id;
  EMPTOR_FIELD(subject_id, "the customer, by the number that was read", required | indexed | refers_to("customer"))
  std::optional<Date> day;
  EMPTOR_FIELD(day, "day in the store's zone", required)
  Id user_id;
  EMPTOR_FIELD(user_id, "who was told", required | refers_to("user"))
  std::string purpose;
  EMPTOR_FIELD(purpose, "what it was read for: the action of the session's purpose",
               required | one_of("read|merge|analyse|import|export"))
  std::optional<Instant> first_at;
  EMPTOR_FIELD(first_at, "the first time that day", required)
  std::optional<Instant> last_at;
  EMPTOR_FIELD(last_at, "the last time that day", required)
  std::optional<std::int64_t> times;
  EMPTOR_FIELD(times, "how many calls told something of the customer or of what is theirs", required)
};

struct SegmentPlace {
  EMPTOR_ENTITY(SegmentPlace, "segment_place", 96,
                "where the memberships of a segment are kept, and since when they hold; id is the segment's")
  static constexpr Keeping keeping = Keeping::system;
  std::optional<std::int64_t> bit;
  EMPTOR_FIELD(bit, "its place in the bits of every customer")
  std::optional<std::int64_t> since;
  EMPTOR_FIELD(since, "bits of an older generation do not hold for it")
  std::optional<std::int64_t> first;
  EMPTOR_FIELD(first, "generation of its rule; bits of an older one are of another rule")
  Octets thresholds;
  EMPTOR_FIELD(thresholds, "from which numbers on customers are among the greatest, one for each `top` of its rule")
};

struct CustomerSegments {
  EMPTOR_ENTITY(CustomerSegments, "customer_segments", 97, "which segments have a customer; id is the customer's")
  static constexpr Keeping keeping = Keeping::system;
  Octets bits;
  EMPTOR_FIELD(bits, "a bit a segment, by its place, the lowest of the first octet first")
  std::optional<std::int64_t> generation;
  EMPTOR_FIELD(generation, "of the segments that they were told for")
  std::optional<Date> due;
  EMPTOR_FIELD(due, "the first day on which they may differ though nothing changes", indexed)
  std::optional<Date> watched_due;
  EMPTOR_FIELD(watched_due, "the same of watched segments", indexed)
  std::optional<std::int64_t> told;
  EMPTOR_FIELD(told, "version of the write that told them: a cache asks for what is newer than itself", indexed)
};

struct SearchPart {
  EMPTOR_ENTITY(SearchPart, "search_part", 98,
                "a piece of the search index: words and the records that hold them; its id says which piece")
  static constexpr Keeping keeping = Keeping::system;
  Octets data;
  EMPTOR_FIELD(data, "encoded (docs/file-format.md)")
};

}  // namespace emptor
