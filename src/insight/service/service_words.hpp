/// Service in plain words, English and Chinese.
#pragma once

#include <string>

#include "insight/report/report_page.hpp"
#include "insight/service/service_work.hpp"

namespace emptor {

/// Half of all cases, first answers and promises, in one to three sentences.
std::string service_words(const ServiceOutcome& outcome, const Voice& voice);
/// How the waits of a tier differ from those of the others.
std::string gap_words(const TierGap& gap, double false_findings, const Voice& voice);
std::string topic_words(const TopicRepeats& topic, double false_findings, const Voice& voice);
/// What serving the most valuable first would change; empty where nothing is known to be at stake.
std::string queue_words(const QueueOrder& queue, const Voice& voice);
/// Why a case needs attention now.
std::string late_words(const LateCase& late, const ServiceCase& one, const std::string& tier, const Voice& voice);

}  // namespace emptor
