#include "emptor/insight/analyse.hpp"

#include <boost/json.hpp>
#include <chrono>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/insight/insight.hpp"
#include "insight/insight_needs.hpp"
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

std::uint64_t mebibytes(std::uint64_t bytes) { return (bytes + (std::uint64_t{1} << 20) - 1) >> 20; }

/// What may be used: time, rows and memory; each without a limit unless it is given.
class Budgets {
 public:
  Budgets(const Session& session, const AnalyseOptions& options) : options_(options), needs_(session) {}

  bool time_is_used_up() const {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin_;
    return options_.seconds && taken.count() >= *options_.seconds;
  }
  /// What an insight needs beyond the budgets; nothing where it may begin.
  std::optional<std::string> lack(std::string_view insight) {
    if (!options_.rows && !options_.memory_bytes) return std::nullopt;
    const InsightNeed need = needs_.of(insight);
    told_[insight] = json::object{{"rows", need.rows}, {"memory_bytes", need.bytes}};
    if (options_.rows && need.rows > *options_.rows)
      return "it reads " + std::to_string(need.rows) + " rows and the budget is " + std::to_string(*options_.rows) +
             "; raise the budget of rows";
    if (options_.memory_bytes && need.bytes > *options_.memory_bytes)
      return "it may hold " + std::to_string(mebibytes(need.bytes)) + " MiB and the budget is " +
             std::to_string(*options_.memory_bytes >> 20) + " MiB; raise the budget of memory";
    return std::nullopt;
  }
  /// The needs of all insights that were asked for.
  const json::object& told() const noexcept { return told_; }

 private:
  const AnalyseOptions& options_;
  InsightNeeds needs_;
  json::object told_;
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

/// An insight whose model of before serves on.
std::optional<json::object> kept(Session& session, const InsightEntry& entry, const AnalyseOptions& options) {
  if (!options.changed_share) return std::nullopt;
  return keep_insight(session, entry.name, {*options.changed_share, options.as_of, options.write_back});
}

json::object fresh(Session& session, const InsightEntry& entry, const AnalyseOptions& options) {
  const InsightOptions own{.as_of = options.as_of,
                           .json = options_for(entry, options),
                           .write_back = options.write_back,
                           .memory_bytes = options.memory_bytes.value_or(0)};
  return json::parse(run_insight(session, entry.name, own).json).as_object();
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
  check(options);
  Budgets budgets(session, options);
  json::object told, verdicts;
  const auto leave_out = [&](const InsightEntry& entry, const std::string& why) {
    verdicts[entry.name] = told_verdict("left out: " + why, options.language);
  };
  for (const InsightEntry& entry : insights()) {
    if (budgets.time_is_used_up()) {
      leave_out(entry, "the budget of time is used up");
      continue;
    }
    try {
      std::optional<json::object> summary = kept(session, entry, options);
      if (!summary) {
        if (const auto lack = budgets.lack(entry.name)) {
          leave_out(entry, *lack);
          continue;
        }
        summary = fresh(session, entry, options);
      }
      verdicts[entry.name] = told_verdict(verdict_of(*summary), options.language);
      told[entry.name] = std::move(*summary);
    } catch (const Error& error) {
      if (error.code() == Code::budget) {
        leave_out(entry, error.first().message);
        continue;
      }
      if (!is_about_data(error) || is_about_answer(error, options)) throw;
      verdicts[entry.name] = told_verdict("insufficient: " + error.first().message, options.language);
    }
  }
  json::object all = {{"insights", std::move(told)}, {"verdicts", std::move(verdicts)}};
  if (!budgets.told().empty()) all["needs"] = budgets.told();
  return json::serialize(all);
}

}  // namespace emptor
