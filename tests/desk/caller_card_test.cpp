#include "emptor/desk/caller_card.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "desk/card_ground.hpp"
#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

std::vector<Id> ids_of(const std::vector<CardLine>& lines) {
  std::vector<Id> ids;
  for (const CardLine& line : lines) ids.push_back(line.id);
  return ids;
}

bool marked(const std::array<bool, card_sections>& marks, CardSection section) {
  return marks[static_cast<std::size_t>(section)];
}

}  // namespace

TEST_CASE("[F1] caller card: nobody, one, several, a hidden number, somebody who is not served") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 30 901820");
    const Id bo = desk.person("Bo", "+49 40 428280");
    const Id cai = desk.person("Cai", "+49 40 428280");
    desk.put("block", {{"customer_id", Value(ada)}, {"kind", "no_service"}, {"valid_to", Value(desk.day(-1))}});
    CHECK(caller_card(desk.session, "+49 30 1110111").state == CardState::unknown);
    CHECK(caller_card(desk.session, "").state == CardState::withheld);
    CHECK(caller_card(desk.session, "anonymous").state == CardState::withheld);
    const CallerCard known = caller_card(desk.session, "+49 30 901820");
    CHECK(known.state == CardState::known);  // the block is over
    CHECK(known.customer == ada);
    CHECK(known.name == "Ada");
    CHECK(known.matched == "phone");
    CHECK(known.complete);
    const CallerCard shared = caller_card(desk.session, "+49 40 428280");
    CHECK(shared.state == CardState::ambiguous);
    CHECK_FALSE(shared.customer);
    CHECK(ids_of(shared.of(CardSection::candidates)) == std::vector<Id>{bo, cai});
    CHECK(shared.of(CardSection::candidates)[1].title == "Cai");
    desk.put("block", {{"customer_id", Value(ada)}, {"kind", "no_service"}, {"cause", "fraud"}});
    const CallerCard blocked = caller_card(desk.session, "+49 30 901820");
    CHECK(blocked.state == CardState::blocked);
    CHECK(blocked.customer == ada);  // the card still tells who
    REQUIRE(blocked.of(CardSection::blocks).size() == 1);
    CHECK(blocked.of(CardSection::blocks).front().note == "fraud");
  });
}

TEST_CASE("[M7] caller card: a number is found in any notation") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 (0)30 901820");
    for (const char* number :
         {"+4930901820", "0049 30 901820", "030 / 90 18 20", "sip:+4930901820@host.example;user=phone",
          "tel:+49-30-901820", "＋４９ ３０ ９０１８２０", "+49 30 901820 ext. 12"}) {
      CAPTURE(number);
      CHECK(caller_card(desk.session, number, {.default_region = "DE"}).customer == ada);
    }
    CHECK(caller_card(desk.session, "030 901821", {.default_region = "DE"}).state == CardState::unknown);
  });
}

TEST_CASE("caller card: a deleted customer and a number that is given up find nobody") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 30 901820");
    ChangeSet gone;
    gone.erase("customer", ada);
    desk.session.apply(gone);
    CHECK(caller_card(desk.session, "+49 30 901820").state == CardState::unknown);
  });
}

TEST_CASE("caller card: by e-mail, by an id in another system, by customer") {
  at_every_desk([](CardGround& desk) {
    ChangeSet set;
    const Id made = set.put("customer").by("erp", "C-7").set("name", "Ada").id();
    set.put("contact_point").set("customer_id", made).set("channel", "email").set("value", "Ada@Example.org");
    const Id ada = desk.session.apply(set).ids.front();
    CHECK(card_by_email(desk.session, "ada@example.ORG").customer == ada);
    CHECK(card_by_identity(desk.session, "erp", "C-7").customer == ada);
    CHECK(card_by_identity(desk.session, "erp", "C-8").state == CardState::unknown);
    CHECK(card_of(desk.session, ada).name == "Ada");
    CHECK(card_of(desk.session, Id{999}).state == CardState::unknown);
  });
}

TEST_CASE("caller card: the number of a contact person leads to the person and the organisation") {
  at_every_desk([](CardGround& desk) {
    const Id firm = desk.person("Acme", "+49 30 901820");
    const Id ada = desk.person("Ada", "+49 30 901820");
    desk.put("relationship", {{"customer_id", Value(firm)},
                              {"related_id", Value(ada)},
                              {"kind", "contact"},
                              {"position", "head of purchasing"}});
    const CallerCard card = caller_card(desk.session, "+49 30 901820");
    CHECK(card.state == CardState::known);
    CHECK(card.customer == ada);
    REQUIRE(card.of(CardSection::organisations).size() == 1);
    CHECK(card.of(CardSection::organisations).front().id == firm);
    CHECK(card.of(CardSection::organisations).front().title == "Acme");
    CHECK(card.of(CardSection::organisations).front().note == "head of purchasing");
  });
}

TEST_CASE("caller card: each section holds the newest lines, no more than asked for, and tells of others") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 30 901820");
    const Id bo = desk.put("user", {{"name", "Bo"}});
    std::vector<Id> orders, touches;
    for (int i = 1; i <= 7; ++i) {
      const Value at(desk.days_ago(10 + i % 4 * 10));  // not in the order of ids
      orders.push_back(desk.put("order", {{"customer_id", Value(ada)}, {"number", "N"}, {"ordered_at", at}}));
      touches.push_back(desk.put(
          "interaction", {{"customer_id", Value(ada)}, {"channel", "phone"}, {"at", at}, {"user_id", Value(bo)}}));
    }
    const Id undated = desk.put("order", {{"customer_id", Value(ada)}});
    // By hand: i % 4 gives 1 2 3 0 1 2 3, the fourth is newest, then 1 and 5 (the later id first), 2 and 6, 3 and 7.
    const std::vector<Id> by_hand = {orders[3], orders[4], orders[0], orders[5], orders[1], orders[6], orders[2]};
    const CallerCard three = card_of(desk.session, ada, {.max_lines = 3});
    CHECK(ids_of(three.of(CardSection::orders)) == std::vector<Id>(by_hand.begin(), by_hand.begin() + 3));
    CHECK(marked(three.more, CardSection::orders));
    CHECK_FALSE(marked(three.more, CardSection::cases));
    std::vector<Id> all = by_hand;
    all.push_back(undated);
    const CallerCard ten = card_of(desk.session, ada, {.max_lines = 10});
    CHECK(ids_of(ten.of(CardSection::orders)) == all);
    CHECK_FALSE(marked(ten.more, CardSection::orders));
    CHECK(ten.of(CardSection::touches).front().id == touches[3]);
    CHECK(ten.last_touch_at == desk.days_ago(10));
    CHECK(ten.last_user == bo);
    CHECK(ten.last_user_name == "Bo");
  });
}

TEST_CASE("caller card: an order shows the sum of its lines in the base currency") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 30 901820");
    const Id order = desk.put("order", {{"customer_id", Value(ada)}, {"ordered_at", Value(desk.days_ago(1))}});
    for (const std::int64_t amount : {3, 4})
      desk.put("order_line", {{"customer_id", Value(ada)}, {"order_id", Value(order)}, {"amount", Value(amount)}});
    desk.put("order_line", {{"customer_id", Value(ada)},
                            {"order_id", Value(order)},
                            {"amount", Value(9)},
                            {"currency", "USD"},
                            {"base_amount", Value(8)}});
    CHECK(card_of(desk.session, ada).of(CardSection::orders).front().amount == Decimal(15));
  });
}

TEST_CASE("caller card: closed cases, done tasks and decided opportunities are left out; what is due first leads") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 30 901820");
    const Value of(ada);
    const Id open = desk.put("case", {{"customer_id", of}, {"subject", "broken"}, {"state", "new"}});
    desk.put("case", {{"customer_id", of}, {"closed_at", Value(desk.days_ago(1))}});
    desk.put("task", {{"customer_id", of}, {"due_at", Value(desk.days_ago(9))}, {"status", "done"}});
    const Id later = desk.put("task", {{"customer_id", of}, {"due_at", Value(desk.days_ago(-9))}, {"status", "open"}});
    const Id first = desk.put("task", {{"customer_id", of}, {"due_at", Value(desk.days_ago(-2))}});
    const Id some_day = desk.put("task", {{"customer_id", of}, {"status", "open"}});
    const Id touch = desk.put(
        "interaction", {{"customer_id", of}, {"at", Value(desk.days_ago(3))}, {"next_step", "send the catalogue"}});
    const Id sale = desk.put("opportunity", {{"customer_id", of}, {"name", "winter tyres"}});
    desk.put("opportunity", {{"customer_id", of}, {"name", "lost"}, {"outcome", "lost"}});
    const CallerCard card = card_of(desk.session, ada, {.max_lines = 9});
    CHECK(ids_of(card.of(CardSection::cases)) == std::vector<Id>{open});
    CHECK(ids_of(card.of(CardSection::next_steps)) == std::vector<Id>{first, later, some_day, touch, sale});
    CHECK(card.of(CardSection::next_steps)[3].title == "send the catalogue");
  });
}

TEST_CASE("caller card: a customer with 20,000 orders has the newest five as soon as any other") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 30 901820");
    ChangeSet set;
    for (std::int64_t i = 0; i < 20'000; ++i)
      set.put("order").set("customer_id", ada).set("ordered_at", Value(desk.days_ago(1 + i * 7919 % 20'000)));
    const std::vector<Id> orders = desk.session.apply(set).ids;
    // The day of order i is i * 7919 mod 20,000: brute force over all finds the newest.
    std::vector<std::int64_t> newest(20'000);
    for (std::int64_t i = 0; i < 20'000; ++i) newest[static_cast<std::size_t>(i * 7919 % 20'000)] = i;
    const CallerCard card = card_of(desk.session, ada);
    REQUIRE(card.of(CardSection::orders).size() == 5);
    for (std::size_t i = 0; i < 5; ++i)
      CHECK(card.of(CardSection::orders)[i].id == orders[static_cast<std::size_t>(newest[i])]);
  });
}

TEST_CASE("caller card: a deadline that is past gives the card as far as it is, and says so") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 30 901820");
    desk.put("order", {{"customer_id", Value(ada)}});
    const CallerCard card = card_of(desk.session, ada, {.deadline_us = 1});
    CHECK_FALSE(card.complete);
    CHECK(card.of(CardSection::orders).empty());
    const CallerCard whole = card_of(desk.session, ada, {.deadline_us = 60'000'000});
    CHECK(whole.complete);
    CHECK(whole.of(CardSection::orders).size() == 1);
    CHECK(std::ranges::none_of(whole.cut, [](bool cut) { return cut; }));
  });
}

TEST_CASE("caller card: options out of range are errors") {
  at_every_desk([](CardGround& desk) {
    for (const CardOptions& options :
         {CardOptions{.max_lines = 0}, CardOptions{.max_lines = 101}, CardOptions{.deadline_us = -1}}) {
      bool refused = false;
      try {
        card_of(desk.session, Id{1}, options);
      } catch (const Error& error) {
        refused = error.code() == Code::invalid;
      }
      CHECK(refused);
    }
  });
}

TEST_CASE("[B19] known customer: whether somebody is known, and which colleague acted last") {
  at_every_desk([](CardGround& desk) {
    const Id bo = desk.put("user", {{"name", "Bo"}});
    const Id cai = desk.put("user", {{"name", "Cai"}});
    const Id ada = desk.person("Ada", "+49 30 901820");
    const Id eve = desk.person("Eve", "+49 30 901820");
    ChangeSet owned;
    owned.put("customer", ada).set("owner_id", cai);
    desk.session.apply(owned);
    desk.put("interaction", {{"customer_id", Value(eve)}, {"at", Value(desk.days_ago(9))}, {"user_id", Value(cai)}});
    desk.put(
        "interaction",
        {{"customer_id", Value(ada)}, {"channel", "phone"}, {"at", Value(desk.days_ago(2))}, {"user_id", Value(bo)}});
    const KnownCustomer known = known_customer(desk.session, "0049 30 901820", "DE");
    CHECK(known.known);
    CHECK(known.customers == 2);
    CHECK(known.customer == ada);
    CHECK(known.last_touch_at == desk.days_ago(2));
    CHECK(known.last_user_name == "Bo");
    CHECK(known.last_channel == "phone");
    CHECK(known.owner_name == "Cai");
    CHECK_FALSE(known_customer(desk.session, "+49 30 1110111").known);
    CHECK_FALSE(known_customer(desk.session, "nobody@example.org").known);
  });
}

TEST_CASE("caller card: its JSON holds what the card holds") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada \"A\"", "+49 30 901820");
    desk.put("order", {{"customer_id", Value(ada)}, {"number", "SO-1"}, {"ordered_at", Value(desk.days_ago(1))}});
    const auto json = boost::json::parse(to_json(card_of(desk.session, ada))).as_object();
    CHECK(json.at("state") == "known");
    CHECK(json.at("complete") == true);
    CHECK(json.at("customer").at("name") == "Ada \"A\"");
    CHECK(json.at("orders").at(0).at("title") == "SO-1");
    CHECK(json.at("orders").at(0).at("at") == "2023-12-31T00:00:00Z");
    CHECK(json.at("cut").as_array().empty());
  });
}
