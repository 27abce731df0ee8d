#include "session/segments/customer_columns.hpp"

#include <algorithm>

#include "emptor/model/party.hpp"
#include "session/changed_customers.hpp"

namespace emptor::segments {
namespace {

constexpr std::size_t read_at_once = 4096;
constexpr std::size_t most_bytes = std::size_t{1} << 30;
constexpr std::size_t bytes_a_value = 9;

// The fields that a node asks; false where it asks more than fields.
bool collect(const Program& program, const Node& node, std::vector<FieldNumber>& fields) {
  if (node.kind == Node::Kind::segment) return collect(program, program.rules()[node.number], fields);
  if (node.kind == Node::Kind::test) {
    const Measure& measure = program.measures()[program.tests()[node.number].measure];
    if (measure.kind != RuleSubject::Kind::field) return false;
    const Cell& cell = program.records()[measure.records].cells()[measure.cell];
    fields.push_back(cell.field);
    return cell.kind == Cell::Kind::own;
  }
  return std::ranges::all_of(node.children, [&](const Node& child) { return collect(program, child, fields); });
}

template <class Take>
void each_batch(Reader& reader, std::vector<std::string> fields, Take&& take) {
  Query query;
  query.entity = std::string(Customer::entity_name);
  query.fields = std::move(fields);
  query.limit = read_at_once;
  query.with_deleted = true;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    take(batch);
  }
}

}  // namespace

// One segment asked of all blocks. Each test of texts is asked once of every distinct text.
class CustomerColumns::Scan {
 public:
  Scan(const CustomerColumns& columns, const Program& program, const RuleGround& ground)
      : columns_(columns), program_(program) {
    tests_.resize(program.tests().size());
    texts_.resize(tests_.size());
    ground_ = ground;
  }

  void prepare(const Node& node) {
    if (node.kind == Node::Kind::segment) return prepare(program_.rules()[node.number]);
    for (const Node& child : node.children) prepare(child);
    if (node.kind != Node::Kind::test || tests_[node.number]) return;
    const Test& test = program_.tests()[node.number];
    tests_[node.number].emplace(*test.term, test.term->subject.type, ground_);
    const FieldColumn& column = column_of(test);
    if (column.type != Type::text) return;
    Column distinct;
    distinct.type = Type::text;
    for (const std::string& text : column.texts) distinct.append(Value(std::string_view(text)));
    texts_[node.number].resize(distinct.size());
    tests_[node.number]->ask(distinct, texts_[node.number]);
  }

  void ask(const Node& node, std::size_t block, std::span<Truth> holds) const {
    if (node.kind == Node::Kind::segment) {
      ask(program_.rules()[node.number], block, holds);
    } else if (node.kind == Node::Kind::test) {
      ask_test(node.number, block, holds);
    } else if (node.kind == Node::Kind::negate) {
      ask(node.children.front(), block, holds);
      for (Truth& each : holds) each ^= 1;
    } else {
      const bool all = node.kind == Node::Kind::all;
      std::ranges::fill(holds, static_cast<Truth>(all));
      std::vector<Truth> part(holds.size());
      for (const Node& child : node.children) {
        ask(child, block, part);
        for (std::size_t i = 0; i < holds.size(); ++i) holds[i] = all ? holds[i] & part[i] : holds[i] | part[i];
      }
    }
  }

 private:
  const FieldColumn& column_of(const Test& test) const {
    const Measure& measure = program_.measures()[test.measure];
    return columns_.fields_.at(program_.records()[measure.records].cells()[measure.cell].field);
  }

  void ask_test(std::size_t number, std::size_t block, std::span<Truth> holds) const {
    const FieldColumn& column = column_of(program_.tests()[number]);
    const Values& values = column.blocks[block];
    if (column.type == Type::text) {
      const Truth* of_text = texts_[number].data();
      for (std::size_t i = 0; i < holds.size(); ++i) holds[i] = of_text[values.places[i]];
      return;
    }
    tests_[number]->ask({column.type, values.bits.data(), values.valid.data()}, holds);
  }

  const CustomerColumns& columns_;
  const Program& program_;
  RuleGround ground_;
  std::vector<std::optional<ColumnTest>> tests_;
  std::vector<std::vector<Truth>> texts_;  // of each distinct text, by test
};

std::optional<IdSet> CustomerColumns::members(Reader& reader, const Book& book, std::size_t segment, Date today,
                                              const Executor& executor) {
  const Program& program = book.program();
  const Node& rule = program.rules()[segment];
  std::vector<FieldNumber> fields;
  if (!collect(program, rule, fields)) return std::nullopt;
  const std::lock_guard lock(turn_);
  if (!bring(reader, fields)) return std::nullopt;
  RuleGround ground;
  ground.zone = book.zone();
  ground.today = today;
  Scan scan(*this, program, ground);
  scan.prepare(rule);
  std::vector<std::vector<Id>> found(blocks_.size());
  executor.run(blocks_.size(), [&](std::size_t number) {
    const Block& block = blocks_[number];
    std::vector<Truth> holds(block.ids.size());
    scan.ask(rule, number, holds);
    for (std::size_t i = 0; i < holds.size(); ++i)
      if (holds[i] & block.there[i]) found[number].push_back(block.ids[i]);
  });
  IdSet members;
  for (const std::vector<Id>& ids : found)
    for (const Id id : ids) members.insert(id);
  return members;
}

void CustomerColumns::forget() {
  rows_ = 0;
  blocks_.clear();
  fields_.clear();
}

// Makes the columns those of the snapshot; false where that is not worth it.
bool CustomerColumns::bring(Reader& reader, const std::vector<FieldNumber>& fields) {
  const StoreInfo& info = reader.info();
  if (schema_version_ != info.schema_version || blocks_.empty()) forget();
  if (!blocks_.empty() && position_ > info.position) return false;
  if (!blocks_.empty() && position_ < info.position && !follow(reader)) forget();
  const Entity& customer = reader.schema()->entity(Customer::entity_name);
  if (blocks_.empty()) read_ids(reader);
  position_ = info.position;
  schema_version_ = info.schema_version;
  for (const FieldNumber field : fields) {
    if (fields_.contains(field)) continue;
    if (rows_ * bytes_a_value * (fields_.size() + 1) > most_bytes || customer.fields[field].type == Type::bytes)
      return false;
    read_field(reader, customer, field);
  }
  return true;
}

void CustomerColumns::read_ids(Reader& reader) {
  each_batch(reader, {"deleted_at"}, [&](const Batch& batch) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      if (rows_ % rows_a_block == 0) blocks_.emplace_back();
      blocks_.back().ids.push_back(batch.ids[row]);
      blocks_.back().there.push_back(!batch.columns[0].valid[row]);
      ++rows_;
    }
  });
}

void CustomerColumns::read_field(Reader& reader, const Entity& customer, FieldNumber field) {
  FieldColumn& column = fields_[field];
  column.type = customer.fields[field].type;
  column.texts.emplace_back();
  std::size_t at = 0;
  each_batch(reader, {customer.fields[field].name}, [&](const Batch& batch) {
    for (std::size_t row = 0; row < batch.rows(); ++row) put(column, at++, batch.columns[0].value(row));
  });
}

void CustomerColumns::put(FieldColumn& column, std::size_t row, const Value& value) {
  if (row / rows_a_block == column.blocks.size()) column.blocks.emplace_back();
  Values& values = column.blocks[row / rows_a_block];
  const std::size_t at = row % rows_a_block;
  if (column.type != Type::text) {
    if (at == values.valid.size()) {
      values.bits.push_back(0);
      values.valid.push_back(0);
    }
    values.bits[at] = value.present() ? value.bits() : 0;
    values.valid[at] = value.present();
    return;
  }
  std::uint32_t place = 0;
  if (value.present()) {
    const auto known = column.place_of.find(value.text());
    place = known != column.place_of.end() ? known->second : static_cast<std::uint32_t>(column.texts.size());
    if (known == column.place_of.end()) column.place_of.emplace(column.texts.emplace_back(value.text()), place);
  }
  if (at == values.places.size()) values.places.push_back(0);
  values.places[at] = place;
}

// Customers that changed since, and new ones at the end; false where it cannot be told.
bool CustomerColumns::follow(Reader& reader) {
  const auto changed = customers_changed(reader, position_);
  if (!changed) return false;
  const Entity& customer = reader.schema()->entity(Customer::entity_name);
  Batch now;
  reader.get(customer, *changed, now);
  for (std::size_t i = 0; i < changed->size(); ++i) {
    const Id id = (*changed)[i];
    const auto block = std::ranges::lower_bound(blocks_, id, {}, [](const Block& each) { return each.ids.back(); });
    std::size_t row = rows_;
    if (block != blocks_.end()) {
      const auto at = std::ranges::lower_bound(block->ids, id);
      if (*at != id) return false;  // it was not there, and is not the newest
      row = static_cast<std::size_t>(block - blocks_.begin()) * rows_a_block +
            static_cast<std::size_t>(at - block->ids.begin());
    } else {
      if (!now.ids[i]) continue;
      if (rows_ % rows_a_block == 0) blocks_.emplace_back();
      blocks_.back().ids.push_back(id);
      blocks_.back().there.push_back(0);
      ++rows_;
    }
    const bool there = now.ids[i] && !now.columns[system_field::deleted_at].valid[i];
    blocks_[row / rows_a_block].there[row % rows_a_block] = there;
    for (auto& [field, column] : fields_) put(column, row, now.columns[field].value(i));
  }
  return true;
}

}  // namespace emptor::segments
