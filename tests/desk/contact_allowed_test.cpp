#include "emptor/desk/contact_allowed.hpp"

#include <doctest/doctest.h>

#include "desk/card_ground.hpp"
#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

Id state(CardGround& desk, Id customer, const char* channel, const char* purpose, const char* said,
         std::int64_t days_ago, const Cells& more = {}) {
  Cells cells = {{"customer_id", Value(customer)}, {"state", said}, {"stated_at", Value(desk.days_ago(days_ago))}};
  if (*channel != 0) cells.emplace_back("channel", channel);
  if (*purpose != 0) cells.emplace_back("purpose", purpose);
  cells.insert(cells.end(), more.begin(), more.end());
  return desk.put("consent", cells);
}

ContactAnswer ask(CardGround& desk, Id customer, std::string_view channel, std::string_view purpose) {
  return contact_allowed(desk.session.view(), customer, channel, purpose, desk.session.now());
}

}  // namespace

TEST_CASE("contact allowed: without a statement service is, marketing is not, and the host may say otherwise") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    CHECK(ask(desk, ada, "phone", "service").allowed);
    CHECK_FALSE(ask(desk, ada, "phone", "marketing").allowed);
    CHECK(ask(desk, ada, "phone", "marketing").reason == ContactReason::by_default);
    const auto answer = contact_allowed(desk.session.view(), ada, "phone", "survey", desk.session.now(),
                                        {.allowed_by_default = {"survey"}});
    CHECK(answer.allowed);
  });
}

TEST_CASE("contact allowed: of statements about the same, the newest up to the moment asked about holds") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    state(desk, ada, "email", "marketing", "granted", 30);
    const Id taken_back = state(desk, ada, "email", "marketing", "withdrawn", 10);
    state(desk, ada, "email", "marketing", "granted", 20);
    const ContactAnswer now = ask(desk, ada, "email", "marketing");
    CHECK_FALSE(now.allowed);
    CHECK(now.reason == ContactReason::withdrawn);
    CHECK(now.record == taken_back);
    const auto then = contact_allowed(desk.session.view(), ada, "email", "marketing", desk.days_ago(15));
    CHECK(then.allowed);
    CHECK(then.reason == ContactReason::granted);
  });
}

TEST_CASE("contact allowed: a statement about more speaks for what no narrower one is about") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    state(desk, ada, "", "", "refused", 1);                // never, nothing
    state(desk, ada, "email", "", "granted", 5);           // but e-mail
    state(desk, ada, "email", "marketing", "refused", 9);  // though no advertising
    CHECK_FALSE(ask(desk, ada, "phone", "service").allowed);
    CHECK(ask(desk, ada, "phone", "service").reason == ContactReason::refused);
    CHECK(ask(desk, ada, "email", "service").allowed);
    CHECK_FALSE(ask(desk, ada, "email", "marketing").allowed);
  });
}

TEST_CASE("contact allowed: a grant ends with its last day, a refusal for some time too") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    state(desk, ada, "email", "marketing", "granted", 30, {{"valid_to", Value(desk.day(0))}});
    CHECK(ask(desk, ada, "email", "marketing").allowed);
    state(desk, ada, "sms", "marketing", "granted", 30, {{"valid_to", Value(desk.day(-1))}});
    CHECK(ask(desk, ada, "sms", "marketing").reason == ContactReason::expired);
    state(desk, ada, "phone", "service", "refused", 30, {{"valid_to", Value(desk.day(-1))}});
    CHECK(ask(desk, ada, "phone", "service").allowed);
  });
}

TEST_CASE("contact allowed: a block in force forbids what it is about, whatever was granted") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    state(desk, ada, "email", "marketing", "granted", 1);
    desk.put("block", {{"customer_id", Value(ada)}, {"kind", "no_service"}, {"valid_from", Value(desk.day(1))}});
    CHECK(ask(desk, ada, "email", "marketing").allowed);
    const Id block = desk.put("block", {{"customer_id", Value(ada)}, {"kind", "no_marketing"}});
    CHECK(ask(desk, ada, "email", "marketing").reason == ContactReason::blocked);
    CHECK(ask(desk, ada, "email", "marketing").record == block);
    CHECK(ask(desk, ada, "email", "service").allowed);
    desk.put("block", {{"customer_id", Value(ada)}, {"kind", "no_service"}});
    CHECK_FALSE(ask(desk, ada, "email", "service").allowed);
    CHECK(to_json(ask(desk, ada, "email", "marketing")).starts_with(R"({"allowed":false,"reason":"blocked")"));
  });
}

TEST_CASE("contact allowed: unknown customers, channels and purposes are errors") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    const auto code = [&](Id customer, std::string_view channel, std::string_view purpose) {
      try {
        ask(desk, customer, channel, purpose);
      } catch (const Error& error) {
        return error.code();
      }
      return Code::ok;
    };
    CHECK(code(Id{99}, "email", "service") == Code::not_found);
    CHECK(code(ada, "pigeon", "service") == Code::invalid);
    CHECK(code(ada, "email", "fun") == Code::invalid);
    CHECK(code(ada, "", "service") == Code::invalid);
  });
}
