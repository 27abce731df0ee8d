#include <doctest/doctest.h>

#include <algorithm>

#include "emptor/core/random.hpp"
#include "store/sqlite_place.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

// The brute force: the same rows in a vector, conditions read off query.hpp, order by std::sort.
class Model {
 public:
  explicit Model(const Entity& entity) : entity_(entity) {}

  void add(std::vector<Value> row) { rows_.push_back(std::move(row)); }
  const std::vector<std::vector<Value>>& rows() const { return rows_; }

  std::vector<std::int64_t> ids(const Query& query) const {
    std::vector<const std::vector<Value>*> found;
    for (const auto& row : rows_)
      if ((query.with_deleted || !row[system_field::deleted_at].present()) && holds(query.where, row))
        found.push_back(&row);
    std::sort(found.begin(), found.end(), [&](const auto* a, const auto* b) { return earlier(query, *a, *b); });
    std::vector<std::int64_t> ids;
    for (const auto* row : found) ids.push_back((*row)[0].bits());
    return ids;
  }

 private:
  const Value& cell(const std::vector<Value>& row, const std::string& field) const {
    return row[entity_.field(field).number];
  }

  bool earlier(const Query& query, const std::vector<Value>& a, const std::vector<Value>& b) const {
    for (const OrderBy& by : query.order) {
      const int order = compare(cell(a, by.field), cell(b, by.field));
      if (order != 0) return by.descending ? order > 0 : order < 0;
    }
    return a[0].bits() < b[0].bits();
  }

  bool holds(const Where& where, const std::vector<Value>& row) const {
    const auto child = [&](const Where& each) { return holds(each, row); };
    switch (where.kind) {
      case Where::Kind::always:
        return true;
      case Where::Kind::all:
        return std::all_of(where.children.begin(), where.children.end(), child);
      case Where::Kind::any:
        return std::any_of(where.children.begin(), where.children.end(), child);
      case Where::Kind::negate:
        return !child(where.children.front());
      default:
        return compares(where, cell(row, where.field));
    }
  }

  static bool compares(const Where& where, const Value& value) {
    if (where.op == Operator::missing) return !value.present();
    if (where.op == Operator::not_equal) return !(value.present() && value == where.values.front());
    if (!value.present()) return false;
    if (where.op == Operator::present) return true;
    if (where.op == Operator::in) return std::count(where.values.begin(), where.values.end(), value) > 0;
    const Value& other = where.values.front();
    if (!other.present()) return false;
    switch (where.op) {
      case Operator::equal:
        return compare(value, other) == 0;
      case Operator::less:
        return compare(value, other) < 0;
      case Operator::less_equal:
        return compare(value, other) <= 0;
      case Operator::greater:
        return compare(value, other) > 0;
      case Operator::greater_equal:
        return compare(value, other) >= 0;
      case Operator::starts_with:
        return value.text().substr(0, other.text().size()) == other.text();
      default:
        return value.text().find(other.text()) != std::string_view::npos;
    }
  }

  const Entity& entity_;
  std::vector<std::vector<Value>> rows_;
};

constexpr const char* texts[] = {"",   "a",    "b",  "ab",  "aB",  "ba",      "é",
                                 "ü%", "王小", "王", "a_b", "a'b", "a\"\\\n", "\xf4\x8f\xbf\xbf"};

// Few different values, so that ties, equal conditions and missing values are common.
Value random_value(const Field& field, Random& random) {
  const auto number = static_cast<std::int64_t>(random.below(9)) - 4;
  if (random.below(3) == 0) return {};
  if (field.type == Type::text) return Value(texts[random.below(std::size(texts))]);
  if (field.type == Type::real) return Value(static_cast<double>(number) / 3);
  if (field.type == Type::id) return Value(Id{number});
  if (field.type == Type::boolean) return Value(number > 0);
  return Value::of_bits(field.type, number);
}

Where random_condition(const Entity& entity, std::span<const std::string> fields, Random& random) {
  const std::string& field = fields[random.below(fields.size())];
  const Field& described = entity.field(field);
  constexpr Operator operators[] = {Operator::equal,       Operator::not_equal,     Operator::less,
                                    Operator::greater,     Operator::greater_equal, Operator::less_equal,
                                    Operator::missing,     Operator::present,       Operator::in,
                                    Operator::starts_with, Operator::contains};
  const bool text = described.type == Type::text;
  const Operator op = operators[random.below(text ? 11 : 9)];
  if (op != Operator::in) return Where::compare(field, op, random_value(described, random));
  std::vector<Value> values;
  for (std::uint64_t count = random.below(20); count > 0; --count) values.push_back(random_value(described, random));
  return Where::in(field, std::move(values));
}

Where random_where(const Entity& entity, std::span<const std::string> fields, Random& random, int depth) {
  const std::uint64_t kind = depth == 0 ? 0 : random.below(5);
  if (kind == 1) return Where::negate(random_where(entity, fields, random, depth - 1));
  if (kind != 2 && kind != 3) return random_condition(entity, fields, random);
  std::vector<Where> children;
  for (std::uint64_t count = random.below(4); count > 0; --count)
    children.push_back(random_where(entity, fields, random, depth - 1));
  return kind == 2 ? Where::all(std::move(children)) : Where::any(std::move(children));
}

Query random_query(const Entity& entity, std::span<const std::string> fields, Random& random) {
  Query query{.entity = entity.name, .where = random_where(entity, fields, random, 3)};
  for (std::uint64_t count = random.below(4); count > 0; --count)
    query.order.push_back({random.below(8) == 0 ? "id" : fields[random.below(fields.size())], random.below(2) == 0});
  query.limit = 1 + random.below(40);
  query.with_deleted = random.below(2) == 0;
  if (random.below(2) == 0) query.fields = {fields[random.below(fields.size())], "id"};
  return query;
}

std::vector<std::string> usable_fields(const Entity& entity, std::size_t most) {
  std::vector<std::string> names;
  for (const Field& field : entity.fields)
    if (field.number >= system_field::count && field.type != Type::bytes && names.size() < most)
      names.push_back(field.name);
  return names;
}

void fill(Writer& writer, const Entity& entity, std::span<const std::string> fields, std::int64_t rows, Random& random,
          Model& model) {
  for (std::int64_t id = 1; id <= rows; ++id) {
    std::vector<Value> row = row_of(entity, id, {});
    for (const std::string& name : fields) row[entity.field(name).number] = random_value(entity.field(name), random);
    if (random.below(5) == 0) row[system_field::deleted_at] = Value(Instant{5});
    const Row rows_to_put[] = {row};
    writer.put(entity, rows_to_put, true);
    model.add(std::move(row));
  }
}

}  // namespace

TEST_CASE("sqlite: 4,000 random queries answer as a brute force does, whatever the batch") {
  const Place place;
  const auto store = place.open();
  const auto writer = store->write();
  Random random(2024);
  for (const char* name : {"customer", "order_line", "recommendation", "task"}) {
    const SchemaPtr schema = writer->schema();
    const Entity& entity = schema->entity(name);
    const std::vector<std::string> fields = usable_fields(entity, 14);
    Model model(entity);
    fill(*writer, entity, fields, 120, random, model);
    std::size_t with_rows = 0;
    for (int round = 0; round < 1000; ++round) {
      const Query query = random_query(entity, fields, random);
      const std::vector<std::int64_t> expected = model.ids(query);
      with_rows += !expected.empty();
      REQUIRE(ids_of(*writer, query) == expected);
    }
    CHECK(with_rows > 400);
  }
}

TEST_CASE("sqlite: a scan delivers the fields asked for, in their order, for the rows that it names") {
  const Place place;
  const auto store = place.open();
  const auto writer = store->write();
  Random random(7);
  const SchemaPtr schema = writer->schema();
  const Entity& entity = schema->entity("order_line");
  const std::vector<std::string> fields = usable_fields(entity, 14);
  Model model(entity);
  fill(*writer, entity, fields, 100, random, model);
  Query query{.entity = "order_line",
              .order = {{"category", true}, {"quantity"}},
              .fields = {"price", "id", "category"},
              .limit = 7,
              .with_deleted = true};
  ScanKey key;
  Batch batch;
  std::size_t rows = 0;
  for (bool more = true; more;) {
    more = writer->scan(query, key, batch);
    REQUIRE(batch.columns.size() == 3);
    for (std::size_t i = 0; i < batch.rows(); ++i, ++rows) {
      const auto& row = model.rows()[static_cast<std::size_t>(batch.ids[i].value) - 1];
      CHECK(batch.columns[0].value(i) == row[entity.field("price").number]);
      CHECK(batch.columns[1].value(i) == Value(batch.ids[i]));
      CHECK(batch.columns[2].value(i) == row[entity.field("category").number]);
    }
  }
  CHECK(rows == 100);
  CHECK_FALSE(writer->scan(query, key, batch));
  CHECK(batch.rows() == 0);
}

TEST_CASE("sqlite: a scan goes on where it stood although rows were written in between") {
  const Place place;
  const auto store = place.open();
  {
    const auto writer = store->write();
    for (int id = 1; id <= 9; id += 2) put_one(*writer, "team", id, {});
    writer->commit();
  }
  ScanKey key;
  Batch batch;
  CHECK(store->read()->scan({.entity = "team", .limit = 2}, key, batch));
  {
    const auto writer = store->write();
    put_one(*writer, "team", 2, {});
    put_one(*writer, "team", 4, {});
    writer->commit();
  }
  CHECK(store->read()->scan({.entity = "team", .limit = 2}, key, batch));
  CHECK(batch.ids == std::vector<Id>{Id{4}, Id{5}});
}

TEST_CASE("sqlite: sums are exact where 64 bits would overflow on the way, and refused where the total does") {
  const Place place;
  const auto store = place.open();
  const auto writer = store->write();
  constexpr std::int64_t most = INT64_MAX;
  const std::int64_t amounts[] = {most, most, -most, -most, 5, -7};
  std::int64_t id = 0;
  for (const std::int64_t amount : amounts)
    put_one(*writer, "order_line", ++id,
            {{"base_amount", Value::of_bits(Type::decimal, amount)}, {"category", Value("a")}});
  put_one(*writer, "order_line", ++id, {{"category", Value("b")}});
  put_one(*writer, "order_line", ++id, {{"base_amount", Value(Decimal(2))}});
  AggregateQuery query{.entity = "order_line",
                       .group_by = {"category"},
                       .measures = {{Measure::count, ""},
                                    {Measure::count, "base_amount"},
                                    {Measure::sum, "base_amount"},
                                    {Measure::min, "base_amount"},
                                    {Measure::max, "base_amount"}}};
  const Groups groups = writer->aggregate(query);
  REQUIRE(groups.groups.size() == 3);
  CHECK_FALSE(groups.groups[0].keys[0].present());
  CHECK(groups.groups[0].results[2] == Value(Decimal(2)));
  CHECK(groups.groups[1].keys[0] == Value("a"));
  CHECK(groups.groups[1].results[0] == Value(6));
  CHECK(groups.groups[1].results[2] == Value::of_bits(Type::decimal, -2));
  CHECK(groups.groups[1].results[3] == Value::of_bits(Type::decimal, -most));
  CHECK(groups.groups[1].results[4] == Value::of_bits(Type::decimal, most));
  CHECK(groups.groups[2].results[0] == Value(1));
  CHECK(groups.groups[2].results[1] == Value(0));
  CHECK_FALSE(groups.groups[2].results[2].present());
  CHECK_FALSE(groups.groups[2].results[3].present());
  put_one(*writer, "order_line", ++id,
          {{"base_amount", Value::of_bits(Type::decimal, most)}, {"category", Value("a")}});
  put_one(*writer, "order_line", ++id, {{"base_amount", Value::of_bits(Type::decimal, 3)}, {"category", Value("a")}});
  CHECK(code_of([&] { writer->aggregate(query); }) == Code::invalid);
}

TEST_CASE("sqlite: an aggregate without groups has one, and what cannot be summed is refused") {
  const Place place;
  const auto reader = place.open()->read();
  const Groups none =
      reader->aggregate({.entity = "order", .measures = {{Measure::count, ""}, {Measure::sum, "freight"}}});
  REQUIRE(none.groups.size() == 1);
  CHECK(none.groups[0].results[0] == Value(0));
  CHECK_FALSE(none.groups[0].results[1].present());
  CHECK(
      reader->aggregate({.entity = "order", .group_by = {"kind"}, .measures = {{Measure::count, ""}}}).groups.empty());
  CHECK(code_of([&] {
          reader->aggregate({.entity = "order", .measures = {{Measure::sum, "number"}}});
        }) == Code::invalid);
  CHECK(code_of([&] { reader->aggregate({.entity = "order", .measures = {{Measure::sum, ""}}}); }) == Code::invalid);
  CHECK(code_of([&] { reader->aggregate({.entity = "nothing"}); }) == Code::not_found);
}

TEST_CASE(
    "sqlite: conditions on unknown fields or with values of another type are refused, whole numbers fit decimals") {
  const Place place;
  const auto store = place.open();
  const auto writer = store->write();
  put_one(*writer, "order_line", 1, {{"quantity", Value(Decimal(3))}});
  const auto with = [&](Where where) {
    return [&writer, where] { ids_of(*writer, {.entity = "order_line", .where = where}); };
  };
  CHECK(code_of(with(Where::equal("nothing", 1))) == Code::not_found);
  CHECK(code_of(with(Where::equal("quantity", "3"))) == Code::invalid);
  CHECK(code_of(with(Where::compare("quantity", Operator::contains, 3))) == Code::invalid);
  CHECK(code_of(with(Where::equal("id", 1))) == Code::ok);
  CHECK(ids_of(*writer, {.entity = "order_line", .where = Where::equal("quantity", 3)}).size() == 1);
}

TEST_CASE("sqlite: thousands of conditions and of values fit one query") {
  const Place place;
  const auto store = place.open();
  const auto writer = store->write();
  for (int id = 1; id <= 50; ++id) put_one(*writer, "team", id, {{"name", Value("x")}});
  std::vector<Where> conditions;
  std::vector<Value> values;
  for (int id = 40; id < 5000; ++id) {
    conditions.push_back(Where::compare("id", Operator::not_equal, id));
    values.push_back(Value(Id{id}));
  }
  CHECK(ids_of(*writer, {.entity = "team", .where = Where::all(conditions)}).size() == 39);
  CHECK(ids_of(*writer, {.entity = "team", .where = Where::in("id", values)}).size() == 11);
}
