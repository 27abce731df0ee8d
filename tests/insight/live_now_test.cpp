// Scores as they are now, on the card of who calls.
#include "emptor/desk/caller_card.hpp"
#include "emptor/session/derivation.hpp"
#include "insight/live_shop.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

std::map<std::string, CardLine> card_scores(Shop& shop, Id customer) {
  std::map<std::string, CardLine> scores;
  const CallerCard card = card_of(shop.session(), customer, {.max_lines = 50});
  for (const CardLine& line : card.of(CardSection::scores)) scores[line.title] = line;
  return scores;
}

void pass_days(Shop& shop, std::int64_t days) { shop.clock().set({shop.clock().now().micros + days * micros_per_day}); }

}  // namespace

TEST_CASE("live: a card shows the scores of today, bit for bit, while the records stay") {
  Shop shop(300);
  shop.make_live();
  const Scores before = shop.standing();
  pass_days(shop, 45);
  const Scores full = shop.scores_in_full(shop.today());
  std::size_t other = 0;
  for (const std::size_t i : {3, 9, 12, 40}) {
    const Id customer = shop.customers()[i];
    const auto card = card_scores(shop, customer);
    for (const char* name : live_names) {
      const auto now = full.find({customer.value, name});
      if (now == full.end()) continue;
      REQUIRE(card.at(name).value.has_value());
      CHECK(std::bit_cast<std::uint64_t>(*card.at(name).value) == std::bit_cast<std::uint64_t>(now->second));
      other += before.at({customer.value, name}) != now->second;
    }
    CHECK(card.at("rfm.r").state == std::to_string(static_cast<int>(*card.at("rfm.r").value)));
  }
  CHECK(other > 8);
  CHECK(shop.standing() == before);
}

TEST_CASE("live: a card follows what other sessions write and which models they turn off") {
  Shop shop(300);
  shop.make_live();
  pass_days(shop, 45);
  const Id customer = shop.customers()[3];
  const double recency = *card_scores(shop, customer).at("rfm.recency").value;
  CHECK(recency >= 45);
  ChangeSet bought;
  Random random(4);
  shop.put_order(bought, customer, shop.today(), random);
  shop.other_session().apply(bought);
  CHECK(*card_scores(shop, customer).at("rfm.recency").value == 0);
  pass_days(shop, 3);
  CHECK(*card_scores(shop, customer).at("rfm.recency").value == 3);
  set_live(shop.other_session(), "rfm", false);
  CHECK(*card_scores(shop, customer).at("rfm.recency").value == 0);  // as it was written
}

TEST_CASE("live: a score that a customer has no longer is without a value on the card") {
  Shop shop(300);
  shop.run("rfm", R"({"horizon_days":90})");
  set_live(shop.session(), "rfm", true);
  const Id customer = shop.customers()[3];
  ChangeSet bought;
  Random random(4);
  shop.put_order(bought, customer, shop.today(), random);
  shop.session().apply(bought);
  CHECK(card_scores(shop, customer).at("rfm.segment").value.has_value());
  pass_days(shop, 120);
  const CardLine segment = card_scores(shop, customer).at("rfm.segment");
  CHECK(!segment.value.has_value());
  CHECK(segment.state.empty());
  CHECK(shop.standing().contains({customer.value, "rfm.segment"}));
}

TEST_CASE("live: where a model is damaged, or a load is under way, a card shows what was written") {
  Shop shop(300);
  shop.make_live();
  pass_days(shop, 45);
  const Id customer = shop.customers()[3];
  const double written = shop.standing().at({customer.value, "rfm.recency"});
  CHECK(*card_scores(shop, customer).at("rfm.recency").value == written + 45);
  static constexpr std::string_view loaded[] = {"order", "order_line"};
  shop.session().begin_load(loaded);
  ChangeSet load;
  Random random(5);
  shop.put_order(load, shop.customers()[8], shop.today(), random);
  shop.session().apply(load);
  CHECK(*card_scores(shop, customer).at("rfm.recency").value == written);
  shop.session().settle();
  CHECK(*card_scores(shop, customer).at("rfm.recency").value == written + 45);
  {
    const std::unique_ptr<Writer> writer = shop.store().write();
    Record model = shop.model("churn");
    std::string bytes(model.get("fitted").text());
    bytes[bytes.size() / 2] ^= 1;
    model.set("fitted", Value::bytes(bytes));
    const Row rows[] = {model.row()};
    writer->put(writer->schema()->entity("model"), rows, false);
    writer->commit();
  }
  shop.reopen();
  CHECK_THROWS_AS(shop.session().scores_now(shop.session().view(), customer), Error);
  CHECK(*card_scores(shop, customer).at("rfm.recency").value == written);
}
