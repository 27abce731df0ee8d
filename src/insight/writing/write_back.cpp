#include "insight/writing/write_back.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <utility>

#include "core/long_call.hpp"
#include "insight/facts/each_row.hpp"
#include "session/tell.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_a_batch = 2'000;

/// The ids of customers that one batch is responsible for. (0 as an Id would be a missing value.)
struct CustomerSpan {
  std::int64_t after = 0, upto = 0;
};

Where within(const CustomerSpan& span) {
  return Where::all({Where::compare("customer_id", Operator::greater, Value::of_bits(Type::id, span.after)),
                     Where::compare("customer_id", Operator::less_equal, Id{span.upto})});
}

std::vector<Value> values_of(const std::vector<std::string_view>& texts) { return {texts.begin(), texts.end()}; }

struct StandingScore {
  Id id, model;
  std::optional<double> value;
  std::string label;
  std::int64_t data_version = 0;
};
using StandingScores = std::map<std::pair<std::int64_t, std::string>, StandingScore>;

StandingScores standing_scores(const View& view, const InsightRun& run, const CustomerSpan& span) {
  Query query{.entity = "score",
              .where = Where::all({within(span), Where::in("name", values_of(run.scores))}),
              .order = {{"customer_id"}},
              .fields = {"customer_id", "name", "value", "label", "model_id", "data_version"},
              .limit = 10'000};
  StandingScores scores;
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto cell = [&](std::size_t column) { return batch.columns[column].value(i); };
    StandingScore score{batch.ids[i], cell(4).id()};
    if (cell(2).present()) score.value = cell(2).real();
    score.label = cell(3).text();
    score.data_version = cell(5).present() ? cell(5).integer() : 0;
    scores[{cell(0).id().value, std::string(cell(1).text())}] = std::move(score);
  });
  return scores;
}

struct StandingTag {
  Id id, model;
  std::string name;
  std::optional<double> confidence;
};
using StandingTags = std::map<std::int64_t, std::vector<StandingTag>>;

StandingTags standing_tags(const View& view, const InsightRun& run, const CustomerSpan& span) {
  Query query{.entity = "tag",
              .where = Where::all({within(span), Where::equal("source", std::string_view(run.name))}),
              .order = {{"customer_id"}},
              .fields = {"customer_id", "name", "model_id", "confidence"},
              .limit = 10'000};
  StandingTags tags;
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    StandingTag tag{batch.ids[i], batch.columns[2].value(i).id(), std::string(batch.columns[1].text(i)), {}};
    if (const Value confidence = batch.columns[3].value(i); confidence.present()) tag.confidence = confidence.real();
    tags[batch.columns[0].bits[i]].push_back(std::move(tag));
  });
  return tags;
}

bool same(std::optional<double> a, std::optional<double> b) {
  return a.has_value() == b.has_value() && (!a || std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b));
}

/// The changes of one batch of customers: only what differs from what stands there.
class Differences {
 public:
  Differences(const View& view, const InsightRun& run, Id model, const CustomerSpan& span)
      : run_(run), model_(model), scores_(standing_scores(view, run, span)), tags_(standing_tags(view, run, span)) {}

  void give(std::int64_t customer, const GivenResult& result) {
    for (const GivenScore& score : result.scores) give_score(customer, score);
    std::vector<GivenTag> tags = result.tags;
    if (!result.tag.empty()) tags.push_back({result.tag});
    if (!tags.empty()) give_tags(customer, std::move(tags));
  }
  /// The changes. A tag that nobody was given again is erased; a score is emptied, for its record keeps the
  /// place of (customer, name) for the day it is given again.
  ChangeSet& finish() {
    while (!scores_.empty()) {
      const auto [customer, name] = scores_.begin()->first;
      give_score(customer, {.name = name});
    }
    for (const auto& [customer, standing] : tags_)
      for (const StandingTag& tag : standing) changes_.erase("tag", tag.id);
    return changes_;
  }

 private:
  void give_score(std::int64_t customer, const GivenScore& given) {
    Id id = no_id;
    if (auto found = scores_.extract({customer, std::string(given.name)}); !found.empty()) {
      const StandingScore& old = found.mapped();
      if (same(old.value, given.value) && old.label == given.label && old.model == model_ &&
          old.data_version == run_.data_version) {
        return;
      }
      id = old.id;
    }
    ChangeSet::Put put = changes_.put("score", id);
    if (!id) put.set("customer_id", Id{customer}).set("name", given.name);
    put.set("value", given.value ? Value(*given.value) : Value()).set("label", std::string_view(given.label));
    put.set("model_id", model_).set("data_version", run_.data_version);
  }
  /// Those that stand by their names keep their records; of the others, a record takes the next name.
  void give_tags(std::int64_t customer, std::vector<GivenTag> given) {
    std::vector<StandingTag> standing;
    if (auto found = tags_.extract(customer); !found.empty()) standing = std::move(found.mapped());
    std::erase_if(given, [&](const GivenTag& tag) {
      const auto old =
          std::find_if(standing.begin(), standing.end(), [&](const StandingTag& one) { return one.name == tag.name; });
      if (old == standing.end()) return false;
      if (old->model != model_ || !same(old->confidence, tag.confidence)) put_tag(customer, old->id, tag);
      standing.erase(old);
      return true;
    });
    for (const GivenTag& tag : given) {
      put_tag(customer, standing.empty() ? no_id : standing.back().id, tag);
      if (!standing.empty()) standing.pop_back();
    }
    for (const StandingTag& tag : standing) changes_.erase("tag", tag.id);
  }
  void put_tag(std::int64_t customer, Id id, const GivenTag& tag) {
    ChangeSet::Put put = changes_.put("tag", id);
    if (!id) put.set("customer_id", Id{customer}).set("source", std::string_view(run_.name));
    put.set("name", std::string_view(tag.name)).set("model_id", model_);
    put.set("confidence", tag.confidence ? Value(*tag.confidence) : Value());
  }

  const InsightRun& run_;
  Id model_;
  StandingScores scores_;
  StandingTags tags_;
  ChangeSet changes_;
};

bool same_model(const Record& model, const InsightRun& run) {
  return model.get("algorithm").text() == run.algorithm && model.get("options").text() == run.options &&
         model.get("state").text() == run.state && model.get("fitted").text() == run.fitted &&
         model.get("as_of") == Value(run.as_of) && model.get("data_version") == Value(run.data_version);
}

ApplyOptions reason_of(const InsightRun& run) { return {.reason = "insight " + run.name}; }

}  // namespace

Id write_model(Session& session, const InsightRun& run) {
  const std::vector<Record> models =
      session.view().select({.entity = "model", .where = Where::equal("name", std::string_view(run.name)), .limit = 1});
  if (!models.empty() && same_model(models.front(), run)) return models.front().id();
  ChangeSet changes;
  ChangeSet::Put put = changes.put("model", models.empty() ? no_id : models.front().id());
  put.set("name", std::string_view(run.name)).set("algorithm", std::string_view(run.algorithm));
  put.set("options", std::string_view(run.options)).set("state", std::string_view(run.state));
  put.set("fitted", Value::bytes(run.fitted));
  if (!models.empty() && run.fitted.empty() && models.front().get("live").present()) {
    put.set("live", Value());
    tell(session, LogLevel::warning, "the model " + run.name + " is no longer live: nothing scores single customers");
  }
  put.set("as_of", run.as_of).set("data_version", run.data_version);
  return session.apply(changes, reason_of(run)).ids.at(0);
}

Id write_back(Session& session, const InsightRun& run, std::span<const std::int64_t> customers,
              const std::function<void(std::size_t, GivenResult&)>& give) {
  const Id model = write_model(session, run);
  GivenResult result;
  CustomerSpan span;
  for (std::size_t first = 0; first == 0 || first < customers.size(); first += customers_a_batch) {
    beat(run.name, first, customers.size());
    const std::size_t end = std::min(first + customers_a_batch, customers.size());
    const bool last = end == customers.size();
    span = {span.upto, last ? std::numeric_limits<std::int64_t>::max() : customers[end - 1]};
    Differences differences(session.view(), run, model, span);
    for (std::size_t i = first; i < end; ++i) {
      result.scores.clear();
      result.tag.clear();
      result.tags.clear();
      give(i, result);
      differences.give(customers[i], result);
    }
    const ChangeSet& changes = differences.finish();
    if (!changes.empty()) session.apply(changes, reason_of(run));
  }
  return model;
}

}  // namespace emptor
