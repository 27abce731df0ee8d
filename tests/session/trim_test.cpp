// A journal that was trimmed: what still holds, what is refused, and that nobody can trim it unnoticed.
#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "emptor/desk/ownership.hpp"
#include "emptor/session/audit.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

Code code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    CHECK_FALSE(error.first().hint.empty());
    return error.code();
  }
  return Code::ok;
}

// Old (1) and changed (2) on the first day, 2 again on the second, young (3) on the third.
struct Years {
  explicit Years(Store& store) : office(store) {
    old = office.customer("old");
    changed = office.customer("changed");
    office.put("customer", {{"country", Value("PT")}}, changed);
    heads.push_back(head());
    next_day();
    office.put("customer", {{"country", Value("DE")}}, changed);
    heads.push_back(head());
    next_day();
    young = office.customer("young");
    heads.push_back(head());
  }
  void next_day() { office.now.micros += micros_per_day; }
  JournalHead head() {
    const StoreInfo info = office.system().view().info();
    return {info.position, info.head};
  }
  Verification verify(const std::optional<JournalHead>& noted = {}) { return office.system().verify(true, {}, noted); }
  Instant day(int number) const { return Instant{first.micros + number * micros_per_day}; }

  Office office;
  const Instant first = office.now;
  Id old, changed, young;
  std::vector<JournalHead> heads;  // at the end of each day
};

}  // namespace

TEST_CASE("[M6] trim: the chain goes on from a base that verify tells, also after reopening and against noted heads") {
  on_every_store([](StoreGround& ground) {
    JournalHead newest;
    std::vector<JournalHead> heads;
    {
      Years years(ground.store());
      const JournalBase base = years.office.system().trim_journal(years.day(1));
      CHECK(base.head == years.heads[0]);
      CHECK(base.at == years.first);
      newest = years.head();
      heads = years.heads;
    }
    ground.reopen();
    Session session(ground.store());
    const auto verify = [&](const std::optional<JournalHead>& noted) { return session.verify(true, {}, noted); };
    for (const auto& noted : {std::optional<JournalHead>(), std::optional(heads[0]), std::optional(heads[1]),
                              std::optional(heads[2]), std::optional(newest)}) {
      const Verification found = verify(noted);
      CHECK(found.intact);
      CHECK(found.base.head == heads[0]);
      CHECK(found.entries == newest.position - heads[0].position);
      CHECK(found.head == newest.hash);
      CHECK(found.not_compared == 1);  // the old customer
    }
    CHECK_FALSE(verify(JournalHead{heads[0].position - 1, heads[0].hash}).intact);
    CHECK_FALSE(verify(JournalHead{heads[0].position, heads[1].hash}).intact);
    CHECK_FALSE(verify(JournalHead{newest.position + 1, heads[1].hash}).intact);
    CHECK(session.view().journal_base().head == heads[0]);
  });
}

TEST_CASE("[M6] trim: entries that are gone without an entry that says so, or with another base, are found") {
  on_every_store([](StoreGround& ground) {
    Years years(ground.store());
    REQUIRE(years.verify().intact);
    const JournalBase second{years.heads[1], years.day(1)};
    ground.write([&](Writer& writer) { writer.forget_entries(years.heads[0].position); });
    CHECK_FALSE(years.verify().intact);
    ground.write([&](Writer& writer) {
      writer.set_setting(journal_base_setting, to_string(JournalBase{years.heads[0], years.first}));
    });
    CHECK_FALSE(years.verify().intact);
    CHECK(years.office.system().trim_journal(years.day(2)) == second);
    CHECK(years.verify().intact);
    ground.write([&](Writer& writer) {
      writer.set_setting(journal_base_setting, to_string(JournalBase{years.heads[1], years.day(2)}));
    });
    CHECK_FALSE(years.verify().intact);
  });
}

TEST_CASE("[M6] trim: an entry of a caller's cannot pass for a trimming") {
  const auto store = open_memory({});
  Years years(*store);
  ChangeSet set;
  set.put("customer").set("name", "x");
  years.office.system().apply(set, {.reason = std::string(trimming_reason) + "1:" + std::string(64, 'a')});
  CHECK(years.verify().intact);
}

TEST_CASE("[M6] trim: histories end where it begins, and what lies before is refused") {
  on_every_store([](StoreGround& ground) {
    Years years(ground.store());
    Session& session = years.office.system();
    session.trim_journal(years.day(1));
    const View view = session.view();
    CHECK(code_of([&] { view.history("customer", years.old); }) == Code::unsupported);
    const auto changed = view.history("customer", years.changed);
    REQUIRE(changed.size() == 1);
    CHECK(changed[0].earlier_forgotten);
    CHECK(changed[0].record.get("country") == Value("DE"));
    CHECK_FALSE(view.history("customer", years.young).back().earlier_forgotten);
    CHECK(owners(view, years.young).size() == 1);

    const Instant before{years.first.micros - 1};
    for (const Id customer : {years.old, years.changed})
      CHECK(code_of([&] { view.as_of("customer", customer, before); }) == Code::unsupported);
    CHECK(view.as_of("customer", years.changed, years.first)->get("country") == Value("PT"));
    CHECK(view.as_of("customer", years.old, years.day(1))->get("name") == Value("old"));
    CHECK(code_of([&] {
            const AsOf past(session, before);
            session.view();
          }) == Code::unsupported);
    const AsOf past(session, years.first);
    CHECK(session.view().count("customer") == 2);
    CHECK(session.view().get("customer", years.changed)->get("country") == Value("PT"));
  });
}

TEST_CASE("[M6] trim: a feed from before it is refused, the journal is told from where it begins") {
  on_every_store([](StoreGround& ground) {
    Years years(ground.store());
    Session& session = years.office.system();
    session.trim_journal(years.day(1));
    const View view = session.view();
    CHECK(code_of([&] { view.feed(0, 10); }) == Code::unsupported);
    CHECK(code_of([&] { view.feed(years.heads[0].position - 1, 10); }) == Code::unsupported);
    CHECK(view.feed(years.heads[0].position, 10).items.size() == 2);
    std::vector<ToldEntry> entries;
    tell_journal(view, {}, [&](const ToldEntry& entry) {
      entries.push_back(entry);
      return true;
    });
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].previous_hash == years.heads[0].hash);
    CHECK(entries[2].changes.empty());
    CHECK(entries[2].reason == std::string(trimming_reason) + to_string(view.journal_base()));
    CHECK(code_of([&] { tell_journal(view, {.after = 1}, [](const ToldEntry&) { return true; }); }) ==
          Code::unsupported);
  });
}

TEST_CASE("[M9] trim: an operation id is forgotten with its entry, and no sooner") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const auto send = [&](const std::string& op_id) {
      ChangeSet set;
      set.put("customer").set("name", op_id);
      return office.system().apply(set, {.op_id = op_id});
    };
    send("old");
    office.now.micros += micros_per_day;
    const Receipt young = send("young");
    office.system().trim_journal(office.now);
    CHECK(send("young").repeated);
    const Receipt again = send("old");
    CHECK_FALSE(again.repeated);
    CHECK(again.position > young.position);
    ground.reopen();
    Session reopened(ground.store(), {.clock = [&] { return office.now; }});
    ChangeSet set;
    set.put("customer").set("name", "old");
    CHECK(reopened.apply(set, {.op_id = "old"}).position == again.position);
    CHECK(reopened.verify().intact);
  });
}

TEST_CASE("[M5] trim: rights that were read before entries were forgotten are read anew") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id bob = office.user("Bob");
    office.allow(bob, "read", "own");
    const Id mine = office.customer("mine", bob), soon = office.customer("soon mine");
    const auto session = office.as(bob);
    CHECK(session->view().count("customer") == 1);
    office.put("customer", {{"owner_id", Value(bob)}}, soon);
    office.put("customer", {{"owner_id", Value(Id{})}}, mine);
    office.now.micros += micros_per_day;
    office.system().trim_journal(office.now);
    CHECK(session->view().get("customer", soon).has_value());
    CHECK_FALSE(session->view().get("customer", mine).has_value());
    const JournalHead told = session->view().journal_base().head;
    CHECK(told.position != office.system().view().journal_base().head.position);
    CHECK(told.hash == Hash{});
    CHECK(code_of([&] { session->trim_journal(office.now); }) == Code::denied);
  });
}

TEST_CASE("trim: nothing older is nothing to do, and twice is once") {
  on_every_store([](StoreGround& ground) {
    Years years(ground.store());
    Session& session = years.office.system();
    const JournalHead before = years.head();
    CHECK(session.trim_journal(years.first).head.position == 0);
    CHECK(years.head() == before);
    const JournalBase base = session.trim_journal(years.day(1));
    const JournalHead after = years.head();
    CHECK(session.trim_journal(years.day(1)) == base);
    CHECK(years.head() == after);
    years.next_day();
    session.trim_journal(years.office.now);
    CHECK(years.verify().intact);
    CHECK(years.verify().entries == 1);  // what says so
    CHECK(years.verify().not_compared == 3);
    years.office.put("customer", {{"country", Value("FR")}}, years.old);
    CHECK(years.verify().not_compared == 2);
  });
}
