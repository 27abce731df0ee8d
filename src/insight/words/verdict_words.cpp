#include "insight/words/verdict_words.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace emptor {
namespace {

namespace json = boost::json;

/// # stands for a number, * for any text; in the Chinese sentence they come again, in their order.
struct Sentence {
  std::string_view english, chinese;
};
// clang-format off
constexpr Sentence sentences[] = {
    {"sufficient", "数据充分"},
    {"insufficient", "数据不足"},
    {"unclear", "不明确"},
    {"doubtful", "存疑"},
    {"left out", "未运行"},
    {"the budget of time is used up", "时间预算已用完"},
    {"it reads # rows and the budget is #; raise the budget of rows", "需读取 # 行，预算为 # 行；请提高行数预算"},
    {"it may hold # MiB and the budget is # MiB; raise the budget of memory",
     "可能占用 # MiB 内存，预算为 # MiB；请提高内存预算"},
    {"this takes # bytes, more than its budget", "需要 # 字节，超出预算"},
    {"the second derivatives of # parameters do not fit into memory_bytes", "# 个参数的二阶导数超出内存预算"},
    {"kept", "沿用原模型"},
    {"# % of customers changed since *", "# % 的客户自 * 以来有变化"},
    {"there are no purchases", "没有购买记录"},
    {"there are no purchases of products", "没有商品购买记录"},
    // lifetime
    {"no customer bought more than once", "没有客户购买过一次以上"},
    {"given parameters: nothing was fitted", "使用给定参数：未作拟合"},
    {"an interval of a parameter spans a factor above twenty: more customers or a longer time are needed",
     "某参数的置信区间上下相差二十倍以上：需要更多客户或更长时间"},
    {"the likelihood still rises where a parameter goes to 0 or infinity: a simpler model fits as well",
     "某参数趋于 0 或无穷时似然仍在上升：更简单的模型同样适用"},
    {"the data do not tell the parameters apart", "数据无法区分各参数"},
    {"the fit did not end", "拟合未收敛"},
    {"sufficient for purchases, not for their value", "足以预测购买次数，不足以预测其金额"},
    {"no customer has a repeat purchase with an amount above 0", "没有客户有金额大于 0 的重复购买"},
    // value
    {"nobody had bought by the day", "截至该日尚无人购买"},
    {"in the window just past # of # customers earned us something; # are needed, and others who did not",
     "刚过去的时段内，# / # 位客户带来收益；需要 # 位，且需有未带来收益者"},
    {"in the window just past the customers together earned us nothing", "刚过去的时段内全体客户未带来收益"},
    {"in the window just past # customers bought and # did not; # of each are needed",
     "刚过去的时段内 # 位客户购买、# 位未购买；两者各需 # 位"},
    {"in the window just past # customers became seriously overdue and # did not; # of each are needed",
     "刚过去的时段内 # 位客户严重逾期、# 位没有；两者各需 # 位"},
    {"the lifetime model has no estimate on these data", "生命周期模型在这些数据上没有估计"},
    {"there are no receivables: no sales that were due, or no payments on record",
     "没有应收款：没有到期的销售，或没有付款记录"},
    {"# customers were such before the last two windows; # are needed", "最近两个时段之前只有 # 位客户；需要 # 位"},
    {"no line has a discount, and no product a list price", "明细没有折扣，商品也没有标价"},
    {"no line has a brand or a category, or all have the same", "明细没有品牌或类别，或全都相同"},
    {"no line has both a category and a quantity", "没有明细同时有类别和数量"},
    {"the score told nothing of what the window just past earned", "分数不能说明刚过去时段的收益"},
    {"no better than the contribution: rank customers by that where the next window's earnings count",
     "并不优于当前贡献：若看重下一时段的收益，请按当前贡献排序"},
    // churn
    {"of the customers to learn from # fell silent and # did not; # of each are needed",
     "用于学习的客户中 # 位沉默、# 位未沉默；两者各需 # 位"},
    {"of the customers to judge by # fell silent and # did not; # of each are needed",
     "用于检验的客户中 # 位沉默、# 位未沉默；两者各需 # 位"},
    {"no better than recency: rank customers by that", "并不优于最近一次购买时间：请按其排序"},
    {"no better than chance: silence does not follow from the past here", "并不优于随机：此处无法由过去推断沉默"},
    {"it is not known what customers are worth, or no offer pays; give customer_value",
     "不知道客户的价值，或任何挽留都不划算；请给出 customer_value"},
    // survival
    {"there are no contracts or subscriptions", "没有合同或订阅"},
    {"there are no rows", "没有数据行"},
    {"nothing ended", "尚无终止"},
    {"no model of risks", "没有风险模型"},
    {"few ends for so many covariates: intervals are wide, and hazard ratios too large",
     "相对于协变量数目，终止的太少：区间很宽，风险比偏大"},
    // offers, replenishment
    {"# customers bought something new in the window just past; # are needed",
     "刚过去的时段内有 # 位客户购买了新商品；需要 # 位"},
    {"no better than what is popular: that is offered", "并不优于热销商品：推荐热销商品"},
    {"# products were due in the window just past; # are needed", "刚过去的时段内有 # 件商品到期；需要 # 件"},
    {"no better than chance: what was due was bought no more often than what was not",
     "并不优于随机：到期商品并未比其他商品更常被购买"},
    {"no better than what was bought last", "并不优于最近购买的商品"},
    {"too few products were bought again and again", "反复购买的商品太少"},
    // campaigns
    {"there are no campaigns", "没有活动"},
    {"none of # campaigns can be compared with a hold-out whose window is over",
     "# 个活动中没有一个可与已结束的对照组比较"},
    {"no campaign can be compared with a hold-out", "没有可与对照组比较的活动"},
    {"nobody was ever in a campaign", "从未有人参加活动"},
    {"there is no response model to compare with", "没有可供比较的响应模型"},
    {"no better than chance at telling whom a contact moves: contact by the effect of all",
     "判断联系对谁有效并不优于随机：按总体效果联系"},
    {"those held out differ from the others in # features (unequal_columns)",
     "对照组与其他客户在 # 个特征上不同（unequal_columns）"},
    {"of the # that were contacted # responded; a model needs # who did and as many who did not",
     "被联系的 # 位中有 # 位响应；模型需要响应与未响应者各 # 位"},
    {"of the # that were held out # responded; a model needs # who did and as many who did not",
     "对照组的 # 位中有 # 位响应；模型需要响应与未响应者各 # 位"},
    {"of # contacts # were answered; a model needs # that were and as many that were not",
     "# 次联系中有 # 次得到响应；模型需要响应与未响应各 # 次"},
    // credit
    {"nothing in past payments tells who becomes seriously overdue", "过去的付款不能说明谁会严重逾期"},
    {"of the customers to learn from # became seriously overdue and # did not; # of each are needed",
     "用于学习的客户中 # 位严重逾期、# 位没有；两者各需 # 位"},
    {"of the customers to judge by # became seriously overdue and # did not; # of each are needed",
     "用于检验的客户中 # 位严重逾期、# 位没有；两者各需 # 位"},
    {"no better than whether they were late before", "并不优于以往是否逾期"},
    {"no better than the share paid late: rank customers by that", "并不优于逾期付款占比：请按其排序"},
    {"no order that is due some day comes to an amount", "到期的订单都没有金额"},
    {"there are no receivables (orders or payments with a day due)", "没有应收款（有到期日的订单或付款）"},
    {"no payment is on record, so that nobody can be told apart", "没有付款记录，无法区分客户"},
    {"all receivables were due before the first payment on record", "所有应收款都在首笔付款记录之前到期"},
    // outcome
    {"there are no records to learn from", "没有可供学习的记录"},
    {"no field has two values, so that none can be the answer", "没有两值字段，无从作为答案"},
    {"no field stands out as the answer; name one of *", "没有字段明显是答案；请从中指定：*"},
    {"# with the event and # without; # of each are needed", "发生 # 条、未发生 # 条；两者各需 # 条"},
    {"no better than the base rate on rows that it has not seen", "对未见过的记录并不优于总体比例"},
    {"no field is left to learn from", "没有剩下可供学习的字段"},
    // satisfaction, service
    {"nothing that customers said is on record", "没有客户意见记录"},
    {"fewer than # answers", "回答少于 # 份"},
    {"the interval is wider than a fifth of the scale", "区间宽于量表的五分之一"},
    {"who was asked is not on record", "没有记录询问了谁"},
    {"fewer than three in ten of those asked answered", "被询问者中回答的不足三成"},
    {"no cases on record", "没有工单记录"},
    {"fewer than # cases", "工单少于 # 件"},
    {"neither first answers nor promises are on record", "既没有首次答复记录，也没有承诺时限记录"},
    {"first answers are not on record", "没有首次答复记录"},
    {"promises are not on record", "没有承诺时限记录"},
    // fraud
    {"no orders of known customers", "没有已知客户的订单"},
    {"# rows of earlier windows to learn from, # are needed; # to set thresholds by, # are needed for this rate of "
     "false alarms",
     "可供学习的以往时段数据 # 行，需要 # 行；用于设定阈值的 # 行，此误报率需要 # 行"},
    {"# of those active became known for fraud, # are needed to judge by",
     "活跃客户中 # 位被确认欺诈，检验需要 # 位"},
    // composition, market
    {"# customers and no orders", "# 位客户，没有订单"},
    {"# customers, # are needed", "# 位客户，需要 # 位"},
    {"nothing is known of customers to tell them apart by", "没有可用于区分客户的信息"},
    {"# buyers, # are needed for segments", "# 位购买客户，细分需要 # 位"},
    {"no segments", "没有细分"},
    {"customers who differ by degrees only would give clusters as clear (p #, silhouette # against #)",
     "仅有程度差异的客户也会给出同样清晰的聚类（p 值 #，轮廓系数 # 对 #）"},
    {"one of the clusters is a handful of unusual customers", "其中一个聚类只是少数异常客户"},
    {"no stable segments", "没有稳定的细分"},
    {"halves of the customers give other ones (adjusted Rand index #, least overlap of a cluster #)",
     "各半客户给出不同的细分（调整兰德指数 #，聚类最小重合度 #）"},
    {"no competitors are on record", "没有竞争对手记录"},
    {"# decided deals name a competitor, # are needed to compare", "# 个已结商机注明竞争对手，比较需要 # 个"},
    {"# decided deals name a competitor, # are needed to compare; mentions are told all the same",
     "# 个已结商机注明竞争对手，比较需要 # 个；提及次数仍予列出"},
    // habits, preferences, usage
    {"no habits", "没有习惯"},
    {"# customers bought often enough before the window just past and in it; # are needed",
     "# 位客户在刚过去的时段之前及其中购买足够频繁；需要 # 位"},
    {"shares of their own tell no more of customers' next purchases than the shares of all",
     "客户自身的占比并不比总体占比更能说明其下次购买"},
    {"# customers bought on # days or more; # are needed", "# 位客户在 # 天或更多天购买过；需要 # 位"},
    {"fewer than two habits differ between customers", "客户之间有差异的习惯不足两项"},
    {"there are neither purchases nor texts", "既没有购买记录，也没有文本"},
    {"customers' texts name no product, category or brand of the store", "客户文本未提到任何在售的商品、类别或品牌"},
    {"purchases have no categories, or more than #", "购买记录没有类别，或类别多于 # 个"},
    {"# customers named a category before a window and bought in it; # are needed",
     "# 位客户在时段之前提到类别并在其中购买；需要 # 位"},
    {"no better than purchases alone", "并不优于仅用购买记录"},
    {"there are # good and # bad rated texts; some # of each are needed",
     "有 # 篇好评、# 篇差评文本；两者各需约 # 篇"},
    {"the words of rated texts do not tell good from bad ones", "评分文本的用词不能区分好评与差评"},
    {"nothing is bought, subscribed to, installed or attended", "没有购买、订阅、安装或参加的记录"},
    {"no product has more than # customers; # are needed", "没有商品的客户超过 # 位；需要 # 位"},
    // trends, causes, customer_profit
    {"fewer than # whole periods", "完整期间少于 # 个"},
    {"fewer than two whole periods", "完整期间不足两个"},
    {"trend only", "仅有趋势"},
    {"too short to judge a forecast", "时间太短，无法检验预测"},
    {"the forecast does not beat a naive one", "预测并不优于朴素预测"},
    {"parts only", "仅有分解"},
    {"too few periods to know what is usual", "期间太少，不知通常的波动"},
    {"too few lines have a cost, so that amounts stand for margins", "有成本的明细太少，以金额代替毛利"},
    {"now only", "仅有当前"},
    {"what is expected could not be judged on the window just past", "无法用刚过去的时段检验预期"},
    {"what is expected was no nearer to what came than the profit of the window before",
     "预期并不比上一时段的利润更接近实际"},
    // next_action
    {"nobody has a score yet; run lifetime, churn and offers first", "尚无人有分数；请先运行 lifetime、churn 和 offers"},
};
// clang-format on

bool is_number_part(char c) { return (c >= '0' && c <= '9') || c == '.'; }

/// What stands for the marks of a pattern; nothing where it does not match.
std::optional<std::vector<std::string_view>> matched(std::string_view pattern, std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t at = 0;
  for (std::size_t p = 0; p < pattern.size(); ++p) {
    if (pattern[p] == '*') {
      parts.push_back(text.substr(at));
      return p + 1 == pattern.size() ? std::optional(parts) : std::nullopt;
    }
    const std::size_t first = at;
    if (pattern[p] == '#') {
      if (at < text.size() && text[at] == '-') ++at;
      while (at < text.size() && is_number_part(text[at])) ++at;
      if (at == first || text[at - 1] == '-') return std::nullopt;
      parts.push_back(text.substr(first, at - first));
    } else if (at >= text.size() || text[at++] != pattern[p]) {
      return std::nullopt;
    }
  }
  return at == text.size() ? std::optional(parts) : std::nullopt;
}

std::string filled(std::string_view chinese, const std::vector<std::string_view>& parts) {
  std::string out;
  std::size_t next = 0;
  for (const char c : chinese) {
    if (c == '#' || c == '*')
      out += parts[next++];
    else
      out += c;
  }
  return out;
}

/// Nothing where the catalogue has no such sentence.
std::optional<std::string> whole_sentence(std::string_view english) {
  for (const Sentence& one : sentences)
    if (const auto parts = matched(one.english, english)) return filled(one.chinese, *parts);
  return std::nullopt;
}

void tell_each(json::array& all, Language language) {
  for (json::value& one : all)
    if (one.is_object()) tell_verdicts(one.as_object(), language);
}

bool holds_verdict(std::string_view name) { return name == "why" || name.ends_with("verdict"); }

}  // namespace

std::string told_verdict(std::string_view english, Language language) {
  if (language == Language::english) return std::string(english);
  if (std::optional<std::string> found = whole_sentence(english)) return *found;
  const std::size_t colon = english.find(": ");
  if (colon == std::string_view::npos) return std::string(english);
  const std::optional<std::string> first = whole_sentence(english.substr(0, colon));
  if (!first) return std::string(english);
  return *first + "：" + told_verdict(english.substr(colon + 2), language);
}

void tell_verdicts(json::object& summary, Language language) {
  if (language == Language::english) return;
  for (auto& [name, value] : summary) {
    if (value.is_object()) tell_verdicts(value.as_object(), language);
    if (value.is_array()) tell_each(value.as_array(), language);
    if (value.is_string() && holds_verdict(name)) value = told_verdict(value.as_string(), language);
  }
}

}  // namespace emptor
