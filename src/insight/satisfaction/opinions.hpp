/// Opinions: answers to surveys on their scales, what each group of them comes to, and which groups stand out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/net_promoter.hpp"
#include "emptor/mine/rates.hpp"
#include "insight/words/portrait.hpp"

namespace emptor {

/// What was asked, and by which convention its answers are read.
enum class OpinionScale : std::uint8_t {
  nps,            ///< would recommend, 0 to 10: 0-6 detractor, 7-8 passive, 9-10 promoter
  csat,           ///< satisfied, 1 to 5: 4 and 5 are the top two boxes
  ease,           ///< CES 2.0: "it was easy", 1 to 7: 5 and above agree
  effort,         ///< CES 1.0: "how much effort", 1 (little) to 5 (much)
  questionnaire,  ///< mean of the scale questions, each brought to 0 ... 1
};
inline constexpr std::array<std::string_view, 5> opinion_scale_names = {"nps", "csat", "ces", "ces_effort",
                                                                        "questionnaire"};

enum class Mood : std::uint8_t { dissatisfied, neutral, satisfied };

/// Whether a score lies on its scale.
bool on_scale(OpinionScale scale, double score) noexcept;
/// From 0 (worst) to 1 (best). Requires a score on the scale.
double level_of(OpinionScale scale, double score) noexcept;
Mood mood_of(OpinionScale scale, double score) noexcept;

struct Opinion {
  std::int64_t customer = 0;  ///< 0: nobody is named
  std::int32_t day = 0;
  OpinionScale scale = OpinionScale::nps;
  double score = 0;

  Mood mood() const noexcept { return mood_of(scale, score); }
  double level() const noexcept { return level_of(scale, score); }
};

/// Opinions by day, then customer; columns beside them have their order.
struct Opinions {
  std::vector<Opinion> rows;
  std::vector<PortraitKinds> groups;    ///< channel, agent ...
  std::vector<PortraitNumbers> before;  ///< what was known of the customer before the answer
};

/// How many answered what. Headline: of NPS the score (-1 to 1), of CSAT the share of the top two boxes, of CES the
/// mean, of a questionnaire the mean of 0 ... 1.
struct OpinionFigures {
  std::array<std::uint64_t, 3> moods{};  ///< by Mood
  mine::Interval headline;
  mine::Interval mean;  ///< of the scores

  std::uint64_t answers() const noexcept { return moods[0] + moods[1] + moods[2]; }
};

/// Those of one scale who share something.
struct OpinionGroup {
  OpinionScale scale = OpinionScale::nps;
  std::string by, name;  ///< "period" and "2024-Q1"; empty: all of the scale
  OpinionFigures figures;
  std::optional<mine::NumberContrast> contrast;  ///< with all others of the scale, in the direction of satisfaction
  double adjusted = 1;                           ///< p-value, all groups of all scales together

  bool stands_out(double false_findings) const noexcept { return contrast && adjusted <= false_findings; }
};

enum class Period : std::uint8_t { month, quarter, year };
/// "2024-03", "2024-Q1", "2024".
std::string period_of(std::int32_t day, Period period);

/// By scale, then all, periods ascending, then the groups in their order by name.
std::vector<OpinionGroup> group_opinions(const Opinions& opinions, Period period, double level);

/// The scale that most answered on; nothing without answers.
std::optional<OpinionScale> main_scale(const Opinions& opinions);

/// Places of the last opinion of each named customer on a scale up to a day, by customer.
std::vector<std::size_t> last_opinions(const Opinions& opinions, OpinionScale scale, std::int32_t until);

}  // namespace emptor
