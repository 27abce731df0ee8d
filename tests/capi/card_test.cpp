#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include "support/capi_world.hpp"

using namespace emptor::test;

namespace {

std::string string_of(const emptor_text& text) { return {text.data, text.size}; }

std::string text_of(emptor_document* document) {
  emptor_text json{};
  REQUIRE(emptor_document_text(document, &json, nullptr) == EMPTOR_OK);
  std::string text = string_of(json);
  emptor_document_free(document, nullptr);
  return text;
}

void put(emptor_session* session, const char* entity, const char* json) {
  emptor_changes* changes = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  REQUIRE(emptor_changes_new(session, &changes, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_changes_put_json(changes, entity, json, EMPTOR_NUL, nullptr, nullptr) == EMPTOR_OK);
  CHECK_MESSAGE(emptor_apply(session, changes, nullptr, nullptr, &error) == EMPTOR_OK, error.message);
  emptor_changes_free(changes, nullptr);
}

}  // namespace

TEST_CASE("C API: a caller's card is read by sections and as JSON") {
  const CapiWorld world;
  put(world.session, "contact_point", R"({"customer_id":"1","channel":"phone","value":"+49 30 901820"})");
  put(world.session, "order", R"({"customer_id":"1","number":"SO-1","ordered_at":"2024-01-02T00:00:00Z"})");
  put(world.session, "order_line", R"({"customer_id":"1","order_id":"1","amount":"12.5"})");
  emptor_card* card = nullptr;
  REQUIRE(emptor_caller_card(world.session, "+49 30 901820", EMPTOR_NUL, nullptr, &card, nullptr) == EMPTOR_OK);
  emptor_card_view view = EMPTOR_CARD_VIEW_INIT;
  REQUIRE(emptor_card_read(card, &view, nullptr) == EMPTOR_OK);
  CHECK(view.state == EMPTOR_CARD_KNOWN);
  CHECK(view.complete == 1);
  CHECK(view.customer == 1);
  CHECK(string_of(view.name) == "Ada");
  CHECK(view.counts[EMPTOR_SECTION_ORDERS] == 1);
  CHECK(view.counts[EMPTOR_SECTION_BLOCKS] == 0);
  emptor_card_line line = EMPTOR_CARD_LINE_INIT;
  REQUIRE(emptor_card_line_at(card, EMPTOR_SECTION_ORDERS, 0, &line, nullptr) == EMPTOR_OK);
  CHECK(string_of(line.title) == "SO-1");
  CHECK(string_of(line.entity) == "order");
  CHECK(line.has_amount == 1);
  CHECK(line.amount_micros == 12'500'000);
  CHECK(line.has_value == 0);
  CHECK(emptor_card_line_at(card, 9, 0, &line, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_card_line_at(card, -1, 0, &line, nullptr) == EMPTOR_INVALID);
  emptor_text json{};
  REQUIRE(emptor_card_json(card, &json, nullptr) == EMPTOR_OK);
  CHECK(string_of(json).find(R"("name":"Ada")") != std::string::npos);
  CHECK(emptor_card_free(card, nullptr) == EMPTOR_OK);
  CHECK(emptor_card_free(card, nullptr) == EMPTOR_MISUSE);
}

TEST_CASE("C API: the options of a card are checked") {
  const CapiWorld world;
  emptor_card* card = nullptr;
  emptor_card_options options = EMPTOR_CARD_OPTIONS_INIT;
  options.max_lines = 101;
  CHECK(emptor_card_of(world.session, 1, &options, &card, nullptr) == EMPTOR_INVALID);
  options.max_lines = -1;
  CHECK(emptor_card_of(world.session, 1, &options, &card, nullptr) == EMPTOR_INVALID);
  CHECK(card == nullptr);
  options = EMPTOR_CARD_OPTIONS_INIT;
  options.size = 1;
  CHECK(emptor_card_of(world.session, 1, &options, &card, nullptr) == EMPTOR_MISUSE);
}

TEST_CASE("C API: a call is logged once by its id, and the customer may be contacted or not, with a reason") {
  const CapiWorld world;
  emptor_interaction call = EMPTOR_INTERACTION_INIT;
  call.call_id = {"pbx:1", EMPTOR_NUL};
  call.customer = 1;
  call.channel = "phone";
  call.durability = EMPTOR_GROUPED;
  std::int64_t first = 0, second = 0;
  REQUIRE(emptor_interaction_log(world.session, &call, &first, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_interaction_log(world.session, &call, &second, nullptr) == EMPTOR_OK);
  CHECK(first > 0);
  CHECK(first == second);
  CHECK(emptor_store_sync(world.store, nullptr) == EMPTOR_OK);
  call.durability = 7;
  CHECK(emptor_interaction_log(world.session, &call, &first, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_interaction_log(world.session, nullptr, &first, nullptr) == EMPTOR_MISUSE);

  std::int32_t allowed = -1;
  CHECK(emptor_contact_allowed(world.session, 1, "email", "service", 0, &allowed, nullptr) == EMPTOR_OK);
  CHECK(allowed == 1);
  put(world.session, "block", R"({"customer_id":"1","kind":"no_service"})");
  CHECK(emptor_contact_allowed(world.session, 1, "email", "service", 0, &allowed, nullptr) == EMPTOR_OK);
  CHECK(allowed == 0);
  emptor_document* answer = nullptr;
  REQUIRE(emptor_contact_explain(world.session, 1, "email", "service", 0, &answer, nullptr) == EMPTOR_OK);
  CHECK(text_of(answer) == R"({"allowed":false,"reason":"blocked","record":"1"})");
  CHECK(emptor_contact_allowed(world.session, 9, "email", "service", 0, &allowed, nullptr) == EMPTOR_NOT_FOUND);
}

TEST_CASE("C API: a telephone number is told as it is understood") {
  emptor_document* document = nullptr;
  REQUIRE(emptor_phone_format("030 901820 ext. 12", EMPTOR_NUL, "DE", &document, nullptr) == EMPTOR_OK);
  const std::string json = text_of(document);
  CHECK(json.find(R"("state":"valid","e164":"+4930901820","calling_code":"49","region":"DE")") != std::string::npos);
  CHECK(json.find(R"("extension":"12")") != std::string::npos);
  REQUIRE(emptor_phone_format("anonymous", EMPTOR_NUL, nullptr, &document, nullptr) == EMPTOR_OK);
  CHECK(text_of(document) == R"({"state":"withheld"})");
}

TEST_CASE("C API: a profile goes on where it ended, and statistics count") {
  const CapiWorld world;
  for (int i = 0; i < 3; ++i) put(world.session, "order", R"({"customer_id":"1"})");
  emptor_profile_options options = EMPTOR_PROFILE_OPTIONS_INIT;
  options.entity = "order";
  options.page_size = 2;
  emptor_document* document = nullptr;
  REQUIRE(emptor_profile(world.session, 1, &options, &document, nullptr) == EMPTOR_OK);
  const std::string page = text_of(document);
  CHECK(page.find(R"("total":"3")") != std::string::npos);
  CHECK(page.find(R"("next":"-.2")") != std::string::npos);
  options.after = "-.2";
  REQUIRE(emptor_profile(world.session, 1, &options, &document, nullptr) == EMPTOR_OK);
  const std::string last = text_of(document);
  CHECK(last.find(R"("id":"1")") != std::string::npos);
  CHECK(last.find("\"next\"") == std::string::npos);
  REQUIRE(emptor_statistics(world.session, 1, &document, nullptr) == EMPTOR_OK);
  CHECK(text_of(document).find(R"({"keys":["order"],"count":"3"})") != std::string::npos);
  REQUIRE(emptor_known_customer(world.session, "nobody@example.org", EMPTOR_NUL, nullptr, &document, nullptr) ==
          EMPTOR_OK);
  CHECK(text_of(document) == R"({"known":false,"customers":"0"})");
}
