/// Every text of the report, in both languages side by side. "{0}" and so on stand for figures.
#pragma once

#include <array>
#include <string_view>

namespace emptor::words {

struct Text {
  std::string_view en, zh;
};

// clang-format off
inline constexpr Text
    title              {"Customers at a glance", "客户总览"},
    subtitle           {"As of {0}. All amounts in {1}, all times in {2}.", "截至 {0}。金额单位：{1}，时区：{2}。"},
    contents           {"Contents", "目录"},
    base               {"The base", "数据概况"},
    base_lead          {"{0} customers on record, {1} of them have bought. {2} line items from {3} to {4}.",
                        "在册客户 {0} 位，其中 {1} 位有过购买；共 {2} 条明细，时间从 {3} 到 {4}。"},
    customers          {"Customers", "客户"},
    buyers             {"Buyers", "购买客户"},
    orders             {"Orders", "订单"},
    credit_notes       {"of which credit notes", "其中退单"},
    lines              {"Line items", "明细行"},
    products           {"Products", "商品"},
    interactions       {"Interactions", "交往记录"},
    revenue            {"Revenue", "销售额"},
    revenue_note       {"all line items, returns taken off", "全部明细，已扣除退货"},
    anonymous          {"Without a customer", "无客户信息"},
    anonymous_note     {"{0} line items, {1} of the revenue", "{0} 条明细，占销售额 {1}"},
    known              {"Known customers", "已知客户"},
    by_month           {"Revenue by month", "每月销售额"},
    by_year            {"Revenue by year", "每年销售额"},
    period             {"Period", "期间"},
    show_table         {"Show as a table", "以表格显示"},
    total              {"Total", "合计"},
    problems           {"What is wrong with the data", "数据存在的问题"},
    problems_lead      {"Figures are only as good as the data behind them. {0} kinds of problem were found at import; the most frequent come first.",
                        "数字的可信度取决于数据。导入时发现 {0} 类问题，按出现次数排列。"},
    no_problems        {"No problems are on record for this data.", "没有记录到数据问题。"},
    problem            {"Problem", "问题"},
    where              {"Where", "位置"},
    rows               {"Rows", "行数"},
    first_row          {"First row", "首行"},
    whole_file         {"file", "整个文件"},
    rfm                {"Recency and frequency", "最近购买与购买频率（RFM）"},
    rfm_lead           {"Each buyer gets a score of 1 to 5 for how recently and how often they bought; the cell says how many stand there and what share of the spend they bring.",
                        "按最近一次购买的远近和购买次数，每位购买客户各得 1 至 5 分；格内为人数及其消费占比。"},
    recency_axis       {"Recency", "最近购买"},
    frequency_axis     {"Frequency", "购买频率"},
    recent             {"5 · recent", "5 · 最近"},
    long_ago           {"1 · long ago", "1 · 很久以前"},
    often              {"5 · often", "5 · 频繁"},
    once               {"1 · once", "1 · 很少"},
    segment            {"Segment", "分群"},
    share              {"Share", "占比"},
    spend              {"Spend", "消费额"},
    median_silence     {"Silent for (median days)", "未购天数（中位数）"},
    classes            {"The four classes", "四类客户"},
    classes_lead       {"The best 1 % of the buyers by spend, the next 4 %, the next 15 % and the rest.",
                        "按消费额排序：前 1 % 屈从，其次 4 % 关怀，再次 15 % 适应，其余冷漠。"},
    value_class        {"Class", "类别"},
    least              {"From", "起点"},
    stance             {"How to treat them", "应对方式"},
    groups             {"Value and interaction", "价值与互动"},
    groups_lead        {"Customers above and below the median spend, by whether they deal with us more or less than the median ({0} interactions on record, and orders).",
                        "以消费额和往来次数（{0} 条交往记录及订单）的中位数为界划分客户。"},
    touches            {"Touches", "往来次数"},
    high_value         {"High value", "高价值"},
    low_value          {"Low value", "低价值"},
    high_interaction   {"High interaction", "高互动"},
    low_interaction    {"Low interaction", "低互动"},
    top                {"Top customers", "重点客户"},
    top_lead           {"The {0} customers with the highest spend bring {1} of it.", "消费额最高的 {0} 位客户贡献了全部消费的 {1}。"},
    customer           {"Customer", "客户名称"},
    country            {"Country", "国家"},
    last_purchase      {"Last purchase", "最近购买"},
    next               {"What to do next", "下一步行动"},
    worth              {"What customers will bring", "客户未来价值"},
    worth_lead         {"Of all customers {0} is to be expected in the coming year, discounted: how often each still buys, times what they spend. Those of most value come first.",
                        "预计全部客户在未来一年将带来 {0}（已折现）：各自仍会购买的次数乘以每次消费额。价值最高者在前。"},
    alive              {"Still a customer", "仍为客户的概率"},
    purchases_to_come  {"Purchases to come", "预计购买次数"},
    value_to_come      {"Value to come", "未来价值"},
    value              {"Value in five dimensions", "客户价值的五个维度"},
    value_lead         {"What customers earned us lately and will bring, how faithful they are, how they pay and whether they grow, in one score; tiers are cut by the rules of the enterprise.",
                        "当前贡献、将来贡献、忠诚度、信用度与成长潜力合为一个分数；等级按企业自定标准划分。"},
    value_tiers        {"Value tiers", "价值层级"},
    tier               {"Tier", "层级"},
    earned_lately      {"Earned lately", "近期贡献"},
    dimension          {"Dimension", "维度"},
    rank_correlations  {"How the dimensions go together (Spearman's rank correlation)", "各维度之间的相关性（斯皮尔曼等级相关）"},
    key_accounts       {"Key accounts", "重点客户（大客户）"},
    portrait           {"What sets the group {0} apart", "群体 {0} 的画像"},
    curve              {"Lifetime curve", "生命周期曲线"},
    curve_lead         {"Repeat purchases of all customers, added up: as they came, and as the model expects them. The model knows what happened up to {0} (the dotted line) and nothing of what came after it; there it expected {1} and {2} came.",
                        "全部客户的累计重复购买次数：实际与模型预期。模型只知道 {0}（虚线）之前的情况；此后预期 {1} 次，实际 {2} 次。"},
    curve_lead_seen    {"Repeat purchases of all customers, added up: as they came, and as the model expects them. The model was fitted to all of them up to {0}: too little is known to hold some back.",
                        "全部客户的累计重复购买次数：实际与模型预期。模型使用了截至 {0} 的全部数据，数据不足以留出检验期。"},
    came               {"As they came", "实际"},
    expected           {"As expected", "预期"},
    leaving            {"Who may leave", "可能流失的客户"},
    leaving_lead       {"The chance to buy nothing in the coming window, learnt from customers who fell silent before. Those whose spend is most at stake come first.",
                        "未来一段时间内不再购买的概率，由以往沉默的客户学得。涉及消费额最大者在前。"},
    chance_of_silence  {"Chance of silence", "沉默概率"},
    main_reason        {"Main reason", "主要原因"},
    alerts             {"Alerts", "预警"},
    alerts_lead        {"{0} alerts are open; the most severe come first.", "共有 {0} 条未处理预警，最紧急者在前。"},
    false_of_alerted   {"Of those alerted at most {0} were to be false alarms; on the window just past {1} were (95 %: {2} to {3}).",
                        "被预警客户中误报比例要求不超过 {0}；在刚过去的时段为 {1}（95 %：{2} 至 {3}）。"},
    false_of_stayers   {"Of those who stay at most {0} were to be alerted; on the window just past {1} were (95 %: {2} to {3}).",
                        "留存客户中被误报的比例要求不超过 {0}；在刚过去的时段为 {1}（95 %：{2} 至 {3}）。"},
    alert_kind         {"Kind", "类型"},
    value_alert        {"of much value", "高价值"},
    problem_alert      {"with a problem", "有问题"},
    churn_alert        {"may leave", "可能流失"},
    severity           {"Severity (5: today)", "紧急程度（5 为今日处理）"},
    campaigns          {"What campaigns brought", "活动成效"},
    campaigns_lead     {"Responses of those who were contacted beyond those of a hold-out drawn by chance, with 95 % intervals unless asked otherwise. What spans 0 cannot be told from chance.",
                        "联系组的响应率减去随机对照组的响应率，附 95 % 区间（除非另有指定）。跨越 0 者与偶然无法区分。"},
    campaign           {"Campaign", "活动"},
    contacted          {"Contacted", "联系人数"},
    held_out           {"Held out", "对照人数"},
    campaign_effect    {"Effect", "效果"},
    added_revenue      {"Added revenue", "新增销售额"},
    campaign_cost      {"Cost", "成本"},
    campaign_profit    {"Profit", "利润"},
    lacks_members      {"nobody is in it", "没有成员"},
    lacks_first_day    {"no first day is known", "未记录开始日期"},
    lacks_end          {"not over yet", "尚未结束"},
    lacks_hold_out     {"no hold-out to compare with", "没有对照组"},
    lacks_rows         {"too few to compare", "人数太少"},
    lacks_chance       {"groups not of the planned sizes: not to be believed", "分组与计划不符，不可信"},
    verdicts           {"Do the data suffice?", "数据是否充分"},
    verdicts_lead      {"What each model found when it judged itself on data that it had not seen.", "各模型用未见过的数据检验自身的结论。"},
    insight            {"Insight", "洞察"},
    verdict            {"Verdict", "结论"},
    outcome            {"Who is next", "谁会是下一个"},
    outcome_lead       {"“{0}” came to be “{1}” of {2} of {3} customers ({4}). The other fields tell who is next: of two customers, one to whom it came and one to whom it did not, the model ranks {5} rightly on customers that it had not seen (half is chance). Squared error of its chances {6}, of the share alone {7}.",
                        "{3} 位客户中有 {2} 位（{4}）的“{0}”为“{1}”。其余字段可以判断谁会是下一个：对模型未见过的一对客户（一位发生、一位未发生），排序正确的比例为 {5}（随机为一半）。概率的平方误差 {6}，仅用总体比例为 {7}。"},
    outcome_of_deals   {"“{0}” came to be “{1}” of {2} of {3} opportunities ({4}). What was known before tells which is next: of two, one of each kind, the model ranks {5} rightly among those that it had not seen (half is chance). Squared error of its chances {6}, of the share alone {7}.",
                        "{3} 个商机中有 {2} 个（{4}）的“{0}”为“{1}”。由此前已知的字段判断：对模型未见过的一对商机，排序正确的比例为 {5}（随机为一半）。概率的平方误差 {6}，仅用总体比例为 {7}。"},
    outcome_goes_by    {"What the model goes by", "模型的主要依据"},
    outcome_left_out   {"Left out, for they know too much to have been known in time: {0}.", "以下字段知道得太多，当时不可能已知，未予使用：{0}。"},
    outcome_doubt      {"The model is no better than the share of all: nobody is listed.", "模型并不优于总体比例，故不列名单。"},
    chance             {"Chance", "概率"},
    risk               {"How customers pay", "客户付款风险"},
    risk_lead          {"Customers who buy on account, from A (pay as agreed) to E (likely to be seriously overdue), by class. A rating is advice: what is granted is a person's to decide.",
                        "赊购客户的信用等级，A 为按约付款，E 为很可能严重逾期，按客户类别列示。等级仅供参考，授信由人决定。"},
    overdue            {"Overdue now", "目前逾期"},
    next_lead          {"In the order of the money that is at stake. Each list is a tag in the store.", "按涉及金额排序。每份名单在系统中都是一个标签。"},
    list_tag           {"List", "名单"},
    method             {"How this was computed", "计算方法"},
    method_text        {"Recency, frequency and spend count line items with an amount above zero up to {0}; returns are left out there, and taken off in the revenue. Scores are cut at type-7 quantiles plus one unit, closed on the left. Sums are exact decimals, not rounded. Data version {1}.",
                        "最近购买、频率与消费额只计截至 {0} 金额大于零的明细，退货不计入（销售额中已扣除）。评分按第 7 型分位数加一个单位、左闭区间划分。合计为精确小数，未作四舍五入。数据版本 {1}。"},
    confidential       {"Contains names of customers: treat as confidential.", "含客户姓名，请注意保密。"},
    nothing_bought     {"No purchases of known customers are in the store yet, so there is nothing to score.", "系统中尚无已知客户的购买记录，暂无法评分。"},
    fix_data           {"Repair the data first: {0} rows have the problem “{1}”. Every figure below improves with it.",
                        "先修正数据：有 {0} 行存在“{1}”问题，修正后以下各项更可信。"},
    name_buyers        {"Ask at the till who is buying: {0} of the revenue has no customer, so nobody can be thanked or won back for it.",
                        "收银时登记客户：{0} 的销售额没有客户信息，无从回馈，也无从挽回。"},
    quiet_value        {"Call the {0} customers of high value who rarely deal with us: they bring {1} and would leave unnoticed.",
                        "致电 {0} 位高价值、低互动的客户：他们贡献 {1}，流失时我们不会察觉。"},
    vip_owner          {"Give each of the {0} VIP customers a person who answers for them: together they bring {1}.",
                        "为 {0} 位 VIP 客户各指定一名负责人：他们合计贡献 {1}。"};
// clang-format on

/// An insight that judges itself, as a manager knows it.
struct InsightWords {
  std::string_view name;
  Text shown;
};
inline constexpr InsightWords judging_insights[] = {{"lifetime", {"Lifetime value", "生命周期价值"}},
                                                    {"value", {"Value in five dimensions", "五维价值"}},
                                                    {"churn", {"Who may leave", "流失预测"}},
                                                    {"survival", {"How long agreements last", "协议存续"}},
                                                    {"offers", {"What to offer", "商品推荐"}},
                                                    {"replenishment", {"What falls due", "补货预测"}},
                                                    {"campaigns", {"What campaigns brought", "活动成效"}},
                                                    {"credit", {"How customers pay", "付款风险"}},
                                                    {"outcome", {"Who is next", "谁会是下一个"}}};

/// A name of the ten-segment map: how it is shown, and what to do with its customers.
struct SegmentWords {
  std::string_view name;
  Text shown, action;
};

// clang-format off
inline constexpr std::array<SegmentWords, 10> segments = {{
    {"champion", {"Champion", "冠军客户"},
     {"Thank the {0} champions in person and show them new things first; never discount to them.", "亲自感谢 {0} 位冠军客户，新品优先告知，不必打折。"}},
    {"loyal", {"Loyal", "忠诚客户"},
     {"Offer the {0} loyal customers what goes with what they own, and ask them to recommend us.", "向 {0} 位忠诚客户推荐配套商品，并请他们代为推荐。"}},
    {"potential loyalist", {"Potential loyalist", "潜在忠诚客户"},
     {"Bring the {0} potential loyalists to the next order: a membership or a bundle, within {1} days.", "在 {1} 天内用会员或套餐促成 {0} 位潜在忠诚客户再次下单。"}},
    {"new", {"New", "新客户"},
     {"Welcome the {0} new customers: a call or a message within a week decides about the second order.", "一周内联系 {0} 位新客户，第二单往往由此决定。"}},
    {"promising", {"Promising", "有希望的客户"},
     {"Remind the {0} promising customers of the brand with something small and free.", "用小赠品让 {0} 位有希望的客户记住我们。"}},
    {"need attention", {"Needs attention", "需要关注"},
     {"Make the {0} customers who need attention an offer that ends soon, based on what they bought.", "按购买历史向 {0} 位需要关注的客户发出限时优惠。"}},
    {"about to sleep", {"About to sleep", "即将沉睡"},
     {"Ask the {0} customers who are about to sleep what is missing, before it costs a discount.", "趁还不需要打折，询问 {0} 位即将沉睡的客户缺少什么。"}},
    {"at risk", {"At risk", "有流失风险"},
     {"Win back the {0} customers at risk: they bought {2} and have been silent for {1} days.", "挽回 {0} 位有流失风险的客户：累计消费 {2}，已 {1} 天未购买。"}},
    {"can't lose", {"Can't lose", "不能流失"},
     {"Call the {0} customers we can't lose this week: they bought {2} and have been silent for {1} days.", "本周致电 {0} 位不能流失的客户：累计消费 {2}，已 {1} 天未购买。"}},
    {"hibernating", {"Hibernating", "休眠客户"},
     {"Write to the {0} hibernating customers once a season and spend no more than that.", "每季给 {0} 位休眠客户发一次信息即可，不再多投入。"}},
}};

/// Kinds of problem by code, for readers of Chinese; an import tells them in English. (docs/import.md)
struct ProblemWords {
  std::string_view code, zh;
};

inline constexpr ProblemWords problems_in_chinese[] = {
    {"ambiguous_date", "日期格式有歧义（日/月顺序不明）"},
    {"blank_column", "整列为空"},
    {"broken_reference", "引用了不存在的记录"},
    {"cancellations", "属于退单或冲销的行"},
    {"conflicting_values", "同一记录在不同行中取值不一致，以首次为准"},
    {"custom_field", "无对应字段的列，已作为自定义字段保存"},
    {"customers_without_orders", "没有任何订单的客户"},
    {"duplicate_row", "与同一单据中的前一行完全相同，按实际重复计入"},
    {"file_not_read", "该文件未导入"},
    {"future_date", "日期在今天之后"},
    {"inconsistent_name", "同一名称有不同写法"},
    {"knows_the_future", "该列含有事后才知道的信息"},
    {"missing_customer", "没有客户信息，按匿名销售保存"},
    {"missing_value", "该列有空值"},
    {"mixed_date_formats", "同一列混用多种日期格式"},
    {"negative_amount", "金额为负，但单据并非退单"},
    {"negative_quantity", "数量为负，但单据并非退单"},
    {"no_amount", "没有金额"},
    {"no_currency", "未指定币种"},
    {"no_rate", "没有汇率，无法换算为本位币"},
    {"no_zone", "未指定时区，时间按 UTC 处理"},
    {"outlier", "数值远超其他行"},
    {"rejected_row", "无法导入而被拒绝的行"},
    {"rounded_decimals", "小数超过六位，已舍入"},
    {"suspect_spelling", "疑似拼写错误"},
    {"table_not_read", "该表未导入"},
    {"unpadded_reference", "引用缺少前导零"},
    {"unreadable_value", "无法识别的值"},
    {"unused_product", "从未售出的商品"},
    {"zero_price", "单价为零"},
};

/// The dimensions of value, in their order.
inline constexpr std::array<Text, 5> value_dimensions = {{
    {"Current contribution", "当前贡献"}, {"Future contribution", "将来贡献"}, {"Loyalty", "忠诚度"},
    {"Credit", "信用度"}, {"Growth potential", "成长潜力"}}};

/// The four classes, from the best down.
inline constexpr std::array<Text, 4> class_names = {{
    {"VIP", "屈从（VIP）"}, {"Care", "关怀"}, {"Adapt", "适应"}, {"Indifferent", "冷漠"}}};
inline constexpr std::array<Text, 4> class_stances = {{
    {"Whatever they ask is answered, in person and first", "有求必应，专人优先"},
    {"Known by name; contacted before they have to ask", "熟悉其名，主动联系"},
    {"Good standard service; offers fitted to their habits", "标准服务，按习惯推荐"},
    {"Self-service and automatic messages", "自助服务，自动消息"}}};
// clang-format on

}  // namespace emptor::words
