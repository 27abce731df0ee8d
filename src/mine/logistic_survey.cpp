#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/logistic_state.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint64_t sample_seed = 0x6C6F'6769'7374'6963;
constexpr std::size_t most_classes = 1'000;

bool before(const LogisticSurvey::Row& a, const LogisticSurvey::Row& b) {
  return std::tie(a.hash, a.id, a.y, a.weight, a.x) < std::tie(b.hash, b.id, b.y, b.weight, b.x);
}

/// Leaves the least `most`, in order.
void settle(std::vector<LogisticSurvey::Row>& sample, std::size_t most = LogisticSurvey::most_rows) {
  std::sort(sample.begin(), sample.end(), before);
  if (sample.size() > most) sample.resize(most);
}

/// What has a larger hash than this cannot come into the sample any more.
std::uint64_t bound_of(const std::vector<LogisticSurvey::Row>& sorted, std::size_t most) {
  return sorted.size() < most ? ~std::uint64_t{0} : sorted.back().hash;
}

void count_class(LogisticSurvey& survey, std::size_t of) {
  if (of >= survey.class_rows.size()) survey.class_rows.resize(of + 1);
  ++survey.class_rows[of];
}

/// Returns how many have a weight above 0.
std::uint64_t count_rows(LogisticSurvey& survey, const TrainingRows& batch) {
  const std::size_t count = batch.x.rows();
  std::uint64_t counted = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 65'536 == 0) beat("survey", i, count);
    const std::size_t y = checked_class(batch.y[i], most_classes, i);
    const double weight = checked_weight(batch, i);
    if (weight == 0) continue;
    ++counted;
    survey.greatest_weight = std::max(survey.greatest_weight, weight);
    count_class(survey, y);
  }
  survey.rows += count;
  survey.weighted_rows += counted;
  return counted;
}

/// A row of a batch that may come into the sample.
struct Place {
  std::uint64_t hash;
  std::size_t row;
};

std::vector<Place> hashes_up_to(const TrainingRows& batch, std::uint64_t first_id, std::uint64_t bound) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < batch.x.rows(); ++i) {
    if (i % 65'536 == 0) beat("survey", i, batch.x.rows());
    const std::uint64_t hash = hash_of(sample_seed, batch.ids.empty() ? first_id + i : batch.ids[i]);
    if (hash <= bound && batch.weight(i) > 0) places.push_back({hash, i});
  }
  return places;
}

/// The batch's rows with the least hashes, as many as a sample has (more where hashes are equal).
std::vector<Place> least_hashes(const TrainingRows& batch, std::uint64_t first_id, std::uint64_t counted,
                                std::uint64_t bound, std::size_t most) {
  std::vector<Place> places;
  // Hashes are uniform, so a share of them a little larger than needed is nearly always enough.
  const bool many = counted > 2 * most;
  if (many) places = hashes_up_to(batch, first_id, std::min(bound, ~std::uint64_t{0} / counted * (most + most / 8)));
  if (!many || places.size() < most) places = hashes_up_to(batch, first_id, bound);
  if (places.size() <= most) return places;
  const auto by_hash = [](const Place& a, const Place& b) { return a.hash < b.hash; };
  std::nth_element(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(most - 1), places.end(), by_hash);
  const std::uint64_t last = places[most - 1].hash;
  std::erase_if(places, [&](const Place& place) { return place.hash > last; });
  return places;
}

LogisticSurvey::Row row_at(const TrainingRows& batch, std::uint64_t first_id, const Place& place) {
  const std::size_t i = place.row;
  LogisticSurvey::Row row{place.hash, batch.ids.empty() ? first_id + i : batch.ids[i], batch.y[i], batch.weight(i), {}};
  row.x.reserve(batch.x.columns());
  for (std::size_t c = 0; c < batch.x.columns(); ++c) row.x.push_back(batch.x(i, c));
  return row;
}

}  // namespace

void add_to_survey(LogisticSurvey& survey, const TrainingRows& batch, std::uint64_t first_id, std::size_t most) {
  check_training_rows(batch);
  if (survey.columns == 0) survey.columns = batch.x.columns();
  if (survey.columns != batch.x.columns()) refuse_input("batches have different numbers of columns", "x");
  const std::uint64_t counted = count_rows(survey, batch);
  for (const Place& place : least_hashes(batch, first_id, counted, bound_of(survey.sample, most), most)) {
    survey.sample.push_back(row_at(batch, first_id, place));
  }
  settle(survey.sample, most);
}

LogisticSurvey survey_logistic(const TrainingRows& batch, const Run& run) {
  const LongCall call(run.progress);
  LogisticSurvey survey;
  add_to_survey(survey, batch, 0);
  return survey;
}

void merge(LogisticSurvey& into, const LogisticSurvey& other) {
  if (other.rows == 0) return;
  if (into.columns == 0) into.columns = other.columns;
  if (into.columns != other.columns) refuse_input("parts have different numbers of columns", "x");
  into.rows += other.rows;
  into.weighted_rows += other.weighted_rows;
  into.greatest_weight = std::max(into.greatest_weight, other.greatest_weight);
  into.class_rows.resize(std::max(into.class_rows.size(), other.class_rows.size()));
  for (std::size_t k = 0; k < other.class_rows.size(); ++k) into.class_rows[k] += other.class_rows[k];
  into.sample.insert(into.sample.end(), other.sample.begin(), other.sample.end());
  settle(into.sample);
}

}  // namespace emptor::mine
