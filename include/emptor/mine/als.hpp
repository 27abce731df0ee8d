/// Alternating least squares: customers and items as vectors whose product says how much a customer prefers an item,
/// learnt from what was bought, and how often, without any word of dislike.
///
///     const AlsModel model = fit_als(purchases, {.factors = 32, .seed = 1});
///     const std::vector<ScoredItem> offers = recommend(model, vector_of(model, customer), owned, 10);
///
/// Source: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM (2008). With p = 1
/// where something was bought, else 0, and the confidence c = 1 + alpha r, the loss sum over all customers and items of
/// c (p - x y)^2 + regularisation (sum of |x|^2 + sum of |y|^2) is made small by solving for all items while customers
/// stay, then for all customers while items stay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/item_purchases.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

enum class AlsConfidence : std::uint8_t {
  linear,       ///< 1 + alpha r
  logarithmic,  ///< 1 + alpha log(1 + r / epsilon), the paper's (6)
};
enum class AlsSolver : std::uint8_t {
  cholesky,             ///< each vector is the exact solution of its equations
  conjugate_gradients,  ///< some steps towards it from where it was; faster for many factors
};

struct AlsOptions {
  std::size_t factors = 64;     ///< length of the vectors, 1 to 1,024
  double alpha = 40;            ///< > 0, at most 1e6
  double regularisation = 0.1;  ///< > 0
  std::size_t sweeps = 15;      ///< 1 to 10,000
  AlsConfidence confidence = AlsConfidence::linear;
  double epsilon = 1;  ///< > 0, of logarithmic confidence
  AlsSolver solver = AlsSolver::cholesky;
  std::size_t steps = 3;           ///< of conjugate gradients, 1 to 1,000
  std::uint64_t seed = 0;          ///< a customer's start is f(seed, id)
  bool track_loss = true;          ///< the loss after every sweep
  std::uint64_t memory_bytes = 0;  ///< beyond the purchases; 0: no limit
  friend bool operator==(const AlsOptions&, const AlsOptions&) noexcept = default;
};

struct AlsModel {
  AlsOptions options;
  std::string data_version;              ///< of what it was fitted on; the caller's to set
  std::vector<std::uint64_t> customers;  ///< ids, ascending
  std::vector<std::uint32_t> items;      ///< numbers, ascending
  std::vector<double> customer_vectors;  ///< customers x factors, row by row; zeros for who bought nothing
  std::vector<double> item_vectors;      ///< items x factors
  std::vector<double> losses;            ///< after each sweep; empty where not tracked

  friend bool operator==(const AlsModel&, const AlsModel&) = default;
};

/// The same bits for any number of threads and, with ids, any order of customers. Throws Code::invalid (fields
/// "starts", "items", "counts", "ids" with the customer, and those of the options; "regularisation" where the equations
/// cannot be solved in double precision), Code::budget. Each sweep takes O(purchases x factors^2 + (customers + items)
/// x factors^3) with Cholesky, O(steps x (purchases x factors + (customers + items) x factors^2)) with conjugate
/// gradients.
AlsModel fit_als(const ItemPurchases& purchases, const AlsOptions& options = {}, const Run& run = {});

/// The vector of a customer, or of an item; nothing where it is unknown.
std::optional<std::span<const double>> vector_of(const AlsModel& model, std::uint64_t customer) noexcept;
std::optional<std::span<const double>> item_vector_of(const AlsModel& model, std::uint32_t item) noexcept;

/// Vectors of new customers (or of known ones who bought more): those that solve their equations, items staying as they
/// are. Customers x factors, in the order given. Items that the model does not know are left out. Throws as `fit_als`.
std::vector<double> fold_in(const AlsModel& model, const ItemPurchases& purchases, const Run& run = {});

/// The items of highest score x y, without those owned. Throws Code::invalid (field "vector") for another length or
/// numbers that are not finite. O(items x factors).
std::vector<ScoredItem> recommend(const AlsModel& model, std::span<const double> vector,
                                  std::span<const std::uint32_t> owned = {}, std::size_t count = 10);

/// A score by the customer's own purchases (the paper's section 5).
struct AlsReason {
  std::uint32_t item = 0;   ///< bought
  double similarity = 0;    ///< to the item explained, in this customer's eyes
  double contribution = 0;  ///< similarity x confidence
  friend bool operator==(const AlsReason&, const AlsReason&) noexcept = default;
};
/// By falling contribution; they add up to the score of the customer folded in, which under Cholesky is also that of
/// the vector in the model. Empty where the model does not know the item. Throws Code::invalid as `fit_als`.
std::vector<AlsReason> explain(const AlsModel& model, std::span<const std::uint32_t> bought,
                               std::span<const double> counts, std::uint32_t item);

std::string save(const AlsModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
AlsModel load_als(std::string_view bytes);

}  // namespace emptor::mine
