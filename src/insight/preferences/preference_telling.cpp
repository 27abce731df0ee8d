// Preferences as options, words, JSON and a table.
#include <algorithm>

#include "insight/insight_runs.hpp"
#include "insight/preferences/preference_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_told = 20;  // topics in a summary

struct TopicSum {
  std::uint32_t topic = 0;
  std::uint64_t customers = 0, likes = 0, dislikes = 0, asked = 0;
};

/// Those that most customers named.
std::vector<TopicSum> topic_sums(const PreferenceTexts& texts, const PreferenceOutcome& outcome) {
  std::vector<TopicSum> sums(texts.topics.size());
  for (std::size_t topic = 0; topic < sums.size(); ++topic) sums[topic].topic = static_cast<std::uint32_t>(topic);
  for (const Preference& one : outcome.all) {
    TopicSum& sum = sums[one.topic];
    ++sum.customers;
    sum.likes += one.likes;
    sum.dislikes += one.dislikes;
    sum.asked += one.asked;
  }
  std::erase_if(sums, [](const TopicSum& one) { return one.customers == 0; });
  std::stable_sort(sums.begin(), sums.end(),
                   [](const TopicSum& a, const TopicSum& b) { return a.customers > b.customers; });
  if (sums.size() > most_told) sums.resize(most_told);
  return sums;
}

json::object tone_json(const Tone& tone) {
  json::object told = {{"good", tone.good},
                       {"bad", tone.bad},
                       {"words", tone.odds.size()},
                       {"judged", tone.judged},
                       {"right", tone.right},
                       {"auc", (tone.delta.value + 1) / 2},
                       {"lower", (tone.delta.lower + 1) / 2},
                       {"upper", (tone.delta.upper + 1) / 2}};
  if (!tone.usable()) told["why"] = tone.why;
  return told;
}

json::object judgement_json(const PreferenceJudgement& one) {
  return {{"customers", one.customers},
          {"purchases_loss", one.purchases_loss},
          {"words_loss", one.words_loss},
          {"gain", one.gain},
          {"lower", one.lower},
          {"upper", one.upper},
          {"purchases_hits", one.purchases_hits},
          {"words_hits", one.words_hits}};
}

}  // namespace

const std::string_view preferences_schema = R"({"type":"object","properties":{
"window_days":{"type":"integer","minimum":7,"maximum":3650,"description":"days in which the next purchase is looked for; as many just past judge it; 180 without it"},
"clear_tone":{"type":"number","minimum":0.1,"maximum":20,"description":"log odds from which on a mention is a like or a dislike; 1 without it"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"language":{"type":"string","enum":["en","zh"],"description":"of words and verdict"}}})";

PreferenceRequest preference_request(const json::object& options, const std::optional<Date>& until) {
  PreferenceRequest request;
  request.until = until;
  if (const json::value* value = options.if_contains("window_days")) request.window = value->to_number<std::int32_t>();
  if (const json::value* value = options.if_contains("clear_tone")) request.clear_tone = value->to_number<double>();
  request.purchases = measure_options(options, {}).purchases;
  request.language = language_option(options);
  return request;
}

std::string preference_words(const Topic& topic, const Preference& one, Language language) {
  const bool chinese = language == Language::chinese;
  const auto of = [&](std::uint32_t count) {
    return chinese ? "（提及" + std::to_string(one.mentions) + "次，其中" + std::to_string(count) + "次）"
                   : " (" + std::to_string(count) + " of " + std::to_string(one.mentions) + " mentions)";
  };
  if (one.likes > one.dislikes) return (chinese ? "喜欢" : "likes ") + topic.name + of(one.likes);
  if (one.dislikes > one.likes) return (chinese ? "不喜欢" : "dislikes ") + topic.name + of(one.dislikes);
  if (one.asked > 0) return (chinese ? "想要" : "asks for ") + topic.name + of(one.asked);
  return {};
}

json::object preferences_json(const PreferenceRequest& request, const PreferenceTexts& texts,
                              const PreferenceOutcome& outcome) {
  json::array topics;
  for (const TopicSum& one : topic_sums(texts, outcome))
    topics.push_back({{"kind", texts.topics[one.topic].kind},
                      {"topic", texts.topics[one.topic].name},
                      {"customers", one.customers},
                      {"likes", one.likes},
                      {"dislikes", one.dislikes},
                      {"asked", one.asked}});
  return {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
          {"customers", outcome.customers},
          {"texts", texts.texts},
          {"naming", texts.naming},
          {"topics", std::move(topics)},
          {"tone", tone_json(texts.tone)},
          {"judged", judgement_json(outcome.judgement)},
          {"weights", {{"tone", outcome.weights.tone}, {"wish", outcome.weights.wish}}},
          {"verdict", outcome.verdict},
          {"options",
           {{"window_days", request.window},
            {"clear_tone", request.clear_tone},
            {"purchases", measure_options_json({.purchases = request.purchases}).at("purchases")},
            {"language", code_of(request.language)}}}};
}

NamedTable preferences_table(const PreferenceRequest& request, const PreferenceTexts& texts,
                             const PreferenceOutcome& outcome, const Column& customers) {
  NamedTable table;
  table.add("customer", customers.type);
  for (const char* name : {"kind", "topic"}) table.add(name, Type::text);
  for (const char* name : {"mentions", "likes", "dislikes", "asked"}) table.add(name, Type::integer);
  for (const char* name : {"share", "base", "lift"}) table.add(name, Type::real);
  table.add("words", Type::text);
  for (std::size_t row = 0; row < outcome.all.size(); ++row) {
    const Preference& one = outcome.all[row];
    const Topic& topic = texts.topics[one.topic];
    const std::string words = preference_words(topic, one, request.language);
    const bool known = one.share && one.base && *one.base > 0;
    const Value cells[] = {customers.value(row),
                           std::string_view(topic.kind),
                           std::string_view(topic.name),
                           std::int64_t{one.mentions},
                           std::int64_t{one.likes},
                           std::int64_t{one.dislikes},
                           std::int64_t{one.asked},
                           known ? Value(*one.share) : Value(),
                           known ? Value(*one.base) : Value(),
                           known ? Value(*one.share / *one.base) : Value(),
                           words.empty() ? Value() : Value(std::string_view(words))};
    for (std::size_t column = 0; column < std::size(cells); ++column) table.columns[column].append(cells[column]);
  }
  return table;
}

}  // namespace emptor
