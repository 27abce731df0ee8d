#include "insight/fraud/fraud_words.hpp"

#include <cmath>

namespace emptor {
namespace {

constexpr FilledWords words[fraud_feature_count] = {
    {"the largest order is # times the usual one", "最大一笔订单为平时的 # 倍"},
    {"# orders within 24 hours", "24 小时内下单 # 次"},
    {"orders come # times as fast as before", "下单速度为以往的 # 倍"},
    {"# other customers have the same telephone, address or payment account",
     "另有 # 位客户使用相同的电话、地址或支付账户"},
    {"paid from # different accounts", "使用了 # 个不同的支付账户"},
    {"#% of the amount bought came back", "退回金额占购买金额的 #%"},
    {"refunds without goods that came back, worth # usual orders", "未退货而退款，相当于 # 笔普通订单"},
    {"# coupons redeemed", "使用优惠券 # 张"},
    {"# more orders at night than usual", "夜间订单比平时多 # 笔"},
};
constexpr FilledWords usual = {" (99 of 100 customers: up to #)", "（百分之九十九的客户不超过 #）"};
constexpr FilledWords combined = {"an unusual combination: ", "组合异常："};

double shown(FraudFeature feature, double value) {
  return feature == FraudFeature::returned ? std::round(100 * value) : std::round(10 * value) / 10;
}

}  // namespace

std::string fraud_reason(const FraudOutcome& outcome, std::size_t row, FraudFeature feature, Language language) {
  const auto f = static_cast<std::size_t>(feature);
  return words[f].fill(shown(feature, outcome.rows.value[row][f]), 0, language) +
         usual.fill(shown(feature, outcome.rules[f].quantile(0.99)), 0, language);
}

std::string fraud_words(const FraudOutcome& outcome, const FraudAlert& alert, Language language) {
  std::string text = alert.unusual ? combined.fill(0, 0, language) : std::string();
  for (const FraudFeature reason : alert.reasons) {
    if (reason != alert.reasons.front()) text += language == Language::chinese ? "；" : "; ";
    text += fraud_reason(outcome, alert.row, reason, language);
  }
  return text;
}

}  // namespace emptor
