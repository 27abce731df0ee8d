/// What the insight market tells: the summary, the table, and the model as it is kept.
#pragma once

#include <boost/json.hpp>
#include <map>

#include "emptor/insight/language.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/market/competition.hpp"
#include "insight/market/market_segments.hpp"

namespace emptor {

struct MarketRequest {
  SegmentOptions segments;
  bool use_kept = false;
  std::int32_t mention_days = 180;
  double false_findings = 0.05;
  std::string wallet;  ///< field of customers: what they spend in a year on what we sell, with anybody
  std::optional<Date> until = {};
  Language language = Language::english;
};
MarketRequest market_request(const boost::json::object& options, const std::optional<Date>& until);

/// What a customer said of competitors lately.
struct NamedLately {
  std::size_t mentions = 0;
  std::string competitor;  ///< the last one
};

struct MarketOutcome {
  BuyerRows rows;
  Segmentation segmentation;
  Competition competition;
  MentionSequel sequel;
  std::map<std::int64_t, NamedLately> named;  ///< by customer
  std::vector<double> wallet;                 ///< of each buyer, NaN where it is not known; empty unless asked for

  std::string verdict() const;
};

boost::json::object market_json(const MarketRequest& request, const MarketOutcome& outcome);
/// A row a buyer.
NamedTable segment_table(const MarketOutcome& outcome, Column customers);
/// The same, and what each said of competitors.
NamedTable market_table(const MarketOutcome& outcome, Column customers);

}  // namespace emptor
