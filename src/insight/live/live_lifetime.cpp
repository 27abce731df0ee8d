#include <memory>

#include "core/elementary.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/kept_lifetime.hpp"
#include "insight/insight_runs.hpp"
#include "insight/lifetime/lifetime_history.hpp"
#include "insight/live/live_model.hpp"
#include "mine/model_frame.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view frame_name = "lifetime_and_spend";
constexpr std::uint64_t frame_version = 1;

struct Loaded {
  mine::LifetimeModel life;
  std::optional<mine::SpendModel> spend;
};

Loaded load(std::string_view bytes) {
  const mine::ModelFrame frame = mine::frame_of(bytes, frame_name, frame_version);
  ByteReader reader(frame.payload);
  Loaded loaded{mine::load_lifetime(reader.sized()), {}};
  if (!reader.done()) loaded.spend = mine::load_spend(reader.sized());
  if (!reader.done()) throw Error(Code::corrupt, "a lifetime model has bytes at its end that say nothing");
  return loaded;
}

LifetimeRequest request_of(const KeptModel& kept, const Zone& zone) {
  LifetimeRequest request = lifetime_request(kept_options(lifetime_schema, kept), {});
  request.rows.zone = zone;
  return request;
}

class LifetimeScores {
 public:
  LifetimeScores(const KeptModel& kept, const Zone& zone)
      : request_(request_of(kept, zone)), loaded_(load(kept.fitted)), kept_(loaded_.life, outlook()) {}

  LifetimeRows row(const ShapedHistory& history, Date day) const {
    LifetimeHistory rows(request_.rows, day, 1);
    for (const TimedLine& line : history.lines()) rows.add(line);
    rows.finish(1);
    return rows.take();
  }

  void give(const LifetimeRows& row, LiveResult& result) {
    const mine::LifetimeAnswer answer = kept_.ask(row.frequency[0], row.recency[0], row.age[0]);
    result.scores.push_back({"lifetime.alive", answer.alive});
    result.scores.push_back({"lifetime.expected", answer.expected});
    if (!loaded_.spend) return;
    const double count = row.spend[0] > 0 ? row.spend_count[0] : 0, mean = row.spend[0];
    double spend = 0, value = 0;
    mine::expected_spend(*loaded_.spend, {{&count, 1}, {&mean, 1}}, {&spend, 1});
    mine::customer_value({&answer.discounted, 1}, {&spend, 1}, request_.margin, {&value, 1});
    result.scores.push_back({"lifetime.spend", spend});
    result.scores.push_back({"lifetime.value", value});
  }

 private:
  mine::LifetimeOutlook outlook() const {
    return {request_.horizon, elementary::log(1 + request_.discount) / units_a_year(request_.rows.unit)};
  }

  LifetimeRequest request_;
  Loaded loaded_;
  mine::KeptLifetime kept_;
};

}  // namespace

std::string save_lifetime(const LifetimeOutcome& outcome) {
  if (!outcome.usable() || outcome.model->plain() == nullptr) return {};
  mine::ModelFrame frame{std::string(frame_name), frame_version, "{}", {}, {}};
  append_sized(frame.payload, mine::save(*outcome.model->plain()));
  if (!outcome.value.empty()) append_sized(frame.payload, mine::save(*outcome.spend_model));
  return mine::to_bytes(frame);
}

LiveModel live_lifetime(KeptModel kept, const Zone& zone) {
  const auto scores = std::make_shared<LifetimeScores>(kept, zone);
  LiveModel model;
  model.kept = std::move(kept);
  model.scores = {"lifetime.alive", "lifetime.expected", "lifetime.spend", "lifetime.value"};
  model.score = [scores](const ShapedHistory& history, Date day, LiveResult& result) {
    const LifetimeRows row = scores->row(history, day);
    if (row.size() > 0) scores->give(row, result);
  };
  model.explain = [scores](const ShapedHistory& history, Date day, Language, json::object& told) {
    const LifetimeRows row = scores->row(history, day);
    if (row.size() == 0) return;
    told["frequency"] = row.frequency[0];
    told["recency"] = row.recency[0];
    told["age"] = row.age[0];
    told["mean_spend"] = row.spend[0];
  };
  return model;
}

}  // namespace emptor
