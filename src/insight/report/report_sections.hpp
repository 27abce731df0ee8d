/// The sections of the report, each a piece of HTML.
#pragma once

#include <string>
#include <vector>

#include "insight/report/report_figures.hpp"
#include "insight/report/report_page.hpp"

namespace emptor {

std::string base_section(const Voice& voice, const ReportFigures& figures);
std::string problems_section(const Voice& voice, const std::vector<ReportProblem>& problems);
std::string rfm_section(const Voice& voice, const ReportFigures& figures);
std::string classes_section(const Voice& voice, const ReportFigures& figures);
std::string groups_section(const Voice& voice, const ReportFigures& figures);
std::string top_section(const Voice& voice, const ReportFigures& figures);
/// Empty without what the insights lifetime, churn and credit left.
std::string worth_section(const Voice& voice, const ReportFigures& figures);
std::string curve_section(const Voice& voice, const ReportFigures& figures);
std::string leaving_section(const Voice& voice, const ReportFigures& figures);
/// Empty without the insight campaigns.
std::string campaigns_section(const Voice& voice, const ReportFigures& figures);
/// Empty where no insight that judges itself has run.
std::string verdicts_section(const Voice& voice, const ReportFigures& figures);
/// Empty without the insight outcome.
std::string outcome_section(const Voice& voice, const ReportFigures& figures);
/// Empty without the insights of these names.
std::string satisfaction_section(const Voice& voice, const View& view);
std::string service_section(const Voice& voice, const View& view);
/// Empty without the insights fraud, market and composition.
std::string fraud_section(const Voice& voice, const ReportFigures& figures);
std::string market_section(const Voice& voice, const ReportFigures& figures);
std::string composition_section(const Voice& voice, const ReportFigures& figures);
/// Empty without the insights habits, preferences and usage.
std::string habits_section(const Voice& voice, const ReportFigures& figures);
std::string preferences_section(const Voice& voice, const ReportFigures& figures);
std::string usage_section(const Voice& voice, const ReportFigures& figures);
/// Empty without the insights causes and trends.
std::string changes_section(const Voice& voice, const ReportFigures& figures);
std::string trends_section(const Voice& voice, const ReportFigures& figures);
std::string risk_section(const Voice& voice, const ReportFigures& figures);
std::string next_section(const Voice& voice, const ReportFigures& figures, const std::vector<ReportProblem>& problems);

/// A heading with what stands under it.
std::string section(std::string_view anchor, std::string_view heading, std::string_view lead, const std::string& body);
/// Bars by period; known customers and the others on top of them.
std::string period_chart(const Voice& voice, const std::vector<PeriodRevenue>& periods);
/// A bar for each group, below one another; numbers below 0 have none.
std::string group_chart(const Voice& voice, std::string_view name,
                        const std::vector<std::pair<std::string, double>>& bars);
/// What came and what was expected, added up.
std::string lifetime_curve(const Voice& voice, const LifetimeTrack& track);
/// Two bars of one length, split by class: customers and what they bring.
std::string class_chart(const Voice& voice, const ValueClasses& classes);
/// An amount that a model expects, in whole units of the currency.
std::string expected_amount(const Voice& voice, double amount);
/// How the report shows the name of a segment: as it is, where it is not one of the ten.
std::string segment_shown(const Voice& voice, std::string_view name);

}  // namespace emptor
