/// Market segments: customers who behave alike, where there are such groups at all.
///
/// k-means on standardised columns; the number of clusters by silhouette or elbow. Clusters are called segments only
/// where they are (1) clearer than those of a cloud of the same size and covariance that has none (the idea of
/// SigClust: Liu and others, JASA 103 (2008), 1281, here with the silhouette as the index), and (2) found again in
/// halves of the customers (Hennig, Comput. Stat. Data Anal. 52 (2007), 258).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/mine/kmeans_choice.hpp"
#include "emptor/mine/rates.hpp"
#include "emptor/mine/scaling.hpp"
#include "insight/facts/customer_lines.hpp"
#include "insight/market/cluster_clouds.hpp"
#include "insight/words/portrait.hpp"

namespace emptor {

struct SegmentOptions {
  std::size_t least_k = 2, greatest_k = 8;
  mine::KmeansChooser by = mine::KmeansChooser::silhouette;
  std::int32_t window_days = 365;            ///< of revenue, and as many before them
  std::vector<std::string> attributes = {};  ///< fields of customers beside behaviour
};

/// What customers with a purchase did up to a day.
struct BuyerRows {
  std::vector<std::int64_t> customer;                        ///< ascending
  std::vector<double> recency, orders, mean_amount, tenure;  ///< days, orders, units of the base currency, days
  std::vector<double> revenue, before;                       ///< of the window and the one before it
  bool has_before = false;

  std::size_t size() const noexcept { return customer.size(); }
};
BuyerRows buyer_rows(const CustomerLines& lines, std::int32_t until, std::int32_t window_days);

/// Columns that clusters are made of: logarithms of behaviour, numbers and kinds of attributes; and how they are
/// scaled. Of a kept model, so that new customers come out where old ones of their sort are.
struct SegmentColumns {
  std::vector<std::string> names;  ///< "recency", "employees", "industry=retail"
  std::vector<double> missing;     ///< what stands for a number that is not known: the median
  mine::Scaling scaling;

  friend bool operator==(const SegmentColumns&, const SegmentColumns&) = default;
};

struct SegmentModel {
  SegmentColumns columns;
  mine::KmeansModel clusters;
  std::vector<std::uint32_t> rank;  ///< of each cluster among the segments
};

struct MarketSegment {
  std::string name;  ///< "segment_1": the one of the most revenue a customer
  std::size_t customers = 0;
  double share = 0, revenue = 0, before = 0;
  std::optional<mine::RateInterval> growth;
  double overlap = 0;  ///< how much of it halves of the customers find again; 0 where it was not looked at
  Portrait portrait;
};

struct Segmentation {
  std::string verdict;
  bool kept = false;  ///< assigned by the model of an earlier run
  std::optional<SegmentModel> model;
  mine::KmeansChoice choice;
  mine::KmeansStability stability;
  CloudComparison clouds;
  std::vector<std::uint32_t> segment;  ///< of each buyer
  std::vector<MarketSegment> segments;
};
/// `attributes` is what the store knows of these buyers.
Segmentation segment_market(const BuyerRows& rows, const PortraitColumns& attributes, const SegmentOptions& options,
                            const std::optional<SegmentModel>& kept, const mine::Run& run);

std::string save(const SegmentModel& model);  ///< JSON
/// Nothing for a text that is none.
std::optional<SegmentModel> load_segments(std::string_view text);

}  // namespace emptor
