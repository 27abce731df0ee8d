// New segments that ask fields of customers alone are told from columns in memory: the same as their rule asked of the
// store, after whatever is written.
#include <doctest/doctest.h>

#include <algorithm>

#include "emptor/core/random.hpp"
#include "emptor/session/rule.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr const char* conditions[] = {
    "tier = 'gold'",      "tier <> 'basic'", "country in ('DE', 'PT')",      "country is missing",
    "name contains 'a'",  "employees >= 3",  "employees is present",         "annual_revenue < 2.5",
    "x_score > 0.25",     "x_vip is true",   "birth_date <= today - 3 days", "since >= today - 2 days",
    "owner_id is missing"};
constexpr const char* tiers[] = {"gold", "silver", "basic"};
constexpr const char* countries[] = {"DE", "PT", "FR"};

class Columns {
 public:
  Columns(StoreGround& ground, std::uint64_t seed) : ground_(ground), office_(ground.store()), random_(seed) {
    office_.system().define_field({.entity = "customer", .name = "score", .type = Type::real});
    office_.system().define_field({.entity = "customer", .name = "vip", .type = Type::boolean});
  }

  void run(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      for (std::uint64_t left = random_.below(round % 7 == 0 ? 200 : 4); left > 0; --left) write();
      if (random_.below(3) == 0) office_.now.micros += micros_per_day;
      if (random_.below(4) == 0) add_segment();
      check();
    }
  }

 private:
  template <class List>
  auto any(const List& list) {
    return list[random_.below(std::size(list))];
  }

  void write() {
    ChangeSet set;
    if (!customers_.empty() && random_.below(6) == 0) {
      const Id gone = any(customers_);
      set.erase("customer", gone);
      std::erase(customers_, gone);
    } else {
      const bool fresh = customers_.empty() || random_.below(2) == 0;
      ChangeSet::Put put = set.put("customer", fresh ? no_id : any(customers_));
      const auto sometimes = [&](const char* field, const Value& value) {
        put.set(field, random_.below(4) == 0 ? Value() : value);
      };
      put.set("name", random_.below(2) == 0 ? "Ann" : "Bo");
      sometimes("tier", any(tiers));
      sometimes("country", any(countries));
      sometimes("employees", static_cast<std::int64_t>(random_.below(6)));
      sometimes("annual_revenue", Decimal(static_cast<std::int64_t>(random_.below(5))));
      sometimes("x_score", static_cast<double>(random_.below(4)) / 4);
      sometimes("x_vip", random_.below(2) == 0);
      sometimes("birth_date", Date{today() - static_cast<std::int32_t>(random_.below(7))});
      sometimes("since", Instant{office_.now.micros - static_cast<std::int64_t>(random_.below(5)) * micros_per_day});
    }
    const Receipt receipt = office_.system().apply(set);
    if (receipt.inserted == 1) customers_.push_back(receipt.ids.front());
  }
  std::int32_t today() const { return static_cast<std::int32_t>(office_.now.micros / micros_per_day); }

  // Put as a record: nothing settles it, so that whoever asks tells its members anew.
  void add_segment() {
    std::string rule = any(conditions);
    for (std::uint64_t left = random_.below(4); left > 0; --left)
      rule = "(" + rule + (random_.below(2) == 0 ? " and " : " or ") + (random_.below(3) == 0 ? "not " : "") +
             std::string(any(conditions)) + ")";
    const Id id = office_.put("segment", {{"name", Value("s" + std::to_string(rules_.size()))}, {"rule", Value(rule)}});
    rules_.emplace_back(id, rule);
  }

  void check() {
    const View view = office_.system().view();
    const Entity& customer = view.schema().entity("customer");
    const auto ids = [&](const Where& where) {
      std::vector<Id> found;
      for (const Record& record : view.select({.entity = "customer", .where = where})) found.push_back(record.id());
      return found;
    };
    for (const auto& [id, text] : rules_) {
      CAPTURE(text);
      const Rule rule = Rule::parse(customer, text);
      REQUIRE(ids(office_.system().in_segment(view, id)) == ids(rule.where(rule_ground(office_.system()))));
    }
  }

  StoreGround& ground_;
  Office office_;
  Random random_;
  std::vector<Id> customers_;
  std::vector<std::pair<Id, std::string>> rules_;
};

}  // namespace

TEST_CASE("[M2] segments: rules about fields alone are told from columns as the store tells them") {
  OpenOptions options;
  options.durability = Durability::off;
  for (const std::uint64_t seed : {1, 2, 3})
    on_every_store([&](StoreGround& ground) { Columns(ground, seed).run(60); }, options);
}
