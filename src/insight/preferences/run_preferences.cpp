#include <algorithm>
#include <limits>
#include <span>

#include "core/options.hpp"
#include "insight/facts/stored_kinds.hpp"
#include "insight/insight_runs.hpp"
#include "insight/preferences/preference_work.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_tags = 5;  // of a customer

/// How sure a saying is: one mention added on either side.
double confidence_of(std::uint32_t so, std::uint32_t otherwise) { return (so + 1.0) / (so + otherwise + 2.0); }

void give_one(const PreferenceTexts& texts, const Preference& one, GivenResult& result) {
  const std::string& name = texts.topics[one.topic].name;
  if (one.likes > one.dislikes)
    result.tags.push_back({"likes:" + name, confidence_of(one.likes, one.dislikes)});
  else if (one.dislikes > one.likes)
    result.tags.push_back({"dislikes:" + name, confidence_of(one.dislikes, one.likes)});
  else if (one.asked > 0)
    result.tags.push_back({"asks:" + name, confidence_of(one.asked, one.mentions - one.asked)});
}

/// The surest few; a name that is a category's and a product's is told once.
void settle_tags(std::vector<GivenTag>& tags) {
  std::stable_sort(tags.begin(), tags.end(),
                   [](const GivenTag& a, const GivenTag& b) { return *a.confidence > *b.confidence; });
  std::vector<GivenTag> kept;
  for (GivenTag& tag : tags)
    if (kept.size() < most_tags &&
        std::none_of(kept.begin(), kept.end(), [&](const GivenTag& one) { return one.name == tag.name; }))
      kept.push_back(std::move(tag));
  tags = std::move(kept);
}

/// The category whose share words and purchases raise most above that of all.
void give_main(const PreferenceTexts& texts, std::span<const Preference> own, const PreferenceRequest& request,
               GivenResult& result) {
  const Preference* best = nullptr;
  double lift = 1;
  for (const Preference& one : own) {
    if (!one.share || !one.base || *one.base <= 0 || one.dislikes > one.likes) continue;
    if (*one.share / *one.base <= lift) continue;
    lift = *one.share / *one.base;
    best = &one;
  }
  if (best == nullptr) return;
  const std::string words = preference_words(texts.topics[best->topic], *best, request.language);
  result.scores.push_back({"preferences.main", lift, words.empty() ? texts.topics[best->topic].name : words});
}

Id write_preferences(Session& session, const PreferenceRequest& request, const PreferenceTexts& texts,
                     const PreferenceOutcome& outcome, const json::object& told, std::int64_t data_version) {
  std::vector<std::int64_t> customers;
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < outcome.all.size(); ++i) {
    if (i > 0 && outcome.all[i].customer == outcome.all[i - 1].customer) continue;
    customers.push_back(outcome.all[i].customer);
    starts.push_back(i);
  }
  starts.push_back(outcome.all.size());
  json::object state;
  for (const char* part : {"customers", "texts", "naming", "topics", "tone", "judged", "weights", "verdict"})
    state[part] = told.at(part);
  const InsightRun run{.name = "preferences",
                       .algorithm = "preferences/1",
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = outcome.until.value_or(Date{}),
                       .data_version = data_version,
                       .scores = {"preferences.main"}};
  return write_back(session, run, customers, [&](std::size_t row, GivenResult& result) {
    const auto own = std::span(outcome.all).subspan(starts[row], starts[row + 1] - starts[row]);
    for (const Preference& one : own) give_one(texts, one, result);
    settle_tags(result.tags);
    if (outcome.verdict == "sufficient") give_main(texts, own, request, result);
  });
}

}  // namespace

InsightResult run_preferences(Session& session, const InsightOptions& options) {
  const PreferenceRequest request =
      preference_request(checked_options(preferences_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  const StoredKinds kinds = read_kinds(view, facts);
  const PreferenceTexts texts = read_preference_texts(view);
  const LineDetails no_details;
  const LineKinds nothing;
  const Occasions occasions = read_occasions({lines_of(facts), no_details, nothing, nothing, kinds.category, Zone()},
                                             request.purchases, std::numeric_limits<std::int32_t>::max());
  const PreferenceOutcome outcome = infer_preferences(occasions, kinds.category, texts, request);
  const std::int64_t data_version = std::max({facts.data_version, kinds.data_version, texts.data_version});
  json::object summary = preferences_json(request, texts, outcome);
  tell_run(summary, "preferences", data_version, outcome.customers);
  if (options.write_back)
    summary["model_id"] =
        std::to_string(write_preferences(session, request, texts, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, static_cast<std::size_t>(outcome.customers)};
  if (!options.table) return result;
  std::vector<std::int64_t> customers;
  for (const Preference& one : outcome.all) customers.push_back(one.customer);
  result.table = preferences_table(request, texts, outcome, id_column(customers));
  return result;
}

}  // namespace emptor
