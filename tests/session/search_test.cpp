// Search against the plain meaning of it: a scan of all texts, folded, for the words as they stand.
#include "emptor/session/search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "emptor/core/random.hpp"
#include "emptor/core/text.hpp"
#include "emptor/session/read_log.hpp"
#include "session/search/index.hpp"
#include "session/search/tokens.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;
using Found = std::vector<std::pair<std::string, std::int64_t>>;  // entities and ids, in order

namespace {

std::size_t runs(std::size_t otherwise) {
  const char* asked = std::getenv("EMPTOR_RUNS");
  return asked != nullptr ? std::strtoull(asked, nullptr, 10) : otherwise;
}

void small_segments(Store& store, std::size_t docs) { store.kept<seek::SearchMemory>()->set_segment_docs(docs); }

Found found(const Session& session, SearchQuery query) {
  Found all;
  for (;;) {
    const SearchPage page = search(session, query);
    for (const SearchHit& hit : page.hits) all.emplace_back(hit.entity, hit.id.value);
    if (!page.next) return all;
    query.after = page.next;
  }
}

Found found(const Session& session, const char* text) {
  SearchQuery query;
  query.text = text;
  query.limit = 50;
  return found(session, query);
}

std::string in_quotes(std::string_view text) {
  std::string query = "\"";
  for (const char c : text) query += c == '"' ? "\"\"" : std::string(1, c);
  return query + '"';
}

// Notes as a call centre writes them, Chinese, English and mixed.
std::string made_note(Random& random) {
  static const std::vector<std::string> parts = {"客户来电",
                                                 "咨询订单",
                                                 "今天下午",
                                                 "要求退款",
                                                 "产品质量",
                                                 "已经发货",
                                                 "没有收到",
                                                 "满意",
                                                 "，",
                                                 "。",
                                                 "！",
                                                 "（",
                                                 "）",
                                                 "order ",
                                                 "refund ",
                                                 "Zürich ",
                                                 "delivery ",
                                                 "re-order, ",
                                                 "VIP客户",
                                                 "iPhone13",
                                                 "“很好”",
                                                 "call back ",
                                                 "not reached. ",
                                                 "№ ",
                                                 "A-",
                                                 "100%",
                                                 "，微信",
                                                 "快递单号",
                                                 "ＳＦ",
                                                 "Émile ",
                                                 "x\ty",
                                                 "   ",
                                                 "東京",
                                                 "カタカナ",
                                                 "ひらがな",
                                                 "한국어 ",
                                                 "don't ",
                                                 "\"quoted\"",
                                                 "http://a.b/c",
                                                 "ส่งคืน",
                                                 "e\xCC\x81t\xC3\xA9 ",
                                                 "🙂",
                                                 "ß ",
                                                 "Ελλάδα "};
  std::string note;
  for (std::uint64_t left = 1 + random.below(12); left > 0; --left) {
    note += parts[random.below(parts.size())];
    if (random.below(6) == 0) note += std::to_string(random.below(100'000));
  }
  return note;
}

std::string made_query(Random& random, const std::string& note) {
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < note.size(); next_code_point(note, at)) starts.push_back(at);
  starts.push_back(note.size());
  const std::size_t begin = random.below(starts.size() - 1);
  const std::size_t end = std::min(begin + 1 + random.below(4), starts.size() - 1);
  return note.substr(starts[begin], starts[end] - starts[begin]);
}

// What a scan of the interactions tells: which hold the text, the newest first.
class Scan {
 public:
  explicit Scan(const View& view) {
    for (const Record& record : view.select({.entity = "interaction", .limit = 1'000'000})) {
      Row row;
      row.at =
          record.get("at").present() ? record.get("at").instant().micros : std::numeric_limits<std::int64_t>::min();
      row.id = record.id().value;
      for (const char* field : {"body", "next_step", "subject"}) row.texts.push_back(fold(record.get(field).text()));
      rows_.push_back(std::move(row));
    }
    std::ranges::sort(rows_, [](const Row& a, const Row& b) { return a.at != b.at ? a.at > b.at : a.id > b.id; });
  }
  Found like(const std::string& folded) const {
    Found all;
    for (const Row& row : rows_)
      if (std::ranges::any_of(row.texts, [&](const std::string& text) { return text.find(folded) != text.npos; }))
        all.emplace_back("interaction", row.id);
    return all;
  }
  std::set<std::string> tokens() const {
    std::set<std::string> tokens;
    for (const Row& row : rows_)
      for (const std::string& text : row.texts)
        seek::each_key(text, [&](std::string_view token) { tokens.emplace(token); });
    return tokens;
  }

 private:
  struct Row {
    std::int64_t at = 0, id = 0;
    std::vector<std::string> texts;
  };
  std::vector<Row> rows_;
};

std::set<std::string> indexed_tokens(Store& store) {
  const auto reader = store.read();
  std::set<std::string> tokens;
  for (const seek::SegmentInfo& info : seek::read_root(*reader).segments) {
    const seek::Segment segment(*reader, info.number);
    for (std::size_t i = 0; i < segment.tokens(); ++i) tokens.emplace(segment.token(i));
  }
  return tokens;
}

std::string snippet_of(const Session& session, SearchQuery query) {
  const SearchPage page = search(session, query);
  return page.hits.empty() ? "" : page.hits[0].snippet;
}

}  // namespace

TEST_CASE("[J15] search: every text of one to four characters is found where a scan finds it, the newest first") {
  on_every_store([](StoreGround& ground) {
    Random random(7);
    small_segments(ground.store(), 64);
    Session session(ground.store());
    std::vector<std::string> notes;
    for (int batch = 0; batch < 30; ++batch) {
      ChangeSet set;
      for (int i = 0; i < 40; ++i) {
        notes.push_back(made_note(random));
        auto put = set.put("interaction").set("body", notes.back());
        if (random.below(10) != 0)
          put.set("at",
                  Instant{1'700'000'000'000'000 + static_cast<std::int64_t>(random.below(1'000)) * 3'600'000'000});
        if (random.below(3) == 0) put.set("subject", notes[random.below(notes.size())]);
      }
      session.apply(set);
    }
    REQUIRE(seek::read_root(*ground.store().read()).segments.size() > 2);
    const Scan scan(session.view());
    std::size_t hits = 0;
    for (std::size_t run = 0; run < runs(1'000); ++run) {
      const std::string query = made_query(random, notes[random.below(notes.size())]);
      const std::string folded = fold(query);
      if (folded.empty()) continue;
      const Found expected = scan.like(folded);
      hits += expected.size();
      CAPTURE(query);
      REQUIRE(found(session, {.text = in_quotes(query), .entities = {"interaction"}, .limit = 1 + random.below(900)}) ==
              expected);
    }
    CHECK(hits > 1'000);
  });
}

TEST_CASE("[J15] search: after any history of writes, deletions and reopening it tells what a scan tells") {
  on_every_store([](StoreGround& ground) {
    Random random(11);
    std::vector<Id> ids;
    std::vector<std::string> notes{made_note(random)};
    for (std::size_t step = 0; step < runs(400); ++step) {
      small_segments(ground.store(), 8);
      Session session(ground.store());
      ChangeSet set;
      const auto note = [&] { return notes.emplace_back(made_note(random)); };
      switch (ids.empty() ? 0 : random.below(6)) {
        case 0:
        case 1:
          for (std::uint64_t left = 1 + random.below(12); left > 0; --left)
            set.put("interaction").set("body", note()).set("at", Instant{static_cast<std::int64_t>(random.below(50))});
          break;
        case 2:
          set.put("interaction", ids[random.below(ids.size())]).set("body", note());
          break;
        case 3:
          set.put("interaction", ids[random.below(ids.size())])
              .set("at", Instant{static_cast<std::int64_t>(random.below(50))});
          break;
        case 4:
          set.erase("interaction", ids[random.below(ids.size())]);
          break;
        default:
          set.put("interaction", ids[random.below(ids.size())]).set("outcome", "sold");
          break;
      }
      try {
        const Receipt receipt = session.apply(set, {.dry_run = random.below(10) == 0});
        if (receipt.position != 0)
          for (const Id id : receipt.ids)
            if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
      } catch (const Error& error) {
        REQUIRE(error.code() == Code::not_found);  // it was deleted
      }
      if (random.below(40) == 0) ground.reopen();
      if (random.below(4) != 0) continue;
      const Session now(ground.store());
      const Scan scan(now.view());
      const std::string query = made_query(random, notes[random.below(notes.size())]);
      if (const std::string folded = fold(query); !folded.empty()) {
        CAPTURE(step);
        CAPTURE(query);
        REQUIRE(found(now, {.text = in_quotes(query), .entities = {"interaction"}}) == scan.like(folded));
      }
      // Words that nobody wrote any more, or that were deleted, are not kept.
      const std::set<std::string> there = scan.tokens();
      for (const std::string& token : indexed_tokens(ground.store())) REQUIRE(there.contains(token));
    }
    const auto reader = ground.store().read();
    CHECK_FALSE(seek::read_root(*reader).segments.empty());
  });
}

TEST_CASE("[J15] search: words must all be there, or any, at the beginning of words, in a field, or not at all") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    ChangeSet set;
    const Id zoe = set.put("customer").set("name", "Zoë Ångström").set("notes", "likes green tea").id();
    set.put("case").set("customer_id", zoe).set("subject", "Tea is late").set("description", "reordered, no refund");
    set.put("case").set("subject", "late order").set("description", "the teapot").set("opened_at", Instant{5});
    set.put("article").set("title", "Refunds").set("body", "how a refund is made: (a) order");
    session.apply(set);
    CHECK(found(session, "tea late") == Found{{"case", 2}, {"case", 1}});
    CHECK(found(session, "zoe angstrom") == Found{{"customer", 1}});
    CHECK(found(session, "ANGSTRÖ") == Found{{"customer", 1}});
    CHECK(found(session, "rd") == Found{{"case", 2}, {"case", 1}, {"article", 1}});
    CHECK(found(session, "order*") == Found{{"case", 2}, {"article", 1}});
    CHECK(found(session, "tea -pot") == Found{{"customer", 1}, {"case", 1}});
    CHECK(found(session, "subject:tea") == Found{{"case", 1}});
    CHECK(found(session, "subject:\"tea is\"") == Found{{"case", 1}});
    CHECK(found(session, "-subject:tea order") == Found{{"case", 2}, {"article", 1}});
    CHECK(found(session, "\"(a)\"") == Found{{"article", 1}});
    CHECK(found(session, "color:tea").empty());  // no field: a text with a colon
    CHECK(found(session, {.text = "refunds pot", .any = true}) == Found{{"case", 2}, {"article", 1}});
    CHECK(found(session, {.text = "tea", .entities = {"customer", "case"}, .customer = Id{1}}) ==
          Found{{"customer", 1}, {"case", 1}});
    CHECK(found(session, {.text = "late", .from = Instant{5}, .until = Instant{5}}) == Found{{"case", 2}});
    CHECK(found(session, {.text = "late", .until = Instant{4}}).empty());
  });
}

TEST_CASE("[J15] search: the best of the newest are told first, by BM25") {
  on_every_store([](StoreGround& ground) {
    small_segments(ground.store(), 2);
    Session session(ground.store());
    const auto note = [&](const char* body, std::int64_t at) {
      ChangeSet set;
      set.put("interaction").set("body", body).set("at", Instant{at});
      session.apply(set);
    };
    note("refund refund refund", 1);
    note("a refund of an order with many more words than the others have", 2);
    note("refund", 3);
    note("order", 4);
    CHECK(found(session, {.text = "refund", .ranked = true}) ==
          Found{{"interaction", 1}, {"interaction", 3}, {"interaction", 2}});
    CHECK(found(session, {.text = "refund", .ranked = true, .candidates = 2}) ==
          Found{{"interaction", 3}, {"interaction", 2}});
    CHECK(search(session, {.text = "refund", .ranked = true, .candidates = 2}).capped);
    // Three of four hold "refund" and two "order": of one word each, the rarer counts more.
    const SearchPage page = search(session, {.text = "refund order", .any = true, .ranked = true});
    REQUIRE(page.hits.size() == 4);
    // log(1 + (4 - 2 + .5) / (2 + .5)) * 2.2 / (1 + 1.2 * (.25 + .75 * 1 / (17 / 4))), by hand
    CHECK(page.hits[0].id.value == 4);
    CHECK(page.hits[0].score == doctest::Approx(0.693147181 * 2.2 / (1 + 1.2 * (0.25 + 0.75 / 4.5))).epsilon(1e-6));
    CHECK(refusal_of([&] {
            search(session, {.text = "x", .ranked = true, .after = SearchKey{{}, "case", Id{1}}});
          }) == Code::invalid);
  });
}

TEST_CASE("[G6] search: a snippet is of the text as written, with marks by characters") {
  Session session(*[] {
    static const auto store = open_memory({});
    return store.get();
  }());
  ChangeSet set;
  set.put("interaction").set("body", "客户说：“ＯＲＤＥＲ　号 123 没有收到”，请尽快处理。").set("at", Instant{1});
  session.apply(set);
  const SearchPage page = search(session, {.text = "\"order 号\" 收到", .snippet = 20});
  REQUIRE(page.hits.size() == 1);
  const SearchHit& hit = page.hits[0];
  CHECK(hit.field == "body");
  CHECK(hit.snippet == "户说：“ＯＲＤＥＲ　号 123 没有收到");
  CHECK(hit.marks == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{4, 11}, {18, 20}});
  CHECK(snippet_of(session, {.text = "处理", .snippet = 4}) == "快处理。");
  CHECK(to_json(page).starts_with(R"({"hits":[{"entity":"interaction","id":"1","at":"1970-01-01T00:00:00.000001Z",)"
                                  R"("field":"body","snippet":)"));
}

TEST_CASE("[J15] search: what is kept back from the actor is not found, and nobody's rank tells of it") {
  on_every_store([](StoreGround& ground) {
    small_segments(ground.store(), 4);
    Office office(ground.store());
    const Id ann = office.user("Ann"), bob = office.user("Bob"), cat = office.user("Cat");
    for (const Id user : {ann, bob}) office.allow(user, "read", "own", "customer");
    office.allow(ann, "read", "own", "interaction");
    office.allow(bob, "read", "all", "interaction", {.hidden = "body"});
    office.allow(cat, "read", "all", "interaction", {.hidden = "at"});
    const Id hers = office.customer("Ada", ann), his = office.customer("Bea", bob);
    for (int i = 0; i < 6; ++i)
      for (const Id customer : {hers, his})
        office.put("interaction", {{"customer_id", Value(customer)},
                                   {"subject", Value("tea")},
                                   {"body", Value("a secret word")},
                                   {"at", Value(Instant{100 - i})}});
    REQUIRE_FALSE(seek::read_root(*ground.store().read()).segments.empty());
    CHECK(found(*office.as(ann), "secret").size() == 6);
    CHECK(found(*office.as(ann), "tea").front() == std::pair<std::string, std::int64_t>{"interaction", 1});
    CHECK(found(*office.as(bob), "secret").empty());
    CHECK(found(*office.as(bob), "tea").size() == 12);
    CHECK(found(*office.as(bob), "tea -secret").size() == 12);
    // Whose moments are hidden are told by their ids, and within no days.
    CHECK(found(*office.as(cat), "tea").front() == std::pair<std::string, std::int64_t>{"interaction", 12});
    CHECK(found(*office.as(cat), {.text = "tea", .from = Instant{0}}).empty());
    CHECK_FALSE(search(*office.as(cat), {.text = "tea"}).hits[0].at.has_value());
    const auto counted = [&](const Session& session) {
      const SearchPage page = search(session, {.text = "secret tea", .any = true, .ranked = true});
      return page.hits.empty() ? 0.0 : page.hits[0].score;
    };
    const double before = counted(*office.as(ann));
    for (int i = 0; i < 9; ++i)
      office.put("interaction",
                 {{"customer_id", Value(his)}, {"body", Value("tea tea tea")}, {"at", Value(Instant{7})}});
    CHECK(counted(*office.as(ann)) == before);
    CHECK(refusal_of([&] { search(*office.as(office.user("Eve")), {.text = "tea"}); }) == Code::denied);
    // A deleted record is nobody's, and a customer's own page has no interactions.
    office.erase("interaction", Id{1});
    CHECK(found(*office.as(ann), "secret").size() == 5);
    CHECK(office.as(ann)->view().select({.entity = "search_part"}).empty());
  });
}

TEST_CASE(
    "[J15] search: who sees many customers is told by way of the index what they may read, and for what purpose") {
  on_every_store([](StoreGround& ground) {
    small_segments(ground.store(), 4);
    Office office(ground.store());
    const Id ann = office.user("Ann"), bob = office.user("Bob");
    constexpr std::pair<const char*, const char*> scopes[] = {{"own", "all"}, {"all", "own"}};
    for (const auto& [user, scope] : {std::pair(ann, scopes[0]), std::pair(bob, scopes[1])}) {
      office.allow(user, "read", scope.first);
      office.allow(user, "export", scope.second);
      ChangeSet set;
      for (int i = 0; i < 301; ++i) set.put("customer").set("name", "Somebody").set("owner_id", user);
      office.system().apply(set);
    }
    for (const Id owner : {ann, bob})
      office.put("interaction", {{"customer_id", Value(office.customer("Ada", owner))},
                                 {"body", Value("tea")},
                                 {"at", Value(Instant{owner.value})}});
    REQUIRE_FALSE(seek::read_root(*ground.store().read()).segments.empty());
    const auto teas = [&](Session& session) {
      return found(session, {.text = "tea", .entities = {"interaction"}}).size();
    };
    for (const Id user : {ann, bob}) {
      const auto session = office.as(user);
      CHECK(teas(*session) == (user == ann ? 1 : 2));
      const Purpose exporting(*session, Action::export_records, "interaction");
      CHECK(teas(*session) == 1);
    }
    // To whom moments are not told, the index's order means nothing: the newest numbers are told first.
    const Id cat = office.user("Cat");
    office.allow(cat, "read", "all", "customer");
    office.allow(cat, "read", "all", "interaction", {.hidden = "at"});
    const auto told = found(*office.as(cat), {.text = "tea", .entities = {"interaction"}});
    REQUIRE(told.size() == 2);
    CHECK(told[0].second > told[1].second);
  });
}

TEST_CASE("[J15] search: the log of reads counts what was told, and not what was looked at") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id ann = office.user("Ann");
    office.allow(ann, "read", "all", "interaction");
    office.allow(ann, "read", "all", "customer");
    const Id ada = office.customer("Ada"), bea = office.customer("Bea");
    for (const Id customer : {ada, bea})
      office.put("interaction", {{"customer_id", Value(customer)}, {"body", Value("tea")}, {"at", Value(Instant{1})}});
    office.system().log_reads();
    {
      const auto session = office.as(ann);
      CHECK(found(*session, {.text = "tea", .entities = {"interaction"}, .customer = ada}).size() == 1);
      CHECK(search(*session, {.text = "tea", .limit = 1}).hits.size() == 1);
      CHECK(found(*session, "coffee").empty());
    }
    const auto of = [&](Id customer) { return who_saw(office.system(), customer); };
    REQUIRE(of(ada).size() == 1);
    CHECK(of(ada)[0].times == 1);
    CHECK(of(bea).size() == 1);  // the newest of the two is hers
  });
}

TEST_CASE("[J15] search: during a load, after it, after a trim and for snapshots from before it is right") {
  on_every_store([](StoreGround& ground) {
    small_segments(ground.store(), 4);
    Session session(ground.store());
    const auto note = [&](const std::string& body, Id id = no_id) {
      ChangeSet set;
      set.put("interaction", id).set("body", body).set("at", Instant{9});
      return session.apply(set).ids[0];
    };
    for (int i = 0; i < 10; ++i) note("before " + std::to_string(i));
    const std::string_view loaded[] = {"interaction"};
    session.begin_load(loaded);
    for (int i = 0; i < 100; ++i) note("loaded " + std::to_string(i));
    note("changed", Id{1});
    CHECK(found(session, "loaded").size() == 100);
    CHECK(found(session, "before").size() == 9);
    session.settle();
    CHECK(seek::read_root(*ground.store().read()).position > 100);
    CHECK(found(session, "loaded").size() == 100);
    CHECK(found(session, "changed") == Found{{"interaction", 1}});
    ground.reopen();
    small_segments(ground.store(), 1'000);
    Session again(ground.store());
    CHECK(found(again, "loaded").size() == 100);
    const auto entry = again.view().feed(0, 1'000'000).position;
    ChangeSet set;
    set.put("interaction").set("body", "late").set("at", Instant{10});
    again.apply(set);
    again.trim_journal(Instant{again.now().micros + 1});
    CHECK(entry > 100);
    CHECK(again.verify().intact);
    CHECK(found(again, "late").size() == 1);
    CHECK(found(again, "before").size() == 9);
  });
}

TEST_CASE("[J15] search: the past is not searched, and what cannot be a query is refused without repeating it") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    const auto refusal = [&](SearchQuery query) {
      std::string told;
      try {
        search(session, query);
      } catch (const Error& error) {
        told = error.what();
        CHECK(told.find("geheim") == std::string::npos);
        return error.code();
      }
      return Code::ok;
    };
    std::string many;
    for (int i = 0; i < 33; ++i) many += "geheim ";
    for (const std::string& text : {std::string(), std::string("  \t　"), std::string("-geheim"), std::string("--"),
                                    std::string("\"geheim"), many, std::string(5'000, 'a'), std::string("geheim\xFF"),
                                    std::string("geheim\0", 7), std::string("\xED\xA0\x80")})
      CHECK(refusal({.text = text}) == Code::invalid);
    CHECK(refusal({.text = "geheim", .entities = {"nothing"}}) == Code::not_found);
    CHECK(refusal({.text = "geheim", .entities = {"order_line"}}) == Code::invalid);
    CHECK(refusal({.text = "geheim", .limit = 0}) == Code::invalid);
    CHECK(refusal({.text = "geheim", .limit = 1'001}) == Code::invalid);
    CHECK(refusal({.text = "geheim", .candidates = 0}) == Code::invalid);
    CHECK(refusal({.text = "geheim", .snippet = 0}) == Code::invalid);
    ChangeSet set;
    set.put("interaction").set("body", std::string(100'000, 'a') + "b");
    session.apply(set);
    for (const std::string& text : {std::string("*"), std::string("-"), std::string("\"\"\"\""), std::string(":"),
                                    std::string("body:"), std::string("%_"), std::string(4'000, 'b')})
      CHECK(refusal({.text = text}) == Code::ok);
    CHECK(found(session, (std::string(4'000, 'a') + "b").c_str()).size() == 1);
    const AsOf past(session, session.now());
    CHECK(refusal({.text = "geheim"}) == Code::unsupported);
  });
}

TEST_CASE("[J15] search: a word of any length is found by its parts, also in a segment") {
  on_every_store([](StoreGround& ground) {
    small_segments(ground.store(), 1);
    Session session(ground.store());
    ChangeSet set;
    set.put("interaction").set("body", std::string(300, 'x') + "needle" + std::string(300, 'y')).set("at", Instant{1});
    set.put("interaction").set("body", "haystack").set("at", Instant{2});
    session.apply(set);
    for (const char* text : {"needle", "xneedley", "xx", "\"yy\"", "xx*"}) {
      CAPTURE(text);
      CHECK(found(session, text) == Found{{"interaction", 1}});
    }
    CHECK(found(session, "a*").empty());
  });
}
