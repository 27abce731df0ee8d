#include "session/segments/memberships.hpp"

#include <algorithm>

#include "emptor/model/insight.hpp"
#include "emptor/model/system.hpp"

namespace emptor::segments {
namespace {

constexpr std::size_t customers_at_once = 2048;

bool asks(std::span<const Truth> asked, std::size_t segment) { return asked.empty() || asked[segment] != 0; }

bool contains(std::span<const Id> sorted, Id id) { return std::ranges::binary_search(sorted, id); }

Value day_value(std::int32_t day) { return day == never_due ? Value() : Value(Date{day}); }

}  // namespace

bool Kept::has(const Place& place) const noexcept {
  const auto octet = static_cast<std::size_t>(place.bit / 8);
  return octet < bits.size() && (static_cast<unsigned char>(bits[octet]) >> (place.bit % 8) & 1) != 0;
}

void Kept::set(const Place& place, bool member) {
  const auto octet = static_cast<std::size_t>(place.bit / 8);
  if (octet >= bits.size()) bits.resize(octet + 1);
  const auto mask = static_cast<char>(1 << (place.bit % 8));
  bits[octet] = static_cast<char>(member ? bits[octet] | mask : bits[octet] & ~mask);
}

KeptRows::KeptRows(const Schema& schema)
    : entity_(schema.entity(CustomerSegments::entity_name)),
      bits_(entity_.field("bits").number),
      generation_(entity_.field("generation").number),
      due_(entity_.field("due").number),
      watched_due_(entity_.field("watched_due").number),
      told_(entity_.field("told").number) {}

Kept KeptRows::row(const Batch& batch, std::size_t row) const {
  if (!batch.ids[row]) return {};
  const auto day = [&](FieldNumber field) {
    const Column& column = batch.columns[field];
    return column.valid[row] ? static_cast<std::int32_t>(column.bits[row]) : never_due;
  };
  return {true,
          std::string(batch.columns[bits_].text(row)),
          batch.columns[generation_].bits[row],
          day(due_),
          day(watched_due_),
          batch.columns[told_].bits[row]};
}

void KeptRows::write(std::span<Value> row, Id customer, const Kept& kept) const {
  row[system_field::id] = Value(customer);
  row[bits_] = Value::bytes(kept.bits);
  row[generation_] = Value(kept.generation);
  row[due_] = day_value(kept.due);
  row[watched_due_] = day_value(kept.watched_due);
  row[told_] = Value(kept.told);
}

Memberships::Memberships(const Book& book) : book_(book), evaluation_(book.program(), book.zone()) {}

bool Memberships::holds(const Kept& kept, Date today) const noexcept {
  return kept.there && kept.generation >= book_.newest() && kept.due > today.days;
}

Memberships::Lot Memberships::read(Reader& reader, std::span<const Id> customers) const {
  const KeptRows rows(*reader.schema());
  Batch batch;
  reader.get(rows.entity(), customers, batch);
  Lot lot;
  lot.customers.assign(customers.begin(), customers.end());
  for (std::size_t i = 0; i < customers.size(); ++i) lot.before.push_back(rows.row(batch, i));
  lot.after = lot.before;
  return lot;
}

void Memberships::write(Writer& writer, Lot& lot, const WriteMoment& moment) const {
  const SchemaPtr schema = writer.schema();
  const KeptRows rows(*schema);
  const std::size_t width = rows.entity().fields.size();
  std::vector<Value> values(2 * width * lot.customers.size());
  std::vector<Row> made, before, changed;
  for (std::size_t i = 0; i < lot.customers.size(); ++i) {
    if (lot.before[i] == lot.after[i]) continue;
    lot.after[i].told = moment.version;
    const std::span<Value> old(values.data() + 2 * i * width, width), fresh(old.data() + width, width);
    rows.write(fresh, lot.customers[i], lot.after[i]);
    (lot.before[i].there ? changed : made).push_back(fresh);
    if (!lot.before[i].there) continue;
    rows.write(old, lot.customers[i], lot.before[i]);
    before.push_back(old);
  }
  if (!made.empty()) writer.put(rows.entity(), made, true);
  if (!changed.empty()) writer.replace(rows.entity(), before, changed);
}

// Where all is asked the row is whole; else the rest stays as it is, and may fall due when it would have.
void Memberships::tell(Reader& reader, std::span<const Id> customers, std::span<Kept> rows,
                       std::span<const Truth> asked, Date today) {
  evaluation_.begin(reader, customers, today);
  for (Kept& row : rows) {
    row.there = true;
    row.bits.resize(std::max(row.bits.size(), book_.octets()));
    if (!asked.empty()) continue;
    row.generation = book_.generation();
    row.due = row.watched_due = never_due;
  }
  for (std::size_t segment = 0; segment < book_.size(); ++segment) {
    if (!asks(asked, segment)) continue;
    const std::span<const Truth> members = evaluation_.members(segment);
    const std::span<const std::int32_t> due = evaluation_.due(segment);
    const Place& place = book_.place(segment);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].set(place, members[i] != 0);
      rows[i].due = std::min(rows[i].due, due[i]);
      if (place.watched) rows[i].watched_due = std::min(rows[i].watched_due, due[i]);
    }
  }
}

void Memberships::note(Id customer, const Kept& before, const Kept& after, bool is_new, std::span<const Truth> asked,
                       Instant at, const Schema& schema, FollowingRecords& following) const {
  const Entity& entity = schema.entity(SegmentChange::entity_name);
  for (std::size_t segment = 0; segment < book_.size(); ++segment) {
    const Place& place = book_.place(segment);
    if (!place.watched || !asks(asked, segment)) continue;
    const bool known = is_new || (before.there && before.generation >= place.first);
    if (!known || before.has(place) == after.has(place)) continue;
    const std::span<Value> row = following.add(entity);
    row[entity.field("customer_id").number] = Value(customer);
    row[entity.field("segment_id").number] = Value(book_.program().sources()[segment].id);
    row[entity.field("kind").number] = Value(after.has(place) ? "enter" : "leave");
    row[entity.field("at").number] = Value(at);
  }
}

void Memberships::retell(Writer& writer, const Retelling& retelling, const WriteMoment& moment,
                         FollowingRecords& following) {
  const Date today = book_.zone().date_of(moment.at);
  for (std::size_t first = 0; first < retelling.customers.size(); first += customers_at_once) {
    const auto customers =
        retelling.customers.subspan(first, std::min(customers_at_once, retelling.customers.size() - first));
    Lot lot = read(writer, customers);
    const bool whole = !std::ranges::all_of(lot.before, [&](const Kept& kept) { return holds(kept, today); });
    const std::span<const Truth> asked = whole ? std::span<const Truth>() : retelling.asked;
    tell(writer, customers, lot.after, asked, today);
    if (book_.any_watched())
      for (std::size_t i = 0; i < customers.size(); ++i)
        note(customers[i], lot.before[i], lot.after[i], contains(retelling.inserted, customers[i]), asked, moment.at,
             *writer.schema(), following);
    write(writer, lot, moment);
  }
}

void Memberships::catch_up(Writer& writer, std::span<const Id> customers, const WriteMoment& moment,
                           FollowingRecords& following) {
  const Date today = book_.zone().date_of(moment.at);
  for (std::size_t first = 0; first < customers.size(); first += customers_at_once) {
    Lot lot = read(writer, customers.subspan(first, std::min(customers_at_once, customers.size() - first)));
    for (;;) {
      std::int32_t day = never_due;
      for (const Kept& kept : lot.after) day = std::min(day, kept.watched_due);
      if (day > today.days) break;
      const bool behind = day == left_behind;
      const Date on = behind ? today : Date{day};
      const Instant at = behind ? moment.at : book_.zone().instant_of(on, 0);
      std::vector<std::size_t> which;
      std::vector<Id> ids;
      std::vector<Kept> rows;
      for (std::size_t i = 0; i < lot.after.size(); ++i) {
        if (lot.after[i].watched_due != day) continue;
        which.push_back(i);
        ids.push_back(lot.customers[i]);
        rows.push_back(lot.after[i]);
      }
      tell(writer, ids, rows, {}, on);
      for (std::size_t i = 0; i < which.size(); ++i) {
        note(ids[i], lot.after[which[i]], rows[i], false, {}, at, *writer.schema(), following);
        lot.after[which[i]] = std::move(rows[i]);
      }
    }
    write(writer, lot, moment);
  }
}

void Memberships::leave_behind(Writer& writer, std::span<const Id> customers, const WriteMoment& moment) {
  for (std::size_t first = 0; first < customers.size(); first += customers_at_once) {
    Lot lot = read(writer, customers.subspan(first, std::min(customers_at_once, customers.size() - first)));
    for (Kept& kept : lot.after) {
      if (!kept.there) kept.generation = book_.generation();
      kept.there = true;
      kept.due = left_behind;
      if (book_.any_watched()) kept.watched_due = left_behind;
    }
    write(writer, lot, moment);
  }
}

void Memberships::forget(Writer& writer, std::span<const Id> customers) {
  if (!customers.empty()) writer.erase(writer.schema()->entity(CustomerSegments::entity_name), customers);
}

}  // namespace emptor::segments
