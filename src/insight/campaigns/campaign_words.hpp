/// What campaigns brought and whom to contact, in plain words.
#pragma once

#include <string>

#include "emptor/mine/targeting.hpp"
#include "insight/campaigns/campaign_measures.hpp"
#include "insight/report/report_page.hpp"

namespace emptor::words {

// clang-format off
inline constexpr Text
    models_cells       {"Of {0} customers {1} are likely to respond and likely to leave: win them back now. {2} are likely to respond and stay: sell to them. {3} are likely to leave and hardly respond: a mailing will not hold them. {4} are neither.",
                        "在 {0} 位客户中，{1} 位既可能响应也可能流失：应立即挽留；{2} 位可能响应且不会流失：适合推销；{3} 位可能流失但不大会响应：营销信息留不住；其余 {4} 位两者皆否。"},
    models_correlation {"The ranks of the two models correlate by {0}: {1}.", "两个模型的排序相关系数为 {0}：{1}。"},
    models_unrelated   {"who responds tells nothing about who leaves", "是否响应与是否流失无关"},
    models_together    {"those who respond are more often those who leave", "愿意响应者更可能流失"},
    models_apart       {"those who respond are more often those who stay", "愿意响应者更可能留下"},
    models_lists       {"Each list of {0} customers shares {1} with the other. Contacting the marketing list brings {2} responses, the churn list {3}; the churn list holds {4} who would leave, the marketing list {5}.",
                        "两份名单各 {0} 人，重合 {1} 人。联系营销名单预计得到 {2} 次响应，流失名单 {3} 次；流失名单中预计有 {4} 人流失，营销名单中 {5} 人。"},
    effect_response    {"{0} of {1} contacted responded, {2} of {3} held out: {4} ({5} to {6}).",
                        "联系的 {1} 人中 {0} 响应，对照组 {3} 人中 {2} 响应：{4}（{5} 至 {6}）。"},
    effect_gains       {"The campaign moves customers.", "该活动确有成效。"},
    effect_none        {"No effect can be told from chance.", "效果与偶然无法区分。"},
    effect_harms       {"The campaign drives customers away.", "该活动适得其反。"},
    effect_money       {"It added revenue of {0} ({1} to {2}) and cost {3}: a profit of {4} ({5} to {6}).",
                        "新增销售额 {0}（{1} 至 {2}），成本 {3}：利润 {4}（{5} 至 {6}）。"},
    over_budget        {"It cost more than its budget of {0}.", "成本超出预算 {0}。"},
    no_members         {"Nobody is in this campaign.", "该活动没有成员。"},
    no_first_day       {"Neither the campaign nor its members say when it began.", "活动及其成员均未记录开始日期。"},
    not_over           {"It is not over: answers count until {0}.", "活动尚未结束：响应统计至 {0}。"},
    no_hold_out        {"Nobody was held out, so what would have come anyway is not known: {0} of {1} contacted responded.",
                        "没有对照组，无法得知不联系时的结果：联系的 {1} 人中 {0} 响应。"},
    too_few            {"{0} contacted and {1} held out are too few; {2} of each are needed.",
                        "联系 {0} 人、对照 {1} 人，人数太少；各需 {2} 人。"},
    wrong_ratio        {"The groups do not have the planned sizes (p = {0}): something chose who was held out, so the figures are not to be believed.",
                        "各组人数与计划不符（p = {0}）：分组并非随机，结果不可信。"},
    contact_chosen     {"Contact the {0} customers above the cut: {1} a head of all customers ({2} to {3}), against {4} for everybody.",
                        "联系分数线以上的 {0} 位客户：按全部客户人均 {1}（{2} 至 {3}），而联系所有人为 {4}。"},
    contact_everybody  {"Contact everybody: {0} a head ({1} to {2}); choosing is not clearly better.",
                        "联系所有人：人均 {0}（{1} 至 {2}），挑选并无明显优势。"},
    contact_nobody     {"Contact nobody: everybody would bring {0} a head ({1} to {2}).",
                        "不必联系任何人：联系所有人的人均收益为 {0}（{1} 至 {2}）。"},
    contact_undecided  {"The data do not say whether contacts pay: everybody would bring {0} a head ({1} to {2}).",
                        "数据不足以判断联系是否划算：联系所有人的人均收益为 {0}（{1} 至 {2}）。"};
// clang-format on

}  // namespace emptor::words

namespace emptor {

/// "-0.3", "12.45": so many digits after the point.
std::string shown_number(double number, int digits);
/// "+3.2 %"; `sign` shows a plus, too.
std::string shown_percent(double share, bool sign = false);

/// What came of a campaign, in one to three sentences.
std::string campaign_words(const CampaignRecord& campaign, const MeasuredCampaign& measured, double margin,
                           const Voice& voice);
/// Whom to contact next; `customers` is how many are above the cut.
std::string targeting_words(const mine::Targeting& targeting, std::size_t customers, const Voice& voice);

}  // namespace emptor
