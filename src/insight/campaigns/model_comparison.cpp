#include "insight/campaigns/model_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/correlation.hpp"
#include "insight/campaigns/campaign_words.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Sums that do not depend on the order of customers.
class GroupSum {
 public:
  void add(const BothChances& one) {
    ++customers_;
    responses_.add(one.response);
    leavers_.add(one.silence);
  }
  ComparedGroup sum() const { return {customers_, responses_.value(), leavers_.value()}; }

 private:
  std::uint64_t customers_ = 0;
  DoubleSum responses_, leavers_;
};

/// Marks those of the highest chances; of equal ones the lower ids.
template <class Chance>
std::vector<bool> list_of(std::span<const BothChances> chances, std::size_t length, const Chance& chance) {
  std::vector<std::size_t> order(chances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const double x = chance(chances[a]), y = chance(chances[b]);
    return x != y ? x > y : chances[a].customer < chances[b].customer;
  });
  std::vector<bool> listed(chances.size());
  for (std::size_t i = 0; i < length; ++i) listed[order[i]] = true;
  return listed;
}

void correlate_ranks(std::span<const BothChances> chances, ModelComparison& out) {
  std::vector<double> both;
  for (const BothChances& one : chances) both.insert(both.end(), {one.response, one.silence});
  const mine::Correlations found =
      mine::correlate({both.data(), chances.size(), 2, 2, 1}, {.method = mine::CorrelationMethod::spearman});
  if (std::isnan(found.coefficient(0, 1))) return;
  out.rank_correlation = found.coefficient(0, 1);
  out.p_value = found.p_value(0, 1);
}

json::object group_json(const ComparedGroup& group) {
  return {{"customers", group.customers}, {"expected_responses", group.responses}, {"expected_leavers", group.leavers}};
}

}  // namespace

ModelComparison compare_models(std::span<const BothChances> chances, const ComparisonOptions& options) {
  if (!(options.list_share > 0 && options.list_share <= 1))
    throw Error(Problem{.code = Code::invalid, .message = "a share is above 0 and at most 1", .field = "list_share"});
  ModelComparison out;
  out.customers = chances.size();
  if (chances.empty()) return out;
  correlate_ranks(chances, out);
  const auto length = static_cast<std::size_t>(std::ceil(options.list_share * static_cast<double>(chances.size())));
  const std::vector<bool> respond = list_of(chances, length, [](const BothChances& one) { return one.response; });
  const std::vector<bool> leave = list_of(chances, length, [](const BothChances& one) { return one.silence; });
  GroupSum cells[2][2], lists[3];
  for (std::size_t i = 0; i < chances.size(); ++i) {
    cells[chances[i].response >= options.likely_response][chances[i].silence >= options.likely_silence].add(chances[i]);
    if (respond[i]) lists[0].add(chances[i]);
    if (leave[i]) lists[1].add(chances[i]);
    if (respond[i] && leave[i]) lists[2].add(chances[i]);
  }
  for (const std::size_t r : {0, 1})
    for (const std::size_t c : {0, 1}) out.cells[r][c] = cells[r][c].sum();
  out.response_list = lists[0].sum();
  out.churn_list = lists[1].sum();
  out.both_lists = lists[2].sum();
  return out;
}

std::vector<std::string> comparison_words(const ModelComparison& comparison, const Voice& voice) {
  const auto count = [](std::uint64_t number) { return with_thousands(static_cast<std::int64_t>(number)); };
  const auto expected = [](double number) { return shown_number(number, 1); };
  const auto& cells = comparison.cells;
  const ComparedGroup &respond = comparison.response_list, &leave = comparison.churn_list;
  const words::Text& relation = comparison.p_value >= 0.05        ? words::models_unrelated
                                : comparison.rank_correlation > 0 ? words::models_together
                                                                  : words::models_apart;
  return {voice.say(words::models_cells,
                    {count(comparison.customers), count(cells[1][1].customers), count(cells[1][0].customers),
                     count(cells[0][1].customers), count(cells[0][0].customers)}),
          voice.say(words::models_correlation,
                    {shown_number(comparison.rank_correlation, 2), std::string(voice.say(relation))}),
          voice.say(words::models_lists,
                    {count(respond.customers), count(comparison.both_lists.customers), expected(respond.responses),
                     expected(leave.responses), expected(leave.leavers), expected(respond.leavers)})};
}

json::object comparison_json(const ModelComparison& comparison, const Voice& voice) {
  json::array told;
  for (const std::string& sentence : comparison_words(comparison, voice)) told.emplace_back(sentence);
  const auto& cells = comparison.cells;
  return {{"customers", comparison.customers},
          {"rank_correlation", comparison.rank_correlation},
          {"p_value", comparison.p_value},
          {"likely_to_respond_and_leave", group_json(cells[1][1])},
          {"likely_to_respond_only", group_json(cells[1][0])},
          {"likely_to_leave_only", group_json(cells[0][1])},
          {"neither", group_json(cells[0][0])},
          {"response_list", group_json(comparison.response_list)},
          {"churn_list", group_json(comparison.churn_list)},
          {"both_lists", group_json(comparison.both_lists)},
          {"words", std::move(told)}};
}

}  // namespace emptor
