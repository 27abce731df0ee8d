// Conformance: a store copied to any other is the same store, and says so by one hash.
#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "emptor/store/copy.hpp"
#include "support/random_records.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

Hash hash_of(Store& store) { return state_hash(*store.read()); }

// Records of every entity, a custom field, segments, a search index, erased records, numbers given and not used.
void fill(Store& store) {
  Session session(store);
  session.define_field({.entity = "customer", .name = "x_colour", .type = Type::text, .flags = field_flag::indexed});
  ChangeSet segment;
  segment.put("segment").set("name", "blue").set("rule", "x_colour = 'blue'").set("watched", true);
  session.apply(segment);
  RandomRecords records(session, 7);
  for (int i = 0; i < 5; ++i) records.make_one_of_each();
  for (int i = 0; i < 20; ++i) records.change_some();
  records.erase_one();
  ChangeSet blue;
  blue.put("customer").set("name", "Blau").set("x_colour", "blue");
  session.apply(blue);
  const auto writer = store.write();
  writer->allocate(writer->schema()->entity("order"), 5);
  writer->commit();
}

// A store of each kind that is to be a copy of `from`.
void on_every_copy(StoreGround& from, const std::function<void(StoreGround&)>& test) {
  const OpenOptions options = options_of_copy(*from.store().read());
  for (const Quirks& quirks : every_store()) {
    CAPTURE(quirks.name);
    StoreGround to(quirks, options);
    test(to);
  }
}

}  // namespace

TEST_CASE("conformance: a copy on any store has the hash of what it is a copy of (M10)") {
  on_every_store([](StoreGround& from) {
    fill(from.store());
    const Hash hash = hash_of(from.store());
    on_every_copy(from, [&](StoreGround& to) {
      CHECK(copy_store(from.store(), to.store()) == hash);
      CHECK(hash_of(to.store()) == hash);
      to.reopen();
      CHECK(hash_of(to.store()) == hash);
      Session session(to.store());
      CHECK(session.verify(true).faults == std::vector<std::string>{});
      CHECK(session.view().count("customer", Where::equal("x_colour", "blue")) == 1);
      const std::int64_t next = from.store().read()->next_id(session.view().schema().entity("order")).value;
      ChangeSet order;
      order.put("order").set("customer_id", Id{1});
      CHECK(session.apply(order).ids.front().value == next);
    });
  });
}

TEST_CASE("conformance: the hash of a state tells of every row, setting, field and number to come") {
  on_every_store([](StoreGround& ground) {
    fill(ground.store());
    Hash before = hash_of(ground.store());
    const auto changes = [&](const std::function<void(Writer&)>& work) {
      ground.write(work);
      const Hash after = hash_of(ground.store());
      CHECK(after != before);
      before = after;
    };
    changes([](Writer& writer) { put_row(writer, "customer", Id{1}, {{"name", Value("Eve")}}, false); });
    changes([](Writer& writer) { writer.set_setting("colour", "blue"); });
    changes([](Writer& writer) { writer.allocate(writer.schema()->entity("case"), 1); });
    changes([](Writer& writer) {
      JournalEntry entry = made_entry();
      writer.append(entry);
    });
    changes([](Writer& writer) {
      writer.add_field(writer.schema()->custom({.entity = "customer", .name = "x_size", .type = Type::integer}));
    });
    CHECK(hash_of(ground.store()) == before);
  });
}

TEST_CASE("conformance: the journal of a copy begins where a trimmed one does") {
  on_every_store([](StoreGround& from) {
    Instant now{1'700'000'000'000'000};
    Session session(from.store(), {.clock = [&] { return now; }});
    for (int i = 0; i < 4; ++i, now.micros += micros_per_day) {
      ChangeSet set;
      set.put("customer").set("name", "n");
      session.apply(set);
    }
    session.trim_journal(Instant{now.micros - micros_per_day * 3 / 2});
    const Hash hash = hash_of(from.store());
    on_every_copy(from, [&](StoreGround& to) {
      CHECK(copy_store(from.store(), to.store()) == hash);
      to.reopen();
      CHECK(hash_of(to.store()) == hash);
      const auto entries = to.store().read()->journal(0, 100);
      CHECK(entries.front().position == from.store().read()->journal(0, 1).front().position);
      CHECK(Session(to.store()).verify(true).faults == std::vector<std::string>{});
    });
  });
}

TEST_CASE("conformance: a store that holds something, or was made for another, is no place for a copy") {
  on_every_store([](StoreGround& from) {
    fill(from.store());
    const auto refused = [&](StoreGround& to) {
      const Hash before = hash_of(to.store());
      try {
        copy_store(from.store(), to.store());
        FAIL("it was taken");
      } catch (const Error& error) {
        CHECK(error.code() == Code::invalid);
      }
      CHECK(hash_of(to.store()) == before);
    };
    on_every_store(refused);
    on_every_copy(from, [&](StoreGround& to) {
      to.write([](Writer& writer) { writer.set_setting("colour", "blue"); });
      refused(to);
    });
  });
}
