#include <algorithm>

#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"
#include "insight/live/live_model.hpp"
#include "insight/rfm/rank_bins.hpp"
#include "insight/rfm/rfm_json.hpp"
#include "mine/model_frame.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view frame_name = "rfm";
constexpr std::uint64_t frame_version = 1;

/// The first value of every bin but the lowest, of recency, frequency and monetary value.
using Cuts = std::array<std::vector<std::int64_t>, 3>;

Cuts load_cuts(std::string_view bytes, int bins) {
  const mine::ModelFrame frame = mine::frame_of(bytes, frame_name, frame_version);
  ByteReader reader(frame.payload);
  Cuts cuts;
  for (std::vector<std::int64_t>& list : cuts)
    for (std::uint64_t left = reader.varint(); left > 0; --left) list.push_back(reader.zigzag());
  const bool whole = reader.done() && std::ranges::all_of(cuts, [&](const auto& list) {
                       return list.size() + 1 == static_cast<std::size_t>(bins);
                     });
  if (!whole) throw Error(Code::corrupt, "cut points do not fit the number of bins");
  return cuts;
}

/// Scores one customer between cut points that stay.
class CutScores {
 public:
  explicit CutScores(const KeptModel& kept) : options_(rfm_options(kept_options(rfm_schema, kept), {})) {
    cuts_ = load_cuts(kept.fitted, options_.bins);
    if (!options_.segments && options_.bins == 5) options_.segments = ten_segments();
  }

  std::optional<RfmTable> table(const ShapedHistory& history, Date day) const {
    RfmTable table;
    table.measures = measures_of(history, options_.measures, day);
    if (table.measures.size() == 0) return std::nullopt;
    table.r = bins_between(table.measures.recency, cuts_[0]);
    table.r[0] = static_cast<std::uint8_t>(options_.bins + 1 - table.r[0]);
    table.f = bins_between(table.measures.frequency, cuts_[1]);
    table.m = bins_between(table.measures.monetary, cuts_[2]);
    const bool lowest = options_.measures.non_positive == NonPositive::lowest;
    if (lowest && table.measures.monetary[0] <= 0) table.m[0] = 1;
    return table;
  }
  const SegmentMap* segments() const { return options_.segments ? &*options_.segments : nullptr; }
  const Cuts& cuts() const { return cuts_; }

 private:
  RfmOptions options_;
  Cuts cuts_;
};

void give(const CutScores& scores, const RfmTable& table, LiveResult& result) {
  const Measures& measures = table.measures;
  const int r = table.r[0], f = table.f[0], m = table.m[0];
  result.scores.push_back({"rfm.recency", double(measures.recency[0])});
  result.scores.push_back({"rfm.frequency", double(measures.frequency[0])});
  result.scores.push_back({"rfm.monetary", Decimal::from_micros(measures.monetary[0]).to_double()});
  result.scores.push_back({"rfm.r", double(r), std::to_string(r)});
  result.scores.push_back({"rfm.f", double(f), std::to_string(f)});
  result.scores.push_back({"rfm.m", double(m), std::to_string(m)});
  if (scores.segments() == nullptr) return;
  const std::string& name = scores.segments()->name(r, f, m);
  result.scores.push_back({"rfm.segment", r * 100.0 + f * 10.0 + m, name});
  result.tag = "rfm." + name;
}

}  // namespace

std::string save_cuts(const RfmTable& table) {
  if (std::ranges::any_of(table.cuts, [](const auto& list) { return list.empty(); })) return {};
  mine::ModelFrame frame{std::string(frame_name), frame_version, "{}", {}, {}};
  for (const std::vector<std::int64_t>& list : table.cuts) {
    append_varint(frame.payload, list.size());
    for (const std::int64_t cut : list) append_zigzag(frame.payload, cut);
  }
  return mine::to_bytes(frame);
}

LiveModel live_rfm(KeptModel kept, const Zone&) {
  const CutScores scores(kept);
  LiveModel model;
  model.kept = std::move(kept);
  model.scores = {"rfm.recency", "rfm.frequency", "rfm.monetary", "rfm.r", "rfm.f", "rfm.m", "rfm.segment"};
  model.tagged = "rfm.segment";
  model.score = [scores](const ShapedHistory& history, Date day, LiveResult& result) {
    if (const auto table = scores.table(history, day)) give(scores, *table, result);
  };
  model.explain = [scores](const ShapedHistory&, Date, Language, json::object& told) {
    json::array monetary;
    for (const std::int64_t cut : scores.cuts()[2]) monetary.push_back(decimal_json(cut));
    told["cuts"] = {{"recency", json::value_from(scores.cuts()[0])},
                    {"frequency", json::value_from(scores.cuts()[1])},
                    {"monetary", std::move(monetary)}};
  };
  return model;
}

}  // namespace emptor
