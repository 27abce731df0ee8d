#include "model/answer_names.hpp"

#include <doctest/doctest.h>

using namespace emptor;

TEST_CASE("answer names: what came of a customer is known by whole words, in English and in Chinese") {
  for (const char* name : {"Churn", "x_churn", "Exited", "Attrition_Flag", "responded", "hasConverted", "Left", "y",
                           "是否流失", "客户响应", "outcome"}) {
    CAPTURE(name);
    CHECK(answer_name(name) == AnswerName::outcome);
  }
  for (const char* name :
       {"default", "creditability", "Loan_Status", "default.payment.next.month", "是否违约", "bad"}) {
    CAPTURE(name);
    CHECK(answer_name(name) == AnswerName::credit);
  }
  for (const char* name : {"tenure", "leftover", "Badge", "telephone", "城市", "", "years"}) {
    CAPTURE(name);
    CHECK(answer_name(name) == AnswerName::none);
  }
}

TEST_CASE("answer names: a name about an outcome is not its name") {
  for (const char* name : {"churn_score", "DefaultDate", "Churn Reason", "previous_response", "last_visit", "流失概率",
                           "违约次数", "churn probability", "购买金额"}) {
    CAPTURE(name);
    CHECK(answer_name(name) == AnswerName::none);
  }
}

TEST_CASE("answer names: values say whether it came, and some name it themselves") {
  const auto says = [](const char* value, bool event, bool outcome) {
    CAPTURE(value);
    const std::optional<AnswerWord> word = answer_word(value);
    REQUIRE(word);
    CHECK(word->event == event);
    CHECK(word->outcome == outcome);
  };
  says("Yes", true, false);
  says("0", false, false);
  says("否", false, false);
  says("Attrited Customer", true, true);
  says("Existing Customer", false, true);
  says("good", false, true);
  says("BAD", true, true);
  says("not churned", false, true);
  says("未流失", false, true);
  says("流失", true, true);
  CHECK_FALSE(answer_word("Germany"));
  CHECK_FALSE(answer_word("2"));
  CHECK_FALSE(answer_word(""));
}
