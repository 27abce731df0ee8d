#include "insight/satisfaction/opinions.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "emptor/core/time.hpp"
#include "emptor/mine/campaign_effect.hpp"
#include "emptor/mine/false_discovery.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_compared = 5;  // answers of a group, and of the others

struct ScaleRule {
  double lowest, highest;
  bool high_is_good;
  double dissatisfied, satisfied;  ///< the last score that still is so
};
constexpr ScaleRule rules[] = {
    {0, 10, true, 6, 9}, {1, 5, true, 2, 4}, {1, 7, true, 3, 5}, {1, 5, false, 4, 2}, {0, 1, true, 0.25, 0.75}};

const ScaleRule& rule_of(OpinionScale scale) { return rules[static_cast<std::size_t>(scale)]; }

mine::Interval with_error(const mine::RateInterval& share, std::uint64_t all) {
  return {share.value, share.lower, share.upper, std::sqrt(share.value * (1 - share.value) / static_cast<double>(all))};
}

/// One answer alone says nothing of the others: anything on the scale may be their mean.
mine::Interval mean_of(OpinionScale scale, std::span<const double> scores, double level) {
  if (scores.size() < 2) return {scores[0], rule_of(scale).lowest, rule_of(scale).highest, 0};
  return mine::arm_interval(mine::summarise_arm(scores), {.level = level});
}

OpinionFigures figures_of(OpinionScale scale, std::span<const double> scores, double level) {
  OpinionFigures figures;
  for (const double score : scores) ++figures.moods[static_cast<std::size_t>(mood_of(scale, score))];
  figures.mean = mean_of(scale, scores, level);
  const auto& [low, middle, high] = figures.moods;
  if (scale == OpinionScale::nps)
    figures.headline = mine::net_promoter({high, middle, low}, level);
  else if (scale == OpinionScale::csat)
    figures.headline =
        with_error(mine::share_interval(static_cast<double>(high), static_cast<double>(figures.answers()), level),
                   figures.answers());
  else
    figures.headline = figures.mean;
  return figures;
}

/// The scores of one scale, and the groups that they are in.
class ScaleGroups {
 public:
  ScaleGroups(const Opinions& opinions, OpinionScale scale, Period period, double level)
      : opinions_(opinions), scale_(scale), level_(level) {
    for (std::size_t i = 0; i < opinions.rows.size(); ++i) {
      if (opinions.rows[i].scale != scale) continue;
      rows_.push_back(i);
      scores_.push_back(opinions.rows[i].score);
      periods_.push_back(period_of(opinions.rows[i].day, period));
    }
  }
  void tell(std::vector<OpinionGroup>& groups) const {
    if (scores_.empty()) return;
    groups.push_back(
        {.scale = scale_, .by = {}, .name = {}, .figures = figures_of(scale_, scores_, level_), .contrast = {}});
    tell_by(
        "period", [&](std::size_t i) { return periods_[i]; }, groups);
    for (const PortraitKinds& kinds : opinions_.groups)
      tell_by(
          kinds.name,
          [&](std::size_t i) {
            const std::uint32_t kind = kinds.of[rows_[i]];
            return kind == PortraitKinds::none ? std::string() : kinds.kinds[kind];
          },
          groups);
  }

 private:
  template <class NameOf>
  void tell_by(const std::string& by, const NameOf& name_of, std::vector<OpinionGroup>& groups) const {
    std::map<std::string, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (const std::string name = name_of(i); !name.empty()) members[name].push_back(i);
    for (const auto& [name, of] : members) groups.push_back(group_of(by, name, of));
  }
  OpinionGroup group_of(const std::string& by, const std::string& name, const std::vector<std::size_t>& members) const {
    std::vector<double> within, outside;
    std::size_t next = 0;
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      const bool is_member = next < members.size() && members[next] == i;
      next += is_member ? 1U : 0U;
      (is_member ? within : outside).push_back(scores_[i]);
    }
    OpinionGroup group{
        .scale = scale_, .by = by, .name = name, .figures = figures_of(scale_, within, level_), .contrast = {}};
    if (within.size() < least_compared || outside.size() < least_compared) return group;
    for (std::vector<double>* scores : {&within, &outside})
      for (double& score : *scores) score = level_of(scale_, score);
    group.contrast = mine::contrast_numbers(within, outside, level_);
    return group;
  }

  const Opinions& opinions_;
  OpinionScale scale_;
  double level_;
  std::vector<std::size_t> rows_;
  std::vector<double> scores_;
  std::vector<std::string> periods_;
};

void adjust(std::vector<OpinionGroup>& groups) {
  std::vector<double> p_values;
  for (const OpinionGroup& group : groups)
    if (group.contrast) p_values.push_back(group.contrast->p_value);
  const std::vector<double> adjusted = mine::false_discovery(p_values);
  std::size_t next = 0;
  for (OpinionGroup& group : groups)
    if (group.contrast) group.adjusted = adjusted[next++];
}

}  // namespace

bool on_scale(OpinionScale scale, double score) noexcept {
  return score >= rule_of(scale).lowest && score <= rule_of(scale).highest;
}

double level_of(OpinionScale scale, double score) noexcept {
  const ScaleRule& rule = rule_of(scale);
  const double share = (score - rule.lowest) / (rule.highest - rule.lowest);
  return rule.high_is_good ? share : 1 - share;
}

Mood mood_of(OpinionScale scale, double score) noexcept {
  const ScaleRule& rule = rule_of(scale);
  const double sign = rule.high_is_good ? 1 : -1;
  if (sign * score <= sign * rule.dissatisfied) return Mood::dissatisfied;
  return sign * score >= sign * rule.satisfied ? Mood::satisfied : Mood::neutral;
}

std::string period_of(std::int32_t day, Period period) {
  const Date date{day};
  const std::string text = to_string(date);
  if (period == Period::month) return text.substr(0, 7);
  if (period == Period::year) return text.substr(0, 4);
  return text.substr(0, 4) + "-Q" + std::to_string((date.month() + 2) / 3);
}

std::vector<OpinionGroup> group_opinions(const Opinions& opinions, Period period, double level) {
  std::vector<OpinionGroup> groups;
  for (std::size_t scale = 0; scale < opinion_scale_names.size(); ++scale)
    ScaleGroups(opinions, static_cast<OpinionScale>(scale), period, level).tell(groups);
  adjust(groups);
  return groups;
}

std::optional<OpinionScale> main_scale(const Opinions& opinions) {
  std::array<std::size_t, opinion_scale_names.size()> answers{};
  for (const Opinion& one : opinions.rows) ++answers[static_cast<std::size_t>(one.scale)];
  const auto most = std::max_element(answers.begin(), answers.end());
  if (*most == 0) return std::nullopt;
  return static_cast<OpinionScale>(most - answers.begin());
}

std::vector<std::size_t> last_opinions(const Opinions& opinions, OpinionScale scale, std::int32_t until) {
  std::map<std::int64_t, std::size_t> last;
  for (std::size_t i = 0; i < opinions.rows.size(); ++i) {
    const Opinion& one = opinions.rows[i];
    if (one.customer != 0 && one.scale == scale && one.day <= until) last[one.customer] = i;
  }
  std::vector<std::size_t> places;
  for (const auto& [customer, place] : last) places.push_back(place);
  return places;
}

}  // namespace emptor
