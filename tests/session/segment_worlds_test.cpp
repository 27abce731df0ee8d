// Random writes, days that pass and stores that are opened again: who is in which segment, and who entered or left it
// when, by an evaluator of its own.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/session/session.hpp"
#include "support/other_session.hpp"
#include "support/plain_segments.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr const char* zone = "Asia/Shanghai";
constexpr std::int64_t shanghai = 8 * 3600 * micros_per_second;
constexpr const char* tiers[] = {"gold", "silver", "basic"};
constexpr const char* categories[] = {"tea", "mugs"};
constexpr const char* tag_names[] = {"vip", "cold"};

class SegmentWorld {
 public:
  /// A third of what is done is done by the other process, where several may open the store, else by a second session.
  SegmentWorld(StoreGround& ground, OtherSession& other, std::uint64_t seed)
      : ground_(ground), other_(other), random_(seed) {
    open();
  }
  ~SegmentWorld() {
    if (multi_process()) other_.close();
  }
  SegmentWorld(const SegmentWorld&) = delete;
  SegmentWorld& operator=(const SegmentWorld&) = delete;

  void run(int writes) {
    for (int i = 0; i < 12; ++i) put_customer(0);
    for (int i = 0; i < 8; ++i) put_segment(0);
    for (int i = 0; i < writes; ++i) {
      if (random_.below(4) == 0)
        now_.micros += static_cast<std::int64_t>(random_.below(4 * 86'400)) * micros_per_second;
      if (random_.below(300) == 0) now_.micros += 40 * micros_per_day;
      write();
      if (random_.below(100) == 0) open();
      if (random_.below(12) == 0) check();
    }
    now_.micros += micros_per_day;
    put_customer(0);
    check();
    check_changes();
    CHECK(session_->verify(true).faults == std::vector<std::string>{});
  }

 private:
  struct Segment {
    PlainRule rule;
    std::string name;
    bool watched = false;
  };
  using Members = std::map<std::string, std::set<std::int64_t>>;
  using Noted = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string>;  // instant, segment, customer, kind

  std::int64_t today() const { return day(now_.micros); }
  static std::int64_t day(std::int64_t micros) { return (micros + shanghai) / micros_per_day; }
  template <class List>
  auto any(const List& list) {
    return list[random_.below(std::size(list))];
  }
  template <class Map>
  std::int64_t any_id(const Map& map) {
    return map.empty() ? 0 : std::next(map.begin(), static_cast<std::ptrdiff_t>(random_.below(map.size())))->first;
  }

  bool multi_process() const { return ground_.quirks().multi_process; }

  // Two sessions write in turns.
  void open() {
    session_ = nullptr;
    second_ = nullptr;
    if (opened_) {
      if (multi_process()) other_.close();
      ground_.reopen();
    }
    opened_ = true;
    const SessionOptions options{.clock = [this] { return now_; }};
    session_ = std::make_unique<Session>(ground_.store(), options);
    second_ = std::make_unique<Session>(ground_.store(), options);
    if (multi_process()) other_.open(ground_.quirks().where(ground_.folder()), Durability::off);
  }
  bool by_other() { return random_.below(3) == 0; }
  Session& any_session() { return by_other() ? *second_ : *session_; }
  Id apply(const ChangeSet& set) {
    if (!by_other()) return session_->apply(set).ids.front();
    return multi_process() ? other_.apply(set, now_) : second_->apply(set).ids.front();
  }
  void settle() {
    if (!by_other()) return session_->settle();
    multi_process() ? other_.settle(now_) : second_->settle();
  }

  // What days have passed is noted as of their midnights, before anything else happens.
  template <class Change>
  Id write(const char* entity, std::int64_t id, Change&& change, bool erase = false) {
    for (; noted_day_ < today(); ++noted_day_) note((noted_day_ + 1) * micros_per_day - shanghai, noted_day_ + 1);
    ChangeSet set;
    if (erase) {
      set.erase(entity, Id{id});
    } else {
      ChangeSet::Put put = set.put(entity, Id{id});
      change(put);
    }
    return apply(set);
  }

  void note(std::int64_t at, std::int64_t on) {
    Members fresh = members(on);
    for (const auto& [id, segment] : segments_) {
      const auto& before = members_[segment.name];
      const auto& after = fresh[segment.name];
      if (!segment.watched) continue;
      for (const std::int64_t customer : after)
        if (!before.contains(customer)) expected_.insert({at, id, customer, "enter"});
      for (const std::int64_t customer : before)
        if (!after.contains(customer)) expected_.insert({at, id, customer, "leave"});
    }
    members_ = std::move(fresh);
  }

  Members members(std::int64_t on) const {
    Members all;
    for (const auto& [id, segment] : segments_)  // a segment names only those before it
      for (const auto& [customer, plain] : world_.customers)
        if (auto& of = all[segment.name]; !plain.deleted && segment.rule.holds(world_, customer, on, all))
          of.insert(customer);
    for (const auto& [id, segment] : segments_) all[segment.name];
    return all;
  }

  // Those before the one at hand: rings are refused.
  std::string nameable_segment() {
    return std::next(segments_.begin(), static_cast<std::ptrdiff_t>(random_.below(nameable_)))->second.name;
  }

  PlainRule condition(int depth) {
    using Kind = PlainRule::Kind;
    PlainRule rule;
    rule.kind = static_cast<Kind>(random_.below(12));
    if (depth > 2 && rule.kind < Kind::tier) rule.kind = Kind::tier;
    if (rule.kind == Kind::segment && nameable_ == 0) rule.kind = Kind::size;
    rule.oldest = static_cast<std::int64_t>(random_.below(40)) + 4;
    rule.newest = static_cast<std::int64_t>(random_.below(4));
    rule.number = static_cast<std::int64_t>(random_.below(6));
    rule.text = rule.kind == Kind::spent     ? any(categories)
                : rule.kind == Kind::tag     ? any(tag_names)
                : rule.kind == Kind::segment ? nameable_segment()
                                             : any(tiers);
    const std::uint64_t children = rule.kind == Kind::negate ? 1 : rule.kind < Kind::negate ? 2 + random_.below(2) : 0;
    for (std::uint64_t i = 0; i < children; ++i) rule.children.push_back(condition(depth + 1));
    return rule;
  }

  // New rules begin anew: nobody enters or leaves by them. A segment that is put again is watched or no longer.
  void put_segment(std::int64_t id) {
    Segment segment;
    if (id != 0) segment = segments_.at(id);
    if (id == 0) segment.name = "s" + std::to_string(++names_);
    nameable_ =
        id == 0 ? segments_.size() : static_cast<std::size_t>(std::distance(segments_.begin(), segments_.find(id)));
    if (id == 0 || random_.below(2) == 0) segment.rule = condition(0);
    segment.watched = random_.below(3) != 0;
    const Id made = write("segment", id, [&](ChangeSet::Put& put) {
      put.set("name", segment.name).set("rule", segment.rule.written()).set("watched", segment.watched);
    });
    segments_[made.value] = segment;
    members_ = members(today());
    settle();
  }

  void put_customer(std::int64_t id) {
    PlainCustomer customer;
    customer.tier = any(tiers);
    if (random_.below(2) == 0) customer.parent = any_id(world_.customers);
    if (customer.parent == id || (customer.parent != 0 && world_.customers.at(customer.parent).deleted))
      customer.parent = 0;
    if (random_.below(4) != 0) customer.employees = static_cast<std::int64_t>(random_.below(6));
    const Id made = write("customer", id, [&](ChangeSet::Put& put) {
      put.set("name", "n")
          .set("tier", customer.tier)
          .set("parent_id", customer.parent ? Value(Id{customer.parent}) : Value());
      put.set("employees", customer.employees ? Value(*customer.employees) : Value());
    });
    world_.customers[made.value] = customer;
    note(now_.micros, today());
  }

  std::int64_t living_customer() {
    for (;;)
      if (const std::int64_t id = any_id(world_.customers); !world_.customers.at(id).deleted) return id;
  }

  void put_order(std::int64_t id) {
    PlainOrder order;
    order.customer = id == 0 ? living_customer() : world_.orders.at(id).customer;
    const std::int64_t at = now_.micros + (static_cast<std::int64_t>(random_.below(60)) - 50) * micros_per_day / 2;
    order.day = day(at);
    const Id made = write("order", id, [&](ChangeSet::Put& put) {
      put.set("customer_id", Id{order.customer}).set("ordered_at", Instant{at});
    });
    world_.orders[made.value] = order;
    note(now_.micros, today());
  }

  bool takes_lines(std::int64_t order) const {
    const PlainOrder& plain = world_.orders.at(order);
    return !plain.deleted && !world_.customers.at(plain.customer).deleted;
  }

  void put_line(std::int64_t id) {
    std::int64_t order = id == 0 ? any_id(world_.orders) : world_.lines.at(id).order;
    if (order == 0 || !takes_lines(order)) return put_order(0);
    PlainLine line{world_.orders.at(order).customer, order, any(categories),
                   static_cast<std::int64_t>(random_.below(5))};
    const Id made = write("order_line", id, [&](ChangeSet::Put& put) {
      put.set("customer_id", Id{line.customer}).set("order_id", Id{order}).set("category", line.category);
      put.set("amount", Decimal(line.amount));
    });
    world_.lines[made.value] = line;
    note(now_.micros, today());
  }

  void put_tag() {
    PlainTag tag{living_customer(), any(tag_names), {}, {}};
    if (random_.below(2) == 0) tag.from = today() + static_cast<std::int64_t>(random_.below(20)) - 10;
    if (random_.below(2) == 0) tag.to = today() + static_cast<std::int64_t>(random_.below(20)) - 5;
    const auto date = [](const std::optional<std::int64_t>& on) {
      return on ? Value(Date{static_cast<std::int32_t>(*on)}) : Value();
    };
    const Id made = write("tag", 0, [&](ChangeSet::Put& put) {
      put.set("customer_id", Id{tag.customer}).set("name", tag.name).set("valid_from", date(tag.from));
      put.set("valid_to", date(tag.to)).set("source", std::to_string(world_.tags.size()));
    });
    world_.tags[made.value] = tag;
    note(now_.micros, today());
  }

  void put_score() {
    const std::int64_t customer = living_customer();
    std::int64_t id = 0;
    for (const auto& [known, score] : world_.scores)
      if (score.first == customer) id = known;
    const double number = static_cast<double>(random_.below(6));
    const Id made = write("score", id, [&](ChangeSet::Put& put) {
      put.set("customer_id", Id{customer}).set("name", "risk").set("value", number);
    });
    world_.scores[made.value] = {customer, number};
    note(now_.micros, today());
  }

  template <class Map>
  void erase(const char* entity, Map& map) {
    const std::int64_t id = any_id(map);
    if (id == 0 || map.at(id).deleted) return;
    write(
        entity, id, [](ChangeSet::Put&) {}, true);
    map.at(id).deleted = true;
    note(now_.micros, today());
  }

  void write() {
    switch (random_.below(14)) {
      case 0:
        return put_customer(0);
      case 1:
      case 2:
        return put_customer(living_customer());
      case 3:
      case 4:
        return put_order(0);
      case 5:
        return world_.orders.empty() || world_.orders.at(any_id(world_.orders)).deleted ? put_order(0) : move_order();
      case 6:
      case 7:
      case 8:
        return put_line(0);
      case 9:
        return put_tag();
      case 10:
        return put_score();
      case 11:
        return random_.below(2) == 0 ? erase("order_line", world_.lines) : erase("order", world_.orders);
      case 12:
        return random_.below(3) == 0 ? erase("customer", world_.customers) : erase("tag", world_.tags);
      default:
        return random_.below(10) == 0 ? put_segment(random_.below(2) == 0 ? 0 : any_id(segments_)) : put_line(0);
    }
  }
  void move_order() {
    const std::int64_t id = any_id(world_.orders);
    if (takes_lines(id)) put_order(id);
  }

  static std::string listed(const std::set<std::int64_t>& ids) {
    std::string text;
    for (const std::int64_t id : ids) text += std::to_string(id) + " ";
    return text;
  }

  void check() {
    Session& session = any_session();
    const View view = session.view();
    const Members expected = members(today());
    for (const auto& [id, segment] : segments_) {
      const std::string text = segment.rule.written();
      CAPTURE(text);
      std::set<std::int64_t> found;
      for (const Record& record : view.select({.entity = "customer", .where = session.in_segment(view, Id{id})}))
        found.insert(record.id().value);
      const std::string both = listed(found) + " / " + listed(expected.at(segment.name));
      CAPTURE(both);
      REQUIRE(found == expected.at(segment.name));
    }
    ++checks_;
  }

  void check_changes() {
    std::multiset<Noted> found;
    const View view = session_->view();
    for (const Record& record : view.select({.entity = "segment_change", .limit = 1'000'000}))
      found.insert({record.get("at").instant().micros, record.get("segment_id").id().value,
                    record.get("customer_id").id().value, std::string(record.get("kind").text())});
    for (const Noted& each : expected_) {
      const auto& [at, segment, customer, kind] = each;
      CAPTURE(at);
      CAPTURE(segment);
      CAPTURE(customer);
      CAPTURE(kind);
      REQUIRE(found.contains(each));
    }
    REQUIRE(found.size() == expected_.size());
    MESSAGE(expected_.size(), " changes of segments, ", checks_, " times all members compared");
  }

  StoreGround& ground_;
  OtherSession& other_;
  Random random_;
  bool opened_ = false;
  Instant now_{1'700'000'000'000'000};
  std::unique_ptr<Session> session_, second_;
  PlainWorld world_;
  std::map<std::int64_t, Segment> segments_;
  Members members_;
  std::multiset<Noted> expected_;
  std::int64_t noted_day_ = day(1'700'000'000'000'000);
  std::size_t nameable_ = 0;  // segments that the rule at hand may name
  int names_ = 0, checks_ = 0;
};

constexpr int writes_a_world = 1'500;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* set = std::getenv(name);
  return set == nullptr ? otherwise : std::strtoull(set, nullptr, 10);
}

}  // namespace

TEST_CASE("[M2] segments: members and who entered or left, against an evaluator of its own") {
  OtherSession other;
  OpenOptions options;
  options.durability = Durability::off;
  options.zone = zone;
  const std::uint64_t begin = setting("EMPTOR_SEED", 20261130), worlds = setting("EMPTOR_RUNS", 2);
  for (std::uint64_t seed = begin; seed < begin + worlds; ++seed) {
    CAPTURE(seed);
    const auto run = [&](StoreGround& ground) { SegmentWorld(ground, other, seed).run(writes_a_world); };
    on_every_store(run, options);
  }
}
