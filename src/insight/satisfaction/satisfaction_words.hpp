/// Satisfaction in plain words, English and Chinese.
#pragma once

#include <string>

#include "insight/report/report_page.hpp"
#include "insight/satisfaction/satisfaction_work.hpp"

namespace emptor {

/// "NPS 31.2 (25.0 to 37.1) of 560 answers: 52.0 % promoters, 21.0 % detractors."
std::string headline_words(const OpinionGroup& group, const Voice& voice);
/// Whether the data suffice, and what they lack.
std::string verdict_words(const SatisfactionOutcome& outcome, const Voice& voice);
/// How many of those asked answered, and what that leaves open.
std::string asking_words(const SurveyAsking& asking, const Voice& voice);
/// How those who answered differ from the others; empty where they do not, chance aside.
std::string bias_words(const AnswerBias& bias, double false_findings, const Voice& voice);
/// What a measure goes with; of a plain table's column its name is said.
std::string driver_words(const SatisfactionDriver& driver, double false_findings, const Voice& voice);
std::string sign_words(const DissatisfactionSign& sign, const std::vector<std::string>& topics, const Voice& voice);
std::string sequel_words(const SatisfactionSequel& sequel, double false_findings, std::int32_t horizon,
                         const Voice& voice);
/// "answered 3 of 10, 12 days ago"
std::string word_in_words(const CustomerWord& word, std::int32_t until, const Voice& voice);
/// Why a customer is a problem customer.
std::string problem_words(const ProblemCustomer& problem, const Voice& voice);
std::string_view rule_words(const Voice& voice);

}  // namespace emptor
