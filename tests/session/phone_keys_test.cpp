#include "emptor/session/phone_keys.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/store_ground.hpp"

using namespace emptor;

namespace {

using Keys = std::vector<std::string>;

const OpenOptions in_euros{.create = true, .durability = Durability::off, .currency = *Currency::parse("EUR")};

Id add_customer(Session& session, const char* country) {
  ChangeSet set;
  set.put("customer").set("name", "Ann").set("country", country);
  return session.apply(set).ids.at(0);
}

Id add_contact(Session& session, Id customer, const char* channel, const char* value, const char* country = "") {
  ChangeSet set;
  auto contact = set.put("contact_point");
  contact.set("customer_id", customer).set("channel", channel).set("value", value).set("country", country);
  return session.apply(set).ids.at(0);
}

std::string key_of(const Session& session, Id contact) {
  return std::string(session.view().get("contact_point", contact)->get("value_key").text());
}

/// The contact points that the keys of a number lead to, by the first key that finds any.
std::vector<Id> found_by(const Session& session, const char* number, const char* region = "") {
  for (const std::string& key : phone_keys(number, region)) {
    Query query;
    query.entity = "contact_point";
    query.where = Where::equal("value_key", Value(key));
    std::vector<Id> ids;
    for (const Record& record : session.view().select(query)) ids.push_back(record.id());
    if (!ids.empty()) return ids;
  }
  return {};
}

}  // namespace

TEST_CASE("phone keys: the surest first, each once") {
  CHECK(phone_keys("+49 30 901820") == Keys{"+4930901820", "030901820", "30901820", "+49 30 901820"});
  CHECK(phone_keys("030 901820", "DE") == Keys{"+4930901820", "030901820", "30901820", "030 901820"});
  CHECK(phone_keys("030 901820") == Keys{"030901820", "030 901820"});
  CHECK(phone_keys("+39 06 69812345") == Keys{"+390669812345", "0669812345", "+39 06 69812345"});
  CHECK(phone_keys("12", "DE") == Keys{"12", "+4912", "012"});
}

TEST_CASE("phone keys: a withheld number has none, another text its folded form") {
  CHECK(phone_keys("anonymous").empty());
  CHECK(phone_keys("").empty());
  CHECK(phone_keys("Reception") == Keys{"reception"});
}

TEST_CASE("phone keys: a contact point is kept under one key, whatever the notation") {
  for (const char* text : {"+49 30 901820", "0049 30 901820", "030 / 90 18 20", "(030) 901820 ext. 5"})
    CHECK_MESSAGE(phone_key(text, "DE") == "+4930901820", text);
  CHECK(phone_key("030 / 901820", "") == "030901820");
  CHECK(phone_key("110", "DE") == "110");
  CHECK(phone_key("Reception, 2nd floor", "DE") == "reception, 2nd floor");
  CHECK(phone_key("anonymous", "DE") == "anonymous");
}

TEST_CASE("phone keys: the region is the contact point's country, else the customer's") {
  test::on_every_store(
      [](test::StoreGround& ground) {
        Session session(ground.store());
        const Id german = add_customer(session, "Germany");
        CHECK(key_of(session, add_contact(session, german, "phone", "030 901820")) == "+4930901820");
        CHECK(key_of(session, add_contact(session, german, "mobile", "06 12 34 56 78", "FR")) == "+33612345678");
        CHECK(key_of(session, add_contact(session, german, "fax", "+1 201 555 0123")) == "+12015550123");
        CHECK(key_of(session, add_contact(session, german, "wechat", "030 901820")) == "030 901820");
        const Id stranger = add_customer(session, "");
        CHECK(key_of(session, add_contact(session, stranger, "phone", "030/901820")) == "030901820");
      },
      in_euros);
}

TEST_CASE("phone keys: a customer of the same change set tells the region") {
  test::on_every_store(
      [](test::StoreGround& ground) {
        Session session(ground.store());
        ChangeSet set;
        const Id customer = set.put("customer").set("name", "Bo").set("country", "SE").id();
        auto contact = set.put("contact_point");
        contact.set("customer_id", customer).set("channel", "phone").set("value", "08-123 456 00");
        CHECK(key_of(session, session.apply(set).ids.at(1)) == "+46812345600");
      },
      in_euros);
}

TEST_CASE("phone keys: putting the same contact point again changes nothing") {
  test::on_every_store(
      [](test::StoreGround& ground) {
        Session session(ground.store());
        const Id contact = add_contact(session, add_customer(session, "DE"), "phone", "030 901820");
        ChangeSet again;
        again.put("contact_point", contact).set("value", "030 901820");
        CHECK(session.apply(again).unchanged == 1);
        ChangeSet other;
        other.put("contact_point", contact).set("value", "030 901821");
        session.apply(other);
        CHECK(key_of(session, contact) == "+4930901821");
      },
      in_euros);
}

TEST_CASE("phone keys: any notation finds the contact point") {
  test::on_every_store(
      [](test::StoreGround& ground) {
        Session session(ground.store());
        const Id known = add_contact(session, add_customer(session, "DE"), "phone", "030 901820");
        const Id vague = add_contact(session, add_customer(session, ""), "phone", "(040) 12 34 56");
        for (const char* number : {"+4930901820", "0049-30-901820", "sip:+4930901820@host", "+49 (0)30 901820 x7"})
          CHECK(found_by(session, number) == std::vector{known});
        CHECK(found_by(session, "030901820", "DE") == std::vector{known});
        CHECK(found_by(session, "011 49 30 901820", "US") == std::vector{known});
        CHECK(found_by(session, "+49 40 123456") == std::vector{vague});
        CHECK(found_by(session, "040 123456", "DE") == std::vector{vague});
        CHECK(found_by(session, "+49 30 901821").empty());
        CHECK(found_by(session, "anonymous").empty());
      },
      in_euros);
}

// Stores of format 1.0 hold the folded text; it is changed only where a contact point is written again.
TEST_CASE("phone keys: what an older version has kept is still found as it was written") {
  test::on_every_store(
      [](test::StoreGround& ground) {
        const test::Cells cells = {{"customer_id", Value(Id{1})},
                                   {"channel", Value("phone")},
                                   {"value", Value("+49 30 / 90 18 20")},
                                   {"value_key", Value("+49 30 / 90 18 20")}};
        ground.put("contact_point", Id{5}, cells);
        const Session session(ground.store());
        CHECK(found_by(session, "+49 30 / 90 18 20") == std::vector{Id{5}});
        CHECK(found_by(session, "+49 30 / 90 18 20", "US") == std::vector{Id{5}});
      },
      in_euros);
}
