// Customers on their own page: what they see and may write, and that nothing else in the store shows there.
#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "emptor/core/random.hpp"
#include "emptor/desk/caller_card.hpp"
#include "emptor/desk/export.hpp"
#include "emptor/desk/feed_payload.hpp"
#include "emptor/desk/known.hpp"
#include "emptor/desk/profile.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/model/json.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;
using Names = std::vector<std::string>;

namespace {

std::unique_ptr<Session> page_of(Store& store, Office& office, Id customer) {
  return std::make_unique<Session>(store, SessionOptions{.actor = {.name = "page", .customer = customer},
                                                         .clock = [&office] { return office.now; }});
}

Code put(Session& session, std::string_view entity, std::initializer_list<Office::Set> fields, Id id = no_id) {
  return refusal_of([&] {
    ChangeSet set;
    ChangeSet::Put put = set.put(entity, id);
    for (const Office::Set& each : fields) put.set(each.field, each.value);
    session.apply(set);
  });
}

struct Shop {
  explicit Shop(Store& of) : office(of) {
    user = office.user("Ulla User");
    ada = office.put("customer", {{"name", Value("Ada")},
                                  {"notes", Value("haggles")},
                                  {"tier", Value("gold")},
                                  {"owner_id", user},
                                  {"city", Value("Ulm")}});
    bo = office.customer("Bo", user);
    for (const Id customer : {ada, bo}) {
      orders.push_back(office.put("order", {{"customer_id", customer}, {"number", Value("SO")}, {"owner_id", user}}));
      points.push_back(
          office.put("contact_point",
                     {{"customer_id", customer}, {"channel", Value("mobile")}, {"value", Value("+49 171 2345678")}}));
      office.put("interaction", {{"customer_id", customer}, {"body", Value("angry")}});
      office.put("tag", {{"customer_id", customer}, {"name", Value("difficult")}});
      office.put("message", {{"customer_id", customer}, {"channel", Value("sms")}, {"subject", Value("draft")}});
      office.put("message", {{"customer_id", customer},
                             {"channel", Value("sms")},
                             {"subject", Value("sent")},
                             {"sent_at", Value(Instant{5})}});
    }
    product = office.put("product", {{"name", Value("tea")}});
  }
  Id role() {
    if (!role_) role_ = office.put("role", {{"name", Value("self_service")}});
    return role_;
  }
  Id grant(std::string_view action, std::string_view entity, std::string_view scope = "own",
           std::string_view hidden = "") {
    return office.put(
        "permission",
        {{"role_id", role()}, {"action", action}, {"entity", entity}, {"scope", scope}, {"hidden_fields", hidden}});
  }
  Office office;
  Id user, ada, bo, product;
  std::vector<Id> orders, points;

 private:
  Id role_;
};

Names names(const Session& session, std::string_view entity, std::string_view field) {
  Names found;
  for (const Record& record : session.view().select({.entity = std::string(entity)}))
    found.emplace_back(record.get(field).text());
  return found;
}

}  // namespace

TEST_CASE("[F8] own page: a customer sees their record and what is theirs, without what staff keep to themselves") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    const auto page = page_of(ground.store(), shop.office, shop.ada);
    const View view = page->view();
    CHECK(view.count("customer") == 1);
    const Record ada = view.get("customer", shop.ada).value();
    CHECK(ada.get("name").text() == "Ada");
    CHECK(ada.get("city").text() == "Ulm");
    for (const char* field : {"notes", "tier", "owner_id", "name_key"}) {
      CAPTURE(field);
      CHECK(!ada.get(field).present());
      CHECK(view.count("customer", Where::present(field)) == 0);
      CHECK(refusal_of([&] { view.select({.entity = "customer", .order = {{field, false}}}); }) == Code::denied);
    }
    CHECK(!view.get("customer", shop.bo));
    CHECK(view.count("order") == 1);
    CHECK(view.get("order", shop.orders[0]));
    CHECK(!view.get("order", shop.orders[1]));
    CHECK(names(*page, "message", "subject") == Names{"sent"});
    for (const char* entity : {"interaction", "tag", "user", "role", "permission", "product", "score", "alert",
                               "customer_summary", "identity", "relationship", "segment"}) {
      CAPTURE(entity);
      CHECK(view.count(entity) == 0);
    }
    const Profile profile = read_profile(view, shop.ada);
    CHECK(profile.sections.size() == 3);  // contact points, orders, messages
    CHECK(!profile.summary);
    CHECK(refusal_of([&] { read_profile(view, shop.bo); }) == Code::not_found);
  });
}

TEST_CASE("[F8] own page: it holds also where rights are not in force for users, and ends with the customer") {
  for (const Quirks& quirks : every_store()) {
    StoreGround ground(quirks);
    Session system(ground.store());
    ChangeSet set;
    set.put("customer").set("name", "Ada");
    set.put("customer").set("name", "Bo");
    const std::vector<Id> ids = system.apply(set).ids;
    Session page(ground.store(), {.actor = {.customer = ids[0]}});
    CHECK(names(page, "customer", "name") == Names{"Ada"});
    CHECK(put(page, "customer", {{"city", Value("Ulm")}}, ids[0]) == Code::denied);
    ChangeSet gone;
    gone.erase("customer", ids[0]);
    system.apply(gone);
    CHECK(page.view().count("customer") == 0);
    CHECK(!page.view().get("customer", ids[0], true));
    CHECK(Session(ground.store(), {.actor = {.customer = Id{77}}}).view().count("customer") == 0);
    CHECK(refusal_of([&] { Session(ground.store(), {.actor = {.user = Id{1}, .customer = Id{1}}}); }) == Code::misuse);
  }
}

TEST_CASE("[F8] own page: the journal, the store and analyses are not on it") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    const auto page = page_of(ground.store(), shop.office, shop.ada);
    const View view = page->view();
    CHECK(refusal_of([&] { view.feed(0, 10); }) == Code::denied);
    CHECK(refusal_of([&] { poll_payloads(*page, 0); }) == Code::denied);
    CHECK(refusal_of([&] { view.history("customer", shop.ada); }) == Code::denied);
    CHECK(refusal_of([&] { view.as_of("customer", shop.ada, shop.office.now); }) == Code::denied);
    CHECK(refusal_of([&] { page->verify(); }) == Code::denied);
    CHECK(refusal_of([&] { page->define_field({.entity = "customer", .name = "x"}); }) == Code::denied);
    CHECK(refusal_of([&] { page->enforce_rights(); }) == Code::denied);
    CHECK(refusal_of([&] { page->settle(); }) == Code::denied);
    CHECK(refusal_of([&] { page->begin_load({}); }) == Code::denied);
    CHECK(refusal_of([&] { known(*page, {.name = "Bo"}); }) == Code::denied);
    CHECK(refusal_of([&] { run_insight(*page, "rfm", {}); }) == Code::denied);
    CHECK(refusal_of([&] {
            const AsOf past(*page, shop.office.now);
            page->view();
          }) == Code::denied);
    CHECK(view.setting("rights").empty());
  });
}

TEST_CASE(
    "[F8] own page: a customer writes what the role self_service says, of their own, and the journal names them") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    const auto page = page_of(ground.store(), shop.office, shop.ada);
    const auto complain = [&](Id customer) {
      return put(*page, "feedback", {{"customer_id", customer}, {"kind", Value("complaint")}, {"body", Value("late")}});
    };
    CHECK(complain(shop.ada) == Code::denied);
    shop.grant("create", "feedback");
    shop.grant("update", "contact_point");
    CHECK(complain(shop.ada) == Code::ok);
    CHECK(names(*page, "feedback", "body") == Names{"late"});
    CHECK(complain(shop.bo) != Code::ok);
    CHECK(put(*page, "feedback", {{"body", Value("of nobody")}}) == Code::denied);
    CHECK(put(*page, "feedback", {{"customer_id", shop.ada}, {"sentiment", Value(1.0)}}) == Code::denied);
    CHECK(put(*page, "contact_point", {{"value", Value("+49 171 9999999")}}, shop.points[0]) == Code::ok);
    CHECK(put(*page, "contact_point", {{"value", Value("+49 171 9999999")}}, shop.points[1]) == Code::not_found);
    CHECK(put(*page, "contact_point", {{"customer_id", shop.bo}}, shop.points[0]) != Code::ok);
    CHECK(put(*page, "contact_point", {{"customer_id", shop.ada}, {"channel", Value("web")}, {"value", Value("x")}}) ==
          Code::denied);
    CHECK(put(*page, "customer", {{"name", Value("Queen Ada")}}, shop.ada) == Code::denied);
    const std::vector<RecordVersion> versions = shop.office.system().view().history("contact_point", shop.points[0]);
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].actor == Id{-shop.ada.value});
    CHECK(shop.office.system().verify(true).intact);
  });
}

TEST_CASE("[F8] own page: no permission opens more than the page and the catalogue") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    const auto page = page_of(ground.store(), shop.office, shop.ada);
    for (const char* action : {"know", "read", "create", "update", "delete", "assign", "merge", "analyse", "import",
                               "export", "erase", "configure"})
      shop.grant(action, "", "all");
    const View view = page->view();
    CHECK(view.count("customer") == 1);
    CHECK(view.count("order") == 1);
    CHECK(!view.get("customer", shop.ada)->get("notes").present());
    for (const char* entity : {"interaction", "tag", "user", "permission", "product"}) CHECK(view.count(entity) == 0);
    CHECK(put(*page, "tag", {{"customer_id", shop.ada}, {"name", Value("nice")}}) == Code::denied);
    CHECK(put(*page, "user", {{"name", Value("me")}}) == Code::denied);
    CHECK(put(*page, "customer", {{"name", Value("another")}}) == Code::denied);
    CHECK(put(*page, "customer", {{"owner_id", shop.user}}, shop.ada) != Code::ok);
    CHECK(refusal_of([&] { known(*page, {.name = "Bo"}); }) == Code::denied);
    CHECK(refusal_of([&] { run_insight(*page, "rfm", {}); }) == Code::denied);
    for (const char* entity : {"interaction", "tag", "user", "score"}) shop.grant("read", entity, "all");
    shop.grant("read", "product", "own");
    CHECK(page->view().count("interaction") == 0);
    CHECK(page->view().count("user") == 0);
    CHECK(page->view().count("product") == 0);
    shop.grant("read", "product", "all");
    CHECK(names(*page, "product", "name") == Names{"tea"});
    // What is said of one entity takes the place of what holds by itself.
    shop.grant("read", "customer", "own", "city");
    CHECK(page->view().get("customer", shop.ada)->get("notes").text() == "haggles");
    CHECK(!page->view().get("customer", shop.ada)->get("city").present());
    CHECK(page->view().count("customer") == 1);
  });
}

namespace {

constexpr std::string_view on_page[] = {"contact_point", "consent",  "order",        "order_line", "payment",
                                        "return",        "contract", "subscription", "issue",      "case",
                                        "repair_order",  "asset",    "message",      "feedback",   "response",
                                        "answer",        "coupon",   "enrolment"};

// Two stores with the same page of one customer, made first and under the same numbers; everything else is drawn from
// the side: other customers and their records, what is noted, scored and tagged of this one, the fields kept back.
class Pair {
 public:
  Pair(Store& store, std::uint64_t seed, std::uint64_t side)
      : office_(store), shared_(seed), own_(seed * 2 + side + 1'000'000) {
    const SchemaPtr schema = office_.system().view().schema_pointer();
    for (const char* entity : {"product", "survey", "survey_question", "promotion", "programme"})
      put(*schema, entity, no_id);
    customer_ = put(*schema, "customer", no_id);
    for (const std::string_view entity : on_page)
      for (std::uint64_t left = 1 + shared_.below(2); left > 0; --left) put(*schema, entity, no_id);
    pages_ = ids_;
    plan_writes();
    for (int round = 0; round < 6; ++round) {
      hidden_round();
      const std::string_view entity = on_page[shared_.below(std::size(on_page))];
      put(*schema, entity, pages_.at(std::string(entity)));
    }
    page_ = page_of(store, office_, customer_);
  }

  Names told() {
    const View view = page_->view();
    for (const Entity& entity : view.schema().entities()) about(view, entity);
    note("profile", [&] { return without_tokens(to_json(read_profile(view, customer_, {.now = office_.now}))); });
    note("card", [&] { return without_tokens(to_json(caller_card(*page_, "+49 171 2345678"))); });
    note("feed", [&] { return std::to_string(view.feed(0, 10).items.size()); });
    note("known", [&] { return to_json(known(*page_, {.name = "other"})); });
    note("insight", [&] { return run_insight(*page_, "rfm", {}).json; });
    write_some();
    return std::move(lines_);
  }

  // What the two stores hold, as the system sees it.
  std::string whole() {
    std::string text;
    const View view = office_.system().view();
    for (const char* entity : {"customer", "interaction", "order", "message"}) text += listed(view, {.entity = entity});
    return text;
  }

 private:
  void note(const std::string& what, const std::function<std::string()>& call) {
    std::string line = what + ": ";
    try {
      line += call();
    } catch (const Error& error) {
      line += std::string("! ") + error.what();
    }
    lines_.push_back(std::move(line));
  }

  // Versions and positions are tokens, other ones in each store.
  static std::string without_tokens(std::string json) {
    for (const std::string_view name : {"\"version\":\"", "\"position\":\""})
      for (std::size_t at = json.find(name); at != json.npos; at = json.find(name, at + 1)) {
        const std::size_t begin = at + name.size();
        json.erase(begin, json.find('"', begin) - begin);
      }
    return json;
  }

  std::string listed(const View& view, const Query& query) {
    std::string text;
    for (const Record& record : view.select(query)) text += without_tokens(to_json(record));
    return text;
  }

  void about(const View& view, const Entity& entity) {
    note(entity.name, [&] { return listed(view, {.entity = entity.name, .with_deleted = true}); });
    note(entity.name + " count", [&] { return std::to_string(view.count(entity.name)); });
    for (std::int64_t id = 1; id < 40; id += 3)
      note(entity.name + " get", [&] {
        const auto found = view.get(entity.name, Id{id}, true);
        return found ? without_tokens(to_json(*found)) : "nothing";
      });
    for (const Field& field : entity.fields) {
      if (field.name == "version") continue;
      const std::string what = entity.name + "." + field.name;
      note(what, [&] { return std::to_string(view.count(entity.name, Where::present(field.name))); });
      note(what + " missing", [&] { return std::to_string(view.count(entity.name, Where::missing(field.name))); });
      note(what + " ordered", [&] { return listed(view, {.entity = entity.name, .order = {{field.name, true}}}); });
      note(what + " groups", [&] {
        return std::to_string(
            view.aggregate({.entity = entity.name, .group_by = {field.name}, .measures = {{Measure::count, ""}}})
                .groups.size());
      });
    }
    note(entity.name + " export", [&] {
      std::string text;
      export_json_lines(view, entity.name, [&](std::string_view part) { text += part; });
      return without_tokens(text);
    });
  }

  void plan_writes() {
    const Id role = office_.put("role", {{"name", Value("self_service")}});
    for (const std::string_view entity : {"feedback", "contact_point", "case", "customer"})
      for (const std::string_view action : {"create", "update", "delete"})
        if (shared_.below(2) == 0)
          office_.put("permission", {{"role_id", role}, {"action", action}, {"entity", entity}});
  }

  void write_some() {
    for (const std::string_view entity : {"feedback", "contact_point", "case", "customer", "order", "interaction"})
      for (const Id customer : {customer_, Id{9}, Id{300}})
        note("write " + std::string(entity), [&] {
          ChangeSet set;
          ChangeSet::Put put = set.put(entity);
          if (entity == "customer")
            put.set("name", "new");
          else
            put.set("customer_id", customer);
          if (entity == "contact_point") put.set("channel", "web").set("value", "x");
          page_->apply(set);
          return std::string("done");
        });
    for (const Id id : {Id{1}, Id{5}, Id{12}, Id{300}})
      note("rename", [&] {
        ChangeSet set;
        set.put("customer", id).set("name", "other");
        page_->apply(set);
        return std::string("done");
      });
  }

  // What shows on the page is drawn alike on both sides, what is kept back is not.
  bool shows(const Field& field) const {
    static const std::set<std::string> kept_back{
        "notes",     "stage",     "segment",      "tier",    "source",        "source_key",
        "owner_id",  "team_id",   "territory_id", "cost",    "cause",         "priority",
        "sentiment", "routed_to", "evidence",     "failure", "technician_id", "received_by_id"};
    return !kept_back.contains(field.name);
  }

  Id put(const Schema& schema, std::string_view name, Id id, bool page = true) {
    const Entity& entity = schema.entity(name);
    ChangeSet set;
    ChangeSet::Put put = set.put(name, id);
    Arena text;
    for (const Field& field : entity.fields) {
      if (field.number < system_field::count || field.has(field_flag::system)) continue;
      Random& random = page && shows(field) ? shared_ : own_;
      const bool wanted = field.has(field_flag::required) || random.below(2) == 0;
      if (id && (field.type == Type::id || random.below(3) != 0)) continue;
      if (const Value value = value_for(field, random, text); wanted && value.present()) put.set(field.name, value);
    }
    if (page && name == "message") put.set("sent_at", Instant{7});
    if (page && !id && entity.customer_field) put.set("customer_id", customer_);
    const Id made = office_.system().apply(set).ids.front();
    if (page && !id) ids_.try_emplace(std::string(name), made);
    return made;
  }

  Value value_for(const Field& field, Random& random, Arena& text) {
    const std::uint64_t drawn = random.below(1'000);
    switch (field.type) {
      case Type::id: {
        if (field.reference == "user") return Value(any_user(random));
        if (!field.has(field_flag::required)) return {};
        const auto known = ids_.find(field.reference);
        return known == ids_.end() ? Value() : Value(known->second);
      }
      case Type::integer:
        return static_cast<std::int64_t>(drawn);
      case Type::decimal:
        return Value(Decimal(static_cast<std::int64_t>(drawn)));
      case Type::real:
        return static_cast<double>(drawn);
      case Type::boolean:
        return drawn % 2 == 0;
      case Type::date:
        return Date{static_cast<std::int32_t>(drawn)};
      case Type::instant:
        return Instant{static_cast<std::int64_t>(drawn)};
      case Type::text:
        if (!field.choices.empty()) return Value(field.choices[drawn % field.choices.size()]);
        if (field.name == "currency") return Value("EUR");
        return text.keep(Value(std::string_view("text " + std::to_string(drawn))));
      case Type::bytes:
        return {};
    }
    return {};
  }

  Id any_user(Random& random) {
    if (users_.empty() || random.below(4) == 0) users_.push_back(office_.user("user"));
    return users_[random.below(users_.size())];
  }

  void hidden_round() {
    const SchemaPtr schema = office_.system().view().schema_pointer();
    for (std::uint64_t left = own_.below(4); left > 0; --left) {
      const Id other = office_.put("customer", {{"name", Value("other")}});
      office_.put("contact_point",
                  {{"customer_id", other}, {"channel", Value("mobile")}, {"value", Value("+49 171 2345678")}});
      office_.put("order", {{"customer_id", other}, {"number", Value("n")}});
      office_.put("relationship", {{"customer_id", other}, {"related_id", customer_}, {"kind", Value("partner")}});
    }
    for (const std::string_view entity : {"interaction", "tag", "task", "alert", "block", "care_date"})
      if (own_.below(2) == 0) {
        const Id made = put(*schema, entity, no_id, false);
        office_.put(entity, {{"customer_id", customer_}}, made);
      }
    office_.put("message", {{"customer_id", customer_}, {"channel", Value("sms")}, {"subject", Value("draft")}});
    office_.put("customer", {{"notes", Value(own_.below(2) == 0 ? "kind" : "rude")}, {"owner_id", any_user(own_)}},
                customer_);
  }

  Office office_;
  Random shared_, own_;
  Id customer_;
  std::map<std::string, Id> ids_, pages_;
  std::vector<Id> users_;
  std::unique_ptr<Session> page_;
  Names lines_;
};

// The last line is what the customer is not told.
Names told_in(std::uint64_t seed, std::uint64_t side) {
  const auto store = open_memory({.create = true, .currency = *Currency::parse("EUR")});
  Pair pair(*store, seed, side);
  std::string whole = pair.whole();
  Names lines = pair.told();
  lines.push_back(std::move(whole));
  return lines;
}

}  // namespace

TEST_CASE("[F8][M5] own page: stores that differ in everything but this page tell the customer the same") {
  const char* runs = std::getenv("EMPTOR_RUNS");
  const std::uint64_t pairs = runs == nullptr ? 40 : std::strtoull(runs, nullptr, 10);
  std::set<std::string> answered;
  for (std::uint64_t seed = 1; seed <= pairs; ++seed) {
    CAPTURE(seed);
    Names one = told_in(seed, 0), other = told_in(seed, 1);
    REQUIRE(one.size() == other.size());
    REQUIRE(one.back() != other.back());
    one.pop_back();
    other.pop_back();
    for (std::size_t i = 0; i < one.size(); ++i) {
      REQUIRE(one[i] == other[i]);
      const std::size_t colon = one[i].find(": ");
      if (one[i].substr(colon + 2, 1) != "!" && one[i].size() > colon + 2) answered.insert(one[i].substr(0, colon));
    }
  }
  for (const char* call : {"customer", "order", "message", "order.number ordered", "contact_point get", "profile",
                           "write feedback", "order export"})
    CHECK_MESSAGE(answered.contains(call), call);
}
