#include "emptor/desk/segments.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/sha256.hpp"
#include "emptor/core/error.hpp"
#include "emptor/session/segment_finding.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

// Two golden customers of whom one bought, and a basic one; days pass by the office's clock.
struct Shop {
  explicit Shop(Store& store) : office(store) {
    ann = office.put("customer", {{"name", "Ann"}, {"tier", "gold"}});
    bo = office.put("customer", {{"name", "Bo"}, {"tier", "gold"}});
    cy = office.put("customer", {{"name", "Cy"}, {"tier", "basic"}});
    office.put("order", {{"customer_id", ann}, {"ordered_at", office.now}});
    golden = put_segment(office.system(), {.name = "Golden", .rule = "tier = 'gold'", .watched = true});
    buyers = put_segment(office.system(), {.name = "Buyers", .rule = "any order in the last 30 days"});
  }
  std::int64_t count(Id segment) {
    const View view = office.system().view();
    return view.count("customer", office.system().in_segment(view, segment));
  }
  std::vector<Id> members(Id segment) {
    return segment_members(office.system(), office.system().view(), segment, {}, 100);
  }

  Office office;
  Id ann, bo, cy, golden, buyers;
};

void on_shops(const std::function<void(Shop&)>& test) {
  on_every_store([&](StoreGround& ground) {
    Shop shop(ground.store());
    test(shop);
  });
}

}  // namespace

TEST_CASE("[M2] segments: members follow every write and every day") {
  on_shops([](Shop& shop) {
    CHECK(shop.members(shop.golden) == std::vector{shop.ann, shop.bo});
    CHECK(shop.members(shop.buyers) == std::vector{shop.ann});
    shop.office.put("customer", {{"name", "Bo"}, {"tier", "basic"}}, shop.bo);
    CHECK(shop.members(shop.golden) == std::vector{shop.ann});
    shop.office.now.micros += 30 * micros_per_day;
    CHECK(shop.count(shop.buyers) == 1);
    shop.office.now.micros += micros_per_day;
    CHECK(shop.count(shop.buyers) == 0);
    shop.office.erase("customer", shop.ann);
    CHECK(shop.count(shop.golden) == 0);
  });
}

TEST_CASE("[I27] segments: who enters or leaves a watched one is a record of the journal") {
  on_shops([](Shop& shop) {
    shop.office.put("customer", {{"name", "Cy"}, {"tier", "gold"}}, shop.cy);
    shop.office.put("customer", {{"name", "Bo"}, {"tier", "basic"}}, shop.bo);
    const std::vector<Record> changes = shop.office.system().view().select({.entity = "segment_change"});
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].get("customer_id").id() == shop.cy);
    CHECK(changes[0].get("kind").text() == "enter");
    CHECK(changes[0].get("at").instant() == shop.office.now);
    CHECK(changes[1].get("kind").text() == "leave");
    CHECK(shop.office.system().verify(true).intact);
  });
}

TEST_CASE("[C8] segments: lists, samples and what two share") {
  on_shops([](Shop& shop) {
    Session& session = shop.office.system();
    const View view = session.view();
    const SegmentInfo first = segments(session, view).front();
    CHECK(first.name == "Buyers");
    CHECK(first.customers == 1);
    CHECK(segment_named(view, "Golden") == shop.golden);
    CHECK(segment_sample(session, view, shop.golden, 1, 7).size() == 1);
    CHECK(segment_sample(session, view, shop.golden, 9, 7) == std::vector{shop.ann, shop.bo});
    CHECK(segment_members(session, view, shop.golden, shop.ann, 5) == std::vector{shop.bo});
    const MemberOverlap overlap = segment_overlap(session, view, shop.golden, shop.buyers);
    CHECK(overlap.both == 1);
    CHECK(overlap.share() == doctest::Approx(0.5));
    CHECK(segments_with(session, view, shop.ann).size() == 2);
    CHECK(segments_of(session, shop.cy).empty());
    CHECK(refusal_of([&] { segment_named(view, "Nobody"); }) == Code::not_found);
  });
}

TEST_CASE("[M2] segments: who was in one at an instant") {
  on_shops([](Shop& shop) {
    Session& session = shop.office.system();
    shop.office.now.micros += 3 * micros_per_day;
    shop.office.put("customer", {{"name", "Bo"}, {"tier", "basic"}}, shop.bo);
    const std::vector<SegmentCount> growth = segment_growth(session, shop.golden, 5, 1);
    REQUIRE(growth.size() == 5);
    CHECK(growth.back().customers == 2);
    CHECK(growth.front().customers == 0);  // nothing was there
    CHECK(shop.count(shop.golden) == 1);
    const Id best = put_segment(session, {.name = "Best", .rule = "top 50% by employees"});
    CHECK(refusal_of([&] {
            const AsOf then(session, shop.office.now);
            session.in_segment(session.view(), best);
          }) == Code::unsupported);
  });
}

TEST_CASE("[I7] segments: the greatest share, told anew when it is settled") {
  on_shops([](Shop& shop) {
    for (const auto& [customer, size] : {std::pair{shop.ann, 10}, {shop.bo, 20}, {shop.cy, 30}})
      shop.office.put("customer", {{"employees", Value(size)}}, customer);
    const Id best = put_segment(shop.office.system(), {.name = "Best", .rule = "top 34% by employees"});
    CHECK(shop.members(best) == std::vector{shop.bo, shop.cy});  // of three, the begun second
    shop.office.put("customer", {{"employees", Value(25)}}, shop.ann);
    CHECK(shop.members(best) == std::vector{shop.ann, shop.bo, shop.cy});
    shop.office.system().settle();
    CHECK(shop.members(best) == std::vector{shop.ann, shop.cy});
  });
}

TEST_CASE("segments: why a customer is in one, in words") {
  on_shops([](Shop& shop) {
    Session& session = shop.office.system();
    CHECK(explain_membership(session, shop.golden, shop.ann, Language::english).starts_with("in, because"));
    CHECK(explain_membership(session, shop.golden, shop.cy, Language::english).starts_with("not in, because"));
    CHECK(explain_segment(session.view(), shop.golden, Language::chinese).find("gold") != std::string::npos);
    CHECK(find_in_segment(session, shop.buyers, shop.ann).findings.size() == 1);
  });
}

TEST_CASE("[C12] segments: an audience is hashed, and only of those who granted it") {
  on_shops([](Shop& shop) {
    Session& session = shop.office.system();
    const auto reach = [&](Id customer, const char* channel, const char* value) {
      shop.office.put("contact_point", {{"customer_id", customer}, {"channel", channel}, {"value", value}});
    };
    reach(shop.ann, "email", " Ann.Li+Shop@GMail.com ");
    reach(shop.ann, "mobile", "+49 30 901820");
    reach(shop.bo, "email", "bo@example.org");
    shop.office.put("consent", {{"customer_id", shop.ann}, {"purpose", "sharing"}, {"state", "granted"}});
    const auto rows = [&](AudienceForm form, AudienceCounts& counts) {
      std::string text;
      counts =
          export_audience(session, session.view(), shop.golden, form, [&](std::string_view part) { text += part; });
      return text;
    };
    AudienceCounts counts;
    CHECK(rows(AudienceForm::google, counts) ==
          "email,phone\r\n" + sha256_hex("annli@gmail.com") + ",\r\n," + sha256_hex("+4930901820") + "\r\n");
    CHECK(counts.members == 2);
    CHECK(counts.refused == 1);
    CHECK(counts.rows == 2);
    CHECK(rows(AudienceForm::meta, counts) ==
          "email,phone\r\n" + sha256_hex("ann.li+shop@gmail.com") + ",\r\n," + sha256_hex("4930901820") + "\r\n");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
}

TEST_CASE("segments: a user is told of those of whom they read what the rule asks") {
  on_shops([](Shop& shop) {
    const Id user = shop.office.user("Una");
    for (const char* entity : {"customer", "segment"}) shop.office.allow(user, "read", "all", entity);
    shop.office.put("customer", {{"owner_id", user}}, shop.ann);
    const auto una = shop.office.as(user);
    const View view = una->view();
    CHECK(view.count("customer", una->in_segment(view, shop.golden)) == 2);
    CHECK(view.count("customer", una->in_segment(view, shop.buyers)) == 0);  // no right to orders
    CHECK(refusal_of([&] { find_in_segment(*una, shop.buyers, shop.ann); }) == Code::denied);
    CHECK(view.count("segment_change") == 0);
    CHECK(view.count("customer_segments") == 0);
    shop.office.allow(user, "read", "own", "order");
    const auto again = shop.office.as(user);
    const View wider = again->view();
    CHECK(wider.count("customer", again->in_segment(wider, shop.buyers)) == 1);
    const Id best = put_segment(shop.office.system(), {.name = "Best", .rule = "top 50% by summary.revenue"});
    CHECK(refusal_of([&] {
            const View now = again->view();
            again->in_segment(now, best);
          }) == Code::denied);
  });
}

TEST_CASE("segments: one that is named deep within another does not disturb it") {
  on_shops([](Shop& shop) {
    Session& session = shop.office.system();
    put_segment(session, {.name = "Small", .rule = "tier = 'gold' and not (employees > 5 or employees < 0)"});
    const Id rest =
        put_segment(session, {.name = "Rest",
                              .rule = "name is present and not (tier = 'gold' and in segment 'Small') and (tier = "
                                      "'basic' or in segment 'Small' or not in segment 'Golden')"});
    CHECK(shop.members(rest) == std::vector{shop.cy});
    shop.office.put("customer", {{"employees", Value(9)}, {"tier", "gold"}}, shop.ann);
    CHECK(shop.members(rest) == std::vector{shop.cy});
    shop.office.put("customer", {{"tier", "silver"}}, shop.ann);
    CHECK(shop.members(rest) == std::vector{shop.ann, shop.cy});
  });
}

TEST_CASE("segments: while a load leaves derived records behind, members are told all the same") {
  on_shops([](Shop& shop) {
    Session& session = shop.office.system();
    const Id rich = put_segment(session, {.name = "Rich", .rule = "summary.orders >= 2"});
    const std::string_view loaded[] = {"order"};
    session.begin_load(loaded);
    shop.office.put("order", {{"customer_id", shop.ann}, {"ordered_at", shop.office.now}});
    shop.office.put("order", {{"customer_id", shop.bo}, {"ordered_at", shop.office.now}});
    CHECK(shop.members(rich) == std::vector{shop.ann});
    CHECK(shop.members(shop.buyers) == std::vector{shop.ann, shop.bo});
    CHECK(find_in_segment(session, rich, shop.ann).member);
    CHECK(!find_in_segment(session, rich, shop.bo).member);
    CHECK(std::ranges::count(segments_of(session, shop.ann), rich) == 1);
    session.settle();
    CHECK(shop.members(rich) == std::vector{shop.ann});
    CHECK(shop.members(shop.buyers) == std::vector{shop.ann, shop.bo});
    CHECK(session.verify(true).intact);
  });
}
