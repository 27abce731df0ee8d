// k-means whose number of clusters is chosen: fit and bytes.
#include "core/long_call.hpp"
#include "emptor/mine/kmeans_choice.hpp"
#include "mine/kmeans_options.hpp"
#include "mine/model_frame.hpp"
#include "mine/payload.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "kmeans_choice";

}  // namespace

ChosenKmeans fit_chosen_kmeans(const TrainingRows& rows, const ChosenKmeansOptions& options, const Run& run) {
  const LongCall call(run.progress);
  ChosenKmeans chosen;
  chosen.options = options;
  chosen.choice = choose_kmeans(rows, options.choice, run);
  KmeansOptions fit = options.choice.fit;
  fit.k = options.by == KmeansChooser::elbow ? chosen.choice.by_elbow : chosen.choice.by_silhouette;
  chosen.model = fit_kmeans(rows, fit, run).model;
  if (options.stability_rounds > 0)
    chosen.stability = stability_of_kmeans(
        rows, {.rounds = options.stability_rounds, .share = options.stability_share, .fit = fit}, run);
  return chosen;
}

std::string save(const ChosenKmeans& chosen) {
  ModelFrame frame{.algorithm = std::string(algorithm),
                   .options = json_of(chosen.model.options),
                   .data_version = chosen.data_version};
  std::string& out = frame.payload;
  const ChosenKmeansOptions& options = chosen.options;
  for (const std::uint64_t number : {std::uint64_t{options.choice.least_k}, std::uint64_t{options.choice.greatest_k},
                                     std::uint64_t{options.choice.sample}, std::uint64_t{options.choice.fit.k},
                                     static_cast<std::uint64_t>(options.by), std::uint64_t{options.stability_rounds}})
    append_varint(out, number);
  append_double(out, options.stability_share);
  append_varint(out, chosen.choice.candidates.size());
  for (const KmeansCandidate& one : chosen.choice.candidates) {
    append_varint(out, one.k);
    append_double(out, one.inertia);
    append_double(out, one.silhouette);
  }
  append_varint(out, chosen.choice.by_silhouette);
  append_varint(out, chosen.choice.by_elbow);
  append_varint(out, chosen.choice.sample);
  append_double(out, chosen.stability.mean_rand_index);
  append_double(out, chosen.stability.least_rand_index);
  append_doubles(out, chosen.stability.cluster_overlap);
  append_doubles(out, chosen.stability.rand_indices);
  append_sized(out, save(chosen.model));
  return to_bytes(frame);
}

ChosenKmeans load_chosen_kmeans(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, 1);
  ByteReader reader(frame.payload);
  ChosenKmeans chosen;
  chosen.data_version = frame.data_version;
  ChosenKmeansOptions& options = chosen.options;
  options.choice.least_k = reader.varint();
  options.choice.greatest_k = reader.varint();
  options.choice.sample = reader.varint();
  const std::uint64_t k = reader.varint(), by = reader.varint();
  expect(by <= static_cast<std::uint64_t>(KmeansChooser::elbow));
  options.by = static_cast<KmeansChooser>(by);
  options.stability_rounds = reader.varint();
  options.stability_share = read_double(reader);
  const std::uint64_t candidates = reader.varint();
  expect(candidates <= reader.left());
  for (std::uint64_t i = 0; i < candidates; ++i) {
    KmeansCandidate& one = chosen.choice.candidates.emplace_back();
    one.k = reader.varint();
    one.inertia = read_double(reader);
    one.silhouette = read_double(reader);
  }
  chosen.choice.by_silhouette = reader.varint();
  chosen.choice.by_elbow = reader.varint();
  chosen.choice.sample = reader.varint();
  chosen.stability.mean_rand_index = read_double(reader);
  chosen.stability.least_rand_index = read_double(reader);
  chosen.stability.cluster_overlap = read_doubles(reader);
  chosen.stability.rand_indices = read_doubles(reader);
  chosen.model = load_kmeans(reader.sized());
  expect(reader.done());
  options.choice.fit = chosen.model.options;
  options.choice.fit.k = k;
  return chosen;
}

}  // namespace emptor::mine
