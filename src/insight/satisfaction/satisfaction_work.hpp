/// Satisfaction: what customers say of us, by period and group; what goes with it; and what came of it.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/satisfaction/problem_customers.hpp"
#include "insight/satisfaction/satisfaction_drivers.hpp"
#include "insight/satisfaction/satisfaction_measures.hpp"
#include "insight/satisfaction/satisfaction_sequel.hpp"

namespace emptor {

struct SatisfactionRequest {
  std::optional<Date> until;
  Period period = Period::quarter;
  std::string tiers = "spend";
  DriverOptions drivers;
  double half_life = 180;  ///< days
  ProblemRule problems;
  std::size_t most_alerts = 1'000;
  Language language = Language::english;
};
/// Requires options that the schema has checked.
SatisfactionRequest satisfaction_request(const boost::json::object& options, const std::optional<Date>& until);

/// Whether opinions suffice.
enum class SatisfactionVerdict : std::uint8_t {
  none,        ///< nobody said anything
  too_few,     ///< less than 30 answers on any scale
  wide,        ///< the interval of the headline is wider than a tenth of what it can be
  not_asked,   ///< enough answers; who was asked is not on record
  few_answer,  ///< enough answers, by less than three in ten of those asked
  sufficient,
};
inline constexpr std::string_view satisfaction_verdict_names[] = {
    "insufficient: nothing that customers said is on record",    "insufficient: fewer than 30 answers",
    "doubtful: the interval is wider than a fifth of the scale", "doubtful: who was asked is not on record",
    "doubtful: fewer than three in ten of those asked answered", "sufficient"};

/// What opinions alone tell, wherever they come from.
struct OpinionOutcome {
  std::optional<Date> until;
  std::vector<OpinionGroup> groups;
  std::optional<OpinionScale> main;
  std::vector<std::size_t> rows;  ///< of the main scale, the last answer of each customer
  std::vector<SatisfactionDriver> drivers;
  std::vector<CustomerWord> words;  ///< by customer, then day
  SatisfactionIndex index;
  IndexJudgement judged;
};
/// `words` by customer, then day.
OpinionOutcome judge_opinions(const Opinions& opinions, std::vector<CustomerWord> words,
                              const SatisfactionRequest& request, const std::optional<Date>& until);

struct SatisfactionOutcome {
  OpinionOutcome opinions;
  SatisfactionVerdict verdict = SatisfactionVerdict::none;
  std::uint64_t off_scale = 0, unread = 0, remarks = 0;
  std::vector<SurveyAsking> asking;
  std::vector<AnswerBias> bias;
  std::vector<ComplaintGroup> complaints;
  std::vector<DissatisfactionSign> signs;
  std::vector<std::string> topics;  ///< of the signs
  SatisfactionSequel sequel;
  std::vector<ProblemCustomer> problems;
  ProblemHoldOut hold_out;
  std::vector<std::size_t> alerted;  ///< places among the problems
};
/// Sources as they stood on the evening of `until`.
SatisfactionOutcome judge_satisfaction(const SatisfactionSources& sources, const SatisfactionRequest& request,
                                       Date until, const Zone& zone);

/// docs/satisfaction.md has the form.
boost::json::object opinions_json(const SatisfactionRequest& request, const OpinionOutcome& outcome);
boost::json::object satisfaction_json(const SatisfactionRequest& request, const SatisfactionOutcome& outcome);
/// A row a customer: customer, index, weight, reason_1 ... reason_3.
NamedTable satisfaction_table(const SatisfactionRequest& request, const OpinionOutcome& outcome, Column customers);

}  // namespace emptor
