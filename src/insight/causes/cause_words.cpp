#include <algorithm>
#include <cmath>

#include "insight/campaigns/campaign_words.hpp"
#include "insight/causes/cause_work.hpp"

namespace emptor {
namespace {

using words::Text;

struct PartWords {
  std::string_view name;
  Text said;
};
constexpr PartWords part_words[] = {{"customers", {"number of customers", "客户数"}},
                                    {"orders_per_customer", {"orders a customer", "人均订单数"}},
                                    {"units_per_order", {"units an order", "每单件数"}},
                                    {"basket", {"average basket", "客单价"}},
                                    {"price", {"prices", "价格"}},
                                    {"mix", {"mix of products", "商品结构"}},
                                    {"range", {"products that came or went", "上新与下架商品"}},
                                    {"new_customers", {"new customers", "新客户"}},
                                    {"returned_customers", {"returned customers", "回流客户"}},
                                    {"lost_customers", {"customers who did not come back", "未再购买的客户"}},
                                    {"kept_customers", {"customers of both periods", "两期均购买的客户"}},
                                    {"without_customer", {"sales without a customer", "无客户信息的销售"}},
                                    {"returns", {"returns", "退货"}}};
constexpr Text rose{"Revenue in {0} was {1}, {2} more than in {3} ({4}).", "{0} 销售额为 {1}，比 {3}（{4}）多 {2}。"},
    fell{"Revenue in {0} was {1}, {2} less than in {3} ({4}).", "{0} 销售额为 {1}，比 {3}（{4}）少 {2}。"},
    usual_change{" A change of this size is within what is usual.", " 这一变化在通常波动范围之内。"},
    unusual_change{" That is beyond the usual fluctuation.", " 这一变化超出通常波动。"},
    made_of{" It is made of: {0}.", " 构成：{0}。"}, who{" By customers: {0}.", " 按客户：{0}。"},
    stands_out{" Beyond their share and their usual fluctuation: {0}.", " 超出自身占比及通常波动的群体：{0}。"},
    none_stands_out{" No group stands out: each moved within its usual fluctuation.",
                    " 没有突出的群体：各群体的变动均在通常波动之内。"},
    not_judged{" Groups are not judged: too few periods are known.", " 历史期间太少，无法判断各群体。"},
    group_did{"{0} ({1}, its share would be {2})", "{0}（{1}，按占比应为 {2}）"},
    meanwhile{" At the same time, not shown to be the cause: {0}.", " 同期发生（不代表因果）：{0}。"},
    shown{" Measured against a hold-out: {0}.", " 经对照组验证：{0}。"};

constexpr std::size_t most_parts = 3;

/// To the cent: parts are quotients, whose six digits nobody reads.
std::string signed_amount(const Voice& voice, std::int64_t micros) {
  return (micros > 0 ? "+" : "") + voice.amount(Decimal::from_micros(micros).round(2, Rounding::half_even));
}

std::string listed(const std::vector<std::string>& all, const Voice& voice) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : voice.html_language() == "en" ? ", " : "、") + one;
  return text;
}

std::string name_of_part(const CausePart& part, const Voice& voice) {
  for (const PartWords& one : part_words)
    if (one.name == part.name) return std::string(voice.say(one.said));
  return part.name;
}

/// The greatest of them.
std::string parts_words(std::vector<CausePart> parts, const Voice& voice) {
  std::erase_if(parts, [](const CausePart& one) { return one.amount == 0; });
  std::stable_sort(parts.begin(), parts.end(),
                   [](const CausePart& a, const CausePart& b) { return std::abs(a.amount) > std::abs(b.amount); });
  parts.resize(std::min(parts.size(), most_parts));
  std::vector<std::string> all;
  for (const CausePart& one : parts) all.push_back(name_of_part(one, voice) + " " + signed_amount(voice, one.amount));
  return listed(all, voice);
}

std::string groups_words(const Comparison& one, std::size_t most, const Voice& voice) {
  if (one.groups.history == 0) return std::string(voice.say(not_judged));
  std::vector<std::string> all;
  for (const CauseGroup& group : one.groups.named) {
    if (all.size() == most) break;
    std::string name;
    for (const auto& [dimension, value] : group.of) name += (name.empty() ? "" : " × ") + dimension + " " + value;
    const std::int64_t change = group.after - group.before;
    all.push_back(voice.say(group_did, {name, signed_amount(voice, change),
                                        signed_amount(voice, change - static_cast<std::int64_t>(group.excess))}));
  }
  return all.empty() ? std::string(voice.say(none_stands_out)) : voice.say(stands_out, {listed(all, voice)});
}

std::string events_words(const Comparison& one, bool measured, const Text& text, const Voice& voice) {
  std::vector<std::string> all;
  for (const Coincidence& event : one.coincidences)
    if (event.measured == measured) all.push_back(voice.html_language() == "en" ? event.english : event.chinese);
  return all.empty() ? std::string() : voice.say(text, {listed(all, voice)});
}

}  // namespace

std::string cause_words(const Comparison& one, const CauseRequest& request, const Voice& voice) {
  const double share = one.revenue_before > 0
                           ? static_cast<double>(std::abs(one.change())) / static_cast<double>(one.revenue_before)
                           : 0;
  const std::string by = one.revenue_before > 0 ? shown_percent(share) : voice.amount(std::abs(one.change()));
  std::string text = voice.say(one.change() < 0 ? fell : rose,
                               {name_of(request.period, one.after), voice.amount(one.revenue_after), by,
                                name_of(request.period, one.before), voice.amount(one.revenue_before)});
  if (one.groups.history > 0)
    text += voice.say(one.groups.total_p > request.groups.false_alarms ? usual_change : unusual_change);
  if (one.change() != 0) {
    text += voice.say(made_of, {parts_words(one.factors, voice)});
    text += voice.say(who, {parts_words(one.bridge, voice)});
  }
  text += groups_words(one, request.most_groups, voice);
  text += events_words(one, true, shown, voice);
  return text + events_words(one, false, meanwhile, voice);
}

}  // namespace emptor
