#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "insight/churn/churn_work.hpp"
#include "insight/insight_runs.hpp"
#include "insight/live/live_model.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

class ChurnScores {
 public:
  explicit ChurnScores(const KeptModel& kept)
      : request_(churn_request(kept_options(churn_schema, kept), {})), kept_(load_churn(kept.fitted)) {}

  /// Empty for who is not scored.
  ChurnRows row(const ShapedHistory& history, Date day) const {
    ChurnRows rows;
    rows.day = day;
    rows.touched = true;
    rows.x.resize(churn_feature_count);
    const std::span<const Touch> touches = history.touches();
    if (!write_churn_row(day, history.lines(), &touches, request_.rows, rows.x.data())) return {};
    rows.customer.push_back(1);
    return rows;
  }
  double chance(const ChurnRows& row) const { return kept_.model.chances(row, {}).front(); }

  void give(const ChurnRows& row, LiveResult& result) const {
    const double chance = this->chance(row);
    const std::string level(churn_level(chance, kept_.silent_share));
    result.scores.push_back({"churn.chance", chance, level});
    result.tag = "churn." + level;
    const bool watched = row.at(0, ChurnFeature::recency) < request_.alerts.days;
    if (kept_.threshold && watched && chance >= *kept_.threshold) result.alert = alert(row, chance);
  }

  std::optional<LiveAlerts> alerts() const {
    if (!kept_.threshold) return std::nullopt;
    return LiveAlerts{"churn.chance", *kept_.threshold, request_.rows.horizon};
  }

  /// By what each feature adds to the log-odds, the most first.
  json::array reasons(const ChurnRows& row, Language language) const {
    const std::vector<double> shares = kept_.model.model->shares(row, {});
    std::vector<std::size_t> order(churn_feature_count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
    json::array told;
    for (const std::size_t feature : order)
      told.push_back(json::object{
          {"feature", churn_feature_names[feature]},
          {"value", number_json(row.x[feature])},
          {"adds", shares[feature]},
          {"text", churn_reason(row, 0, static_cast<ChurnFeature>(feature), request_.rows.horizon, language)}});
    return told;
  }

 private:
  /// Without the feature that adds most: what TreeSHAP finds is asked for, not worked out inside a write.
  GivenAlert alert(const ChurnRows& row, double chance) const {
    const bool problem = row.at(0, ChurnFeature::open_cases) > 0;
    const std::string days = std::to_string(request_.rows.horizon), percent = std::to_string(std::lround(chance * 100));
    return {.kind = problem ? "problem" : "churn",
            .severity = problem ? 3 : 2,
            .reason = request_.language == Language::chinese ? days + " 天内不再购买的概率 " + percent + " %"
                                                             : percent + " % to buy nothing within " + days + " days"};
  }

  ChurnRequest request_;
  KeptChurn kept_;
};

}  // namespace

LiveModel live_churn(KeptModel kept, const Zone&) {
  const auto scores = std::make_shared<const ChurnScores>(kept);
  LiveModel model;
  model.kept = std::move(kept);
  model.scores = {"churn.chance"};
  model.tagged = "churn.chance";
  model.alerts = scores->alerts();
  model.score = [scores](const ShapedHistory& history, Date day, LiveResult& result) {
    const ChurnRows row = scores->row(history, day);
    if (row.size() > 0) scores->give(row, result);
  };
  model.explain = [scores](const ShapedHistory& history, Date day, Language language, json::object& told) {
    const ChurnRows row = scores->row(history, day);
    if (row.size() > 0) told["reasons"] = scores->reasons(row, language);
  };
  return model;
}

}  // namespace emptor
