/// How long things last, whatever they came from: curves by group, whether groups differ, and what raises the risk.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/cox.hpp"
#include "emptor/mine/design_matrix.hpp"
#include "emptor/mine/survival.hpp"
#include "emptor/store/named_table.hpp"

namespace emptor {

struct SurvivalRequest {
  mine::KaplanMeierOptions curves;
  mine::CoxTies ties = mine::CoxTies::efron;
  double ridge = 0;
  Language language = Language::english;  ///< of the verdict
};
/// Requires options that the schema has checked.
SurvivalRequest survival_request(const boost::json::object& options);
boost::json::object survival_options_json(const SurvivalRequest& request);
/// The properties of a schema that survival_request reads.
extern const std::string_view survival_properties;

/// A row each.
struct SurvivalRows {
  std::vector<double> duration, event;
  std::vector<std::uint32_t> group;      ///< places among the names; empty without groups
  std::vector<std::string> group_names;  ///< ascending by bytes
  std::vector<mine::TableColumn> covariates;

  std::size_t size() const noexcept { return duration.size(); }
};

/// Words as a column of categories, also where they look like numbers; empty ones are missing.
mine::TableColumn words_column(std::string name, const std::vector<std::string>& words);

struct SurvivalOutcome {
  std::string verdict;
  std::optional<mine::KaplanMeier> all, by_group;  ///< nothing without rows; by group where there are at least two
  std::optional<mine::LogRank> log_rank;
  std::optional<mine::CoxModel> cox;
  std::optional<mine::DesignMatrix> design;  ///< of the covariates
  std::string cox_refused;                   ///< why there is no such model, where covariates were given
  std::size_t left_out = 0;                  ///< rows that lack a covariate, which Cox's model does without
};
SurvivalOutcome fit_survival(const SurvivalRows& rows, const SurvivalRequest& request, const mine::Run& run);

/// docs/survival.md has the form.
boost::json::object survival_json(const SurvivalRows& rows, const SurvivalRequest& request,
                                  const SurvivalOutcome& outcome);
/// The curves, a row a time: group (empty: all), time, at_risk, events, censored, survival, standard_error, lower,
/// upper.
NamedTable survival_table(const SurvivalRows& rows, const SurvivalOutcome& outcome);

}  // namespace emptor
