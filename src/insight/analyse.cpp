#include "emptor/insight/analyse.hpp"

#include <boost/json.hpp>
#include <chrono>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/insight/insight.hpp"
#include "insight/insight_runs.hpp"
#include "insight/words/verdict_words.hpp"
#include "insight/writing/kept_insight.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Whether an error speaks of the data, so that the other insights can go on.
bool is_about_data(const Error& error) { return error.code() == Code::invalid || error.code() == Code::not_found; }

/// Whether it speaks of the answer that the caller named.
bool is_about_answer(const Error& error, const AnalyseOptions& options) {
  const std::string& field = error.first().field;
  return !options.answer.empty() && (field == "answer" || field == "positive");
}

class TimeBudget {
 public:
  explicit TimeBudget(const std::optional<double>& seconds) : seconds_(seconds) {}
  bool used_up() const {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin_;
    return seconds_ && taken.count() >= *seconds_;
  }

 private:
  std::optional<double> seconds_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// What one insight is told besides: the language, where it has words; the answer, where it is the one that learns it.
std::string options_for(const InsightEntry& entry, const AnalyseOptions& options) {
  json::object given;
  const bool speaks = entry.options_schema.find("\"language\"") != std::string_view::npos;
  if (speaks) given["language"] = code_of(options.language);
  if (entry.name == "outcome" && !options.answer.empty()) given["answer"] = options.answer;
  if (entry.name == "outcome" && !options.positive.empty()) given["positive"] = options.positive;
  return json::serialize(given);
}

std::string verdict_of(const json::object& summary) {
  if (const json::value* verdict = summary.if_contains("verdict")) return std::string(verdict->as_string());
  const json::value* customers = summary.if_contains("customers");
  return customers != nullptr && *customers == json::value(0) ? "insufficient: there are no purchases" : "sufficient";
}

void check(const AnalyseOptions& options) {
  if (options.changed_share && !(*options.changed_share >= 0 && *options.changed_share <= 1))
    throw Error(Problem{.code = Code::invalid,
                        .message = "a share lies between 0 and 1",
                        .entity = {},
                        .field = "changed_share",
                        .row = std::nullopt});
}

}  // namespace

std::string analyse(Session& session, const AnalyseOptions& options) {
  const LongCall call(session.options().progress);
  const TimeBudget budget(options.seconds);
  check(options);
  json::object told, verdicts;
  for (const InsightEntry& entry : insights()) {
    if (budget.used_up()) {
      verdicts[entry.name] = told_verdict("left out: the budget of time is used up", options.language);
      continue;
    }
    try {
      if (options.changed_share) {
        const KeptTerms terms{*options.changed_share, options.as_of, options.write_back};
        if (std::optional<json::object> kept = keep_insight(session, entry.name, terms)) {
          verdicts[entry.name] = told_verdict(std::string(kept->at("verdict").as_string()), options.language);
          told[entry.name] = std::move(*kept);
          continue;
        }
      }
      const InsightResult result =
          entry.run(session, {options.as_of, options_for(entry, options), options.write_back, false});
      json::object summary = json::parse(result.json).as_object();
      verdicts[entry.name] = told_verdict(verdict_of(summary), options.language);
      told[entry.name] = std::move(summary);
    } catch (const Error& error) {
      if (!is_about_data(error) || is_about_answer(error, options)) throw;
      verdicts[entry.name] = told_verdict("insufficient: " + error.first().message, options.language);
    }
  }
  return json::serialize(json::object{{"insights", std::move(told)}, {"verdicts", std::move(verdicts)}});
}

}  // namespace emptor
