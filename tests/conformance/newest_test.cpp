// A customer's records in time, as the index by customer and moment gives them, against a plain sort.

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "emptor/core/error.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

struct Touch {
  std::int64_t id = 0, customer = 0;
  std::optional<std::int64_t> at;
};

// Ties, missing moments and missing customers among them; the seed makes it the same every time.
std::vector<Touch> make_touches(StoreGround& ground) {
  std::mt19937 random(7);
  std::vector<Touch> touches;
  ground.write([&](Writer& writer) {
    for (std::int64_t id = 1; id <= 400; ++id) {
      Touch touch{id, static_cast<std::int64_t>(random() % 4), {}};
      if (random() % 5 != 0) touch.at = static_cast<std::int64_t>(random() % 20) - 5;
      Cells cells = {{"channel", random() % 3 == 0 ? "phone" : "email"}};
      if (touch.customer != 0) cells.emplace_back("customer_id", Value(Id{touch.customer}));
      if (touch.at) cells.emplace_back("at", Value(Instant{*touch.at}));
      put_row(writer, "interaction", Id{id}, cells);
      touches.push_back(touch);
    }
  });
  return touches;
}

// Missing moments are least; ties by id in the direction asked for.
std::vector<std::int64_t> sorted(std::vector<Touch> touches, std::int64_t customer, bool newest, bool ids_descend) {
  std::erase_if(touches, [&](const Touch& touch) { return touch.customer != customer; });
  const auto moment = [](const Touch& touch) { return touch.at.value_or(INT64_MIN); };
  std::ranges::sort(touches, [&](const Touch& a, const Touch& b) {
    if (moment(a) != moment(b)) return newest ? moment(a) > moment(b) : moment(a) < moment(b);
    return ids_descend ? a.id > b.id : a.id < b.id;
  });
  std::vector<std::int64_t> ids;
  for (const Touch& touch : touches) ids.push_back(touch.id);
  return ids;
}

Query touches_of(std::int64_t customer, bool newest, bool ids_descend, std::size_t limit) {
  Query query;
  query.entity = "interaction";
  query.where = Where::equal("customer_id", Value(Id{customer}));
  query.order = {{"at", newest}, {"id", ids_descend}};
  query.limit = limit;
  return query;
}

}  // namespace

TEST_CASE("conformance: a customer's records come in time, either way, page by page") {
  on_every_store([](StoreGround& ground) {
    const std::vector<Touch> touches = make_touches(ground);
    const auto reader = ground.store().read();
    for (const bool newest : {true, false})
      for (const bool ids_descend : {true, false})
        for (const std::size_t limit : {1, 3, 7, 1000})
          for (const std::int64_t customer : {1, 2, 3}) {
            CAPTURE(newest);
            CAPTURE(ids_descend);
            CAPTURE(limit);
            CHECK(ids_of(*reader, touches_of(customer, newest, ids_descend, limit)) ==
                  sorted(touches, customer, newest, ids_descend));
          }
  });
}

TEST_CASE("conformance: records change their place in time and their customer") {
  on_every_store([](StoreGround& ground) {
    std::vector<Touch> touches = make_touches(ground);
    ground.write([&](Writer& writer) {
      for (Touch& touch : touches) {
        if (touch.id % 3 != 0) continue;
        touch.customer = touch.customer % 3 + 1;
        touch.at = touch.at ? std::nullopt : std::optional<std::int64_t>(touch.id);
        Cells cells = {{"customer_id", Value(Id{touch.customer})}};
        if (touch.at) cells.emplace_back("at", Value(Instant{*touch.at}));
        put_row(writer, "interaction", Id{touch.id}, cells, false);
      }
    });
    for (const bool reopened : {false, true}) {
      if (reopened) ground.reopen();
      const auto reader = ground.store().read();
      for (const std::int64_t customer : {1, 2, 3})
        CHECK(ids_of(*reader, touches_of(customer, true, true, 10)) == sorted(touches, customer, true, true));
    }
  });
}

TEST_CASE("conformance: the same question with other values gives other answers") {
  on_every_store([](StoreGround& ground) {
    const std::vector<Touch> touches = make_touches(ground);
    const auto reader = ground.store().read();
    for (int round = 0; round < 3; ++round)
      for (const std::int64_t customer : {3, 1, 9, 2}) {
        Query query = touches_of(customer, true, true, 1000);
        CHECK(ids_of(*reader, query) == sorted(touches, customer, true, true));
        query.where = Where::equal("customer_id", Value(customer));  // an integer for an id
        CHECK(ids_of(*reader, query) == sorted(touches, customer, true, true));
        AggregateQuery sum{"interaction", Where::equal("customer_id", Value(Id{customer})), {}, {{Measure::count, ""}}};
        CHECK(reader->aggregate(sum).groups.front().results.front().integer() ==
              static_cast<std::int64_t>(sorted(touches, customer, true, true).size()));
      }
  });
}

TEST_CASE("conformance: reading past the moment it may take ends with cancelled, and another reading goes on") {
  on_every_store([](StoreGround& ground) {
    make_touches(ground);
    ground.write([](Writer& writer) {
      for (std::int64_t id = 1000; id < 6000; ++id) put_row(writer, "product", Id{id}, {{"name", "p"}});
    });
    Query query;
    query.entity = "product";
    query.where = Where::equal("brand", "none");
    bool cancelled = false;
    {
      const auto reader = ground.store().read();
      reader->stop_at(std::chrono::steady_clock::now());
      try {
        read_all(*reader, query);
      } catch (const Error& error) {
        cancelled = error.code() == Code::cancelled;
      }
      reader->stop_at({});
      CHECK(read_all(*reader, query).rows() == 0);
    }
    CHECK(cancelled);
    CHECK(read_all(*ground.store().read(), query).rows() == 0);
  });
}
