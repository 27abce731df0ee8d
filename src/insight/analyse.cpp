#include "emptor/insight/analyse.hpp"

#include <boost/json.hpp>
#include <chrono>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/insight/insight.hpp"
#include "insight/kept_insight.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Whether an error speaks of the data, so that the other insights can go on.
bool is_about_data(const Error& error) { return error.code() == Code::invalid || error.code() == Code::not_found; }

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
      verdicts[entry.name] = "left out: the budget of time is used up";
      continue;
    }
    try {
      if (options.changed_share) {
        const KeptTerms terms{*options.changed_share, options.as_of, options.write_back};
        if (std::optional<json::object> kept = keep_insight(session, entry.name, terms)) {
          verdicts[entry.name] = kept->at("verdict");
          told[entry.name] = std::move(*kept);
          continue;
        }
      }
      const InsightResult result = entry.run(session, {.as_of = options.as_of, .write_back = options.write_back});
      json::object summary = json::parse(result.json).as_object();
      verdicts[entry.name] = verdict_of(summary);
      told[entry.name] = std::move(summary);
    } catch (const Error& error) {
      if (!is_about_data(error)) throw;
      verdicts[entry.name] = "insufficient: " + error.first().message;
    }
  }
  return json::serialize(json::object{{"insights", std::move(told)}, {"verdicts", std::move(verdicts)}});
}

}  // namespace emptor
