#include "session/segments/gathered.hpp"

#include <algorithm>
#include <unordered_map>

#include "emptor/model/party.hpp"
#include "emptor/model/sales.hpp"

namespace emptor::segments {
namespace {

constexpr std::size_t rows_at_once = 4096;
constexpr std::int64_t dense = 4;  // ids from the first to the last, for each that is meant

void start(Column& column, FieldNumber field, Type type) {
  column.clear();
  column.field = field;
  column.type = type;
}

std::int64_t sum_saturated(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

std::optional<std::size_t> Customers::number(Id id) const noexcept {
  if (ids_.size() == 1) return ids_.front() == id ? std::optional<std::size_t>(0) : std::nullopt;
  const auto found = std::ranges::lower_bound(ids_, id);
  if (found == ids_.end() || *found != id) return std::nullopt;
  return static_cast<std::size_t>(found - ids_.begin());
}

Where Customers::own(const std::string& field) const {
  if (ids_.size() == 1) return Where::equal(field, ids_.front());
  const std::int64_t reach = ids_.back().value - ids_.front().value;
  if (reach / dense > static_cast<std::int64_t>(ids_.size()))
    return Where::in(field, std::vector<Value>(ids_.begin(), ids_.end()));
  return Where::all({Where::compare(field, Operator::greater_equal, ids_.front()),
                     Where::compare(field, Operator::less_equal, ids_.back())});
}

Gathered::Gathered(const AskedRecords& asked, const Schema& schema)
    : asked_(asked), schema_(schema), of_customers_(asked.entity().number == Customer::entity_number) {
  const auto add = [&](FieldNumber field) {
    if (std::ranges::find(fields_, field) == fields_.end()) fields_.push_back(field);
  };
  if (!of_customers_) add(*asked.entity().customer_field);
  for (const Cell& cell : asked.cells()) {
    if (cell.kind == Cell::Kind::own) add(cell.field);
    if (cell.kind == Cell::Kind::related) add(cell.through);
  }
  if (fields_.empty()) add(system_field::id);
  query_.entity = asked.entity().name;
  query_.limit = rows_at_once;
  for (const FieldNumber field : fields_) query_.fields.push_back(asked.entity().fields[field].name);
  own_.resize(fields_.size());
  columns_.resize(asked.cells().size());
}

void Gathered::read(Reader& reader, const Customers& customers, const Zone& zone) {
  ids_.clear();
  owners_.clear();
  for (std::size_t i = 0; i < fields_.size(); ++i) start(own_[i], fields_[i], asked_.entity().fields[fields_[i]].type);
  read_own(reader, customers);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Cell& cell = asked_.cells()[i];
    if (cell.kind == Cell::Kind::own) columns_[i] = own(cell.field);
  }
  fill_related(reader);
  fill_totals(reader, customers);
  if (asked_.moment()) fill_days(zone);
}

const Column& Gathered::own(FieldNumber field) const {
  return own_[static_cast<std::size_t>(std::ranges::find(fields_, field) - fields_.begin())];
}

// Records that are deleted are in nothing.
void Gathered::read_own(Reader& reader, const Customers& customers) {
  const Entity& entity = asked_.entity();
  query_.where =
      customers.own(entity.fields[of_customers_ ? FieldNumber{system_field::id} : *entity.customer_field].name);
  ScanKey key;
  for (bool more = true; more;) {
    more = reader.scan(query_, key, batch_);
    take(batch_, customers);
  }
}

void Gathered::take(const Batch& batch, const Customers& customers) {
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const Id customer = of_customers_ ? batch.ids[row] : batch.columns[0].value(row).id();
    const auto number = customers.number(customer);
    if (!number) continue;
    ids_.push_back(batch.ids[row]);
    owners_.push_back(static_cast<std::uint32_t>(*number));
    for (std::size_t i = 0; i < own_.size(); ++i) own_[i].append(batch.columns[i].value(row));
  }
}

void Gathered::fill_related(Reader& reader) {
  std::vector<std::pair<FieldNumber, EntityNumber>> done;
  for (const Cell& cell : asked_.cells()) {
    const std::pair way(cell.through, cell.of);
    if (cell.kind != Cell::Kind::related || std::ranges::find(done, way) != done.end()) continue;
    fill_related(reader, cell.through, cell.of);
    done.push_back(way);
  }
}

// A record that is deleted tells nothing of those that refer to it.
void Gathered::fill_related(Reader& reader, FieldNumber through, EntityNumber of) {
  const Entity& other = schema_.entity(of);
  std::vector<Id> targets;
  for (std::size_t row = 0; row < rows(); ++row)
    if (const Id id = own(through).value(row).id()) targets.push_back(id);
  std::ranges::sort(targets);
  targets.erase(std::ranges::unique(targets).begin(), targets.end());
  Batch found;
  if (targets.empty())
    found.reset(other);
  else
    reader.get(other, targets, found);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Cell& cell = asked_.cells()[i];
    if (cell.kind != Cell::Kind::related || cell.through != through || cell.of != of) continue;
    start(columns_[i], cell.field, cell.type);
    for (std::size_t row = 0; row < rows(); ++row) {
      const Id id = own(through).value(row).id();
      const auto at = static_cast<std::size_t>(std::ranges::lower_bound(targets, id) - targets.begin());
      const bool there = id && found.ids[at] && !found.columns[system_field::deleted_at].valid[at];
      columns_[i].append(there ? found.columns[cell.field].value(at) : Value());
    }
  }
}

void Gathered::fill_totals(Reader& reader, const Customers& customers) {
  const auto cell = std::ranges::find(asked_.cells(), Cell::Kind::order_total, &Cell::kind);
  if (cell == asked_.cells().end()) return;
  const Entity& lines = schema_.entity(OrderLine::entity_number);
  std::unordered_map<std::int64_t, std::int64_t> totals;
  Query query;
  query.entity = lines.name;
  query.where = customers.own(lines.fields[*lines.customer_field].name);
  query.fields = {"order_id", "base_amount"};
  query.limit = rows_at_once;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      if (!batch.columns[1].valid[row]) continue;
      std::int64_t& total = totals[batch.columns[0].bits[row]];
      total = sum_saturated(total, batch.columns[1].bits[row]);
    }
  }
  Column& column = columns_[static_cast<std::size_t>(cell - asked_.cells().begin())];
  start(column, 0, Type::decimal);
  for (const Id id : ids_) {
    const auto found = totals.find(id.value);
    column.append(Value::of_bits(Type::decimal, found == totals.end() ? 0 : found->second));
  }
}

void Gathered::fill_days(const Zone& zone) {
  const Column& moments = columns_[*asked_.moment()];
  days_.resize(rows());
  for (std::size_t row = 0; row < rows(); ++row) {
    const Value moment = moments.value(row);
    days_[row] = !moment.present()                ? no_day
                 : moment.type() == Type::instant ? zone.date_of(moment.instant()).days
                                                  : moment.date().days;
  }
}

}  // namespace emptor::segments
