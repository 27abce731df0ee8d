#include "session/segments/affected.hpp"

#include <algorithm>

#include "emptor/model/party.hpp"
#include "emptor/model/sales.hpp"
#include "emptor/model/system.hpp"

namespace emptor::segments {
namespace {

constexpr std::size_t most_referring = 256;  // records that refer to a changed one, and are told anew at once

void make_set(std::vector<Id>& ids) {
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
}

class Search {
 public:
  Search(Reader& reader, const Book& book) : reader_(reader), program_(book.program()) {
    affected_.segments.assign(book.size(), 0);
  }

  void add(const RecordChange& change) {
    const Entity& entity = *change.entity;
    if (!may_matter(change)) return;
    const bool matters = ask(entity);
    const bool is_customer = entity.number == Customer::entity_number;
    if (is_customer) add_customer(change);
    if (!matters) return;
    if (entity.customer_field)
      for (const Row row : {change.before, change.after})
        if (!row.empty()) add_customer(row[*entity.customer_field].id());
    add_referring(change);
  }

  Affected take() {
    make_set(affected_.customers);
    make_set(affected_.inserted);
    make_set(affected_.doubtful);
    std::erase_if(affected_.customers,
                  [&](Id id) { return std::ranges::find(affected_.gone, id) != affected_.gone.end(); });
    return std::move(affected_);
  }

 private:
  // Marks the segments that depend on an entity; whether there are any.
  bool ask(const Entity& entity) {
    const std::span<const std::uint8_t> dependents = program_.dependents(entity.number);
    for (std::size_t i = 0; i < dependents.size(); ++i) affected_.segments[i] |= dependents[i];
    return !dependents.empty();
  }

  void add_customer(Id id) {
    if (id) affected_.customers.push_back(id);
  }

  void add_customer(const RecordChange& change) {
    const Id id = (change.after.empty() ? change.before : change.after)[system_field::id].id();
    if (change.after.empty()) return affected_.gone.push_back(id);
    if (change.before.empty()) affected_.inserted.push_back(id);
    affected_.customers.push_back(id);
  }

  // Whether a field differs that some segment asks, of the record itself or through a reference to it.
  bool may_matter(const RecordChange& change) const {
    if (change.before.empty() || change.after.empty()) return true;
    const auto differs = [&](FieldNumber field) { return change.before[field] != change.after[field]; };
    if (differs(system_field::deleted_at)) return true;
    if (change.entity->customer_field && differs(*change.entity->customer_field)) return true;
    for (const AskedRecords& asked : program_.records()) {
      const bool own = asked.entity().number == change.entity->number;
      for (const Cell& cell : asked.cells()) {
        if (own && cell.kind == Cell::Kind::own && differs(cell.field)) return true;
        if (own && cell.kind == Cell::Kind::related && differs(cell.through)) return true;
        if (cell.kind == Cell::Kind::related && cell.of == change.entity->number && differs(cell.field)) return true;
      }
    }
    return is_behind_computed(change, differs);
  }

  // What totals of orders and summaries of customers are made of.
  template <class Differs>
  static bool is_behind_computed(const RecordChange& change, Differs&& differs) {
    const Entity& entity = *change.entity;
    if (entity.number == OrderLine::entity_number)
      return differs(entity.field("base_amount").number) || differs(entity.field("order_id").number);
    if (entity.number == Order::entity_number)
      return differs(entity.field("kind").number) || differs(*entity.moment_field);
    return entity.moment_field && differs(*entity.moment_field);
  }

  void add_referring(const RecordChange& change) {
    const Id id = (change.after.empty() ? change.before : change.after)[system_field::id].id();
    if (change.before.empty()) return;  // nobody refers to what was not there
    for (const AskedRecords& asked : program_.records()) {
      std::vector<FieldNumber> done;
      for (const Cell& cell : asked.cells()) {
        const bool refers = cell.kind == Cell::Kind::related && cell.of == change.entity->number;
        if (!refers || cell.through == system_field::id || std::ranges::find(done, cell.through) != done.end())
          continue;
        done.push_back(cell.through);
        if (!add_referring(asked.entity(), asked.entity().fields[cell.through], id)) doubt(asked.entity(), change);
      }
    }
  }

  // False where more refer to it than are told anew in a write, or nothing finds them.
  bool add_referring(const Entity& entity, const Field& reference, Id id) {
    if (!reference.has(field_flag::indexed)) return false;
    const bool are_customers = entity.number == Customer::entity_number;
    Query query;
    query.entity = entity.name;
    query.where = Where::equal(reference.name, id);
    query.fields = {are_customers ? "id" : entity.fields[*entity.customer_field].name};
    query.limit = most_referring + 1;
    ScanKey key;
    Batch batch;
    const bool more = reader_.scan(query, key, batch);
    if (more || batch.rows() > most_referring) return false;
    for (std::size_t row = 0; row < batch.rows(); ++row)
      add_customer(are_customers ? batch.ids[row] : batch.columns[0].value(row).id());
    return true;
  }

  void doubt(const Entity& referring, const RecordChange& change) {
    const std::span<const std::uint8_t> of_changed = program_.dependents(change.entity->number);
    const std::span<const std::uint8_t> of_referring = program_.dependents(referring.number);
    for (std::size_t i = 0; i < of_changed.size(); ++i)
      if (of_changed[i] && of_referring[i]) affected_.doubtful.push_back(program_.sources()[i].id);
  }

  Reader& reader_;
  const Program& program_;
  Affected affected_;
};

}  // namespace

Affected affected_by(Reader& reader, const Book& book, std::span<const RecordChange> changes) {
  if (book.size() == 0) return {};
  Search search(reader, book);
  for (const RecordChange& change : changes) search.add(change);
  return search.take();
}

std::vector<Id> customers_due(Reader& reader, const char* field, Date today, std::size_t most) {
  Query query;
  query.entity = std::string(CustomerSegments::entity_name);
  query.where = Where::compare(field, Operator::less_equal, today);
  query.order = {{field}};
  query.fields = {"id"};
  query.limit = most;
  ScanKey key;
  Batch batch;
  reader.scan(query, key, batch);
  std::vector<Id> due = batch.ids;
  std::ranges::sort(due);
  return due;
}

}  // namespace emptor::segments
