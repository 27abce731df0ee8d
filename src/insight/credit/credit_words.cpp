#include "insight/credit/credit_words.hpp"

#include <cmath>

namespace emptor {
namespace {

struct FeatureWords {
  FilledWords said, missing;
};
constexpr FilledWords nothing_due = {"no invoice has come due yet", "尚无到期的应收款"};
// @ stands for the days from which on a receivable is seriously overdue.
constexpr FeatureWords words[credit_feature_count] = {
    {{"invoices that have come due: #", "已到期应收款：# 笔"}, {}},
    {{"paid #% of invoices late", "#% 的应收款逾期支付"}, nothing_due},
    {{"#% of invoices were @ days overdue or more", "#% 的应收款逾期 @ 天以上"}, nothing_due},
    {{"pays # days after the day due (median)", "通常在到期后 # 天付款（中位数）"}, nothing_due},
    {{"one invoice in ten is paid # days late or later", "十分之一的应收款逾期 # 天以上"}, nothing_due},
    {{"change against before: # days later", "与以往相比付款推迟 # 天"},
     {"too few invoices to tell whether payment slows down", "应收款太少，无法判断付款是否变慢"}},
    {{"owes # now", "目前欠款 #"}, {}},
    {{"overdue now: #", "目前逾期金额 #"}, {}},
    {{"the oldest unpaid invoice is # days overdue", "最早未付的应收款已逾期 # 天"}, {}},
    {{"uses #% of the credit limit", "已用信用额度的 #%"}, {"has no credit limit", "未设信用额度"}},
    {{"buys on account for # days only", "赊购仅 # 天"}, {}},
};
constexpr FilledWords nothing_against = {"nothing speaks against it: pays as agreed", "无不利因素：按约付款"};

bool is_share(CreditFeature feature) {
  return feature == CreditFeature::late_share || feature == CreditFeature::serious_share ||
         feature == CreditFeature::limit_use;
}

}  // namespace

std::string credit_reason(const PaymentBehaviour& behaviour, CreditFeature feature, const PaymentRules& rules,
                          Language language) {
  const double value = feature_of(behaviour, feature);
  const FeatureWords& of = words[static_cast<std::size_t>(feature)];
  if (std::isnan(value)) return of.missing.fill(0, rules.overdue_days, language);
  return of.said.fill(is_share(feature) ? std::round(100 * value) : value, rules.overdue_days, language);
}

std::string no_credit_reason(Language language) { return nothing_against.fill(0, 0, language); }

}  // namespace emptor
