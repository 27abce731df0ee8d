#include "insight/facts/stored_kinds.hpp"

#include <algorithm>
#include <unordered_map>

#include "insight/facts/each_row.hpp"

namespace emptor {
namespace {

/// Kinds by name, numbered as they are met.
class KindNames {
 public:
  std::uint32_t of(std::string_view name) {
    if (name.empty()) return LineKinds::none;
    const auto [found, fresh] = numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(names.size()));
    if (fresh) names.emplace_back(name);
    return found->second;
  }
  std::vector<std::string> names;

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

/// Kinds that a record names for the key of a line (its order, its product).
class KindsByKey {
 public:
  KindsByKey(const View& view, const char* entity, const char* key, const char* field) {
    const Query query{.entity = entity, .fields = {key, field, "version"}, .limit = 20'000, .with_deleted = true};
    const bool by_id = std::string_view(key) == "version";  // the record's own id
    each_row(view, query, [&](const Batch& batch, std::size_t i) {
      if (batch.columns[2].valid[i]) data_version = std::max(data_version, batch.columns[2].bits[i]);
      if (!by_id && !batch.columns[0].valid[i]) return;
      const std::uint32_t kind = names_.of(batch.columns[1].text(i));
      if (kind != LineKinds::none) kinds_.try_emplace(by_id ? batch.ids[i].value : batch.columns[0].bits[i], kind);
    });
  }
  LineKinds of(std::span<const std::int64_t> keys) && {
    LineKinds kinds;
    if (kinds_.empty()) return kinds;
    kinds.names = std::move(names_.names);
    for (const std::int64_t key : keys) {
      const auto found = kinds_.find(key);
      kinds.of.push_back(found == kinds_.end() ? LineKinds::none : found->second);
    }
    return kinds;
  }
  std::int64_t data_version = 0;

 private:
  std::unordered_map<std::int64_t, std::uint32_t> kinds_;
  KindNames names_;
};

}  // namespace

StoredKinds read_kinds(const View& view, const Facts& facts) {
  std::vector<std::int64_t> orders, products, lines;
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    const PurchaseRows rows = facts.of(i);
    orders.insert(orders.end(), rows.order.begin(), rows.order.end());
    products.insert(products.end(), rows.product.begin(), rows.product.end());
    lines.insert(lines.end(), rows.line.begin(), rows.line.end());
  }
  KindsByKey channel(view, "order", "version", "channel"), method(view, "payment", "order_id", "method"),
      category(view, "product", "version", "category");
  StoredKinds kinds{std::move(channel).of(orders), std::move(method).of(orders), std::move(category).of(products),
                    std::max({channel.data_version, method.data_version, category.data_version})};
  if (!kinds.category.of.empty()) return kinds;
  KindsByKey at_sale(view, "order_line", "version", "category");
  kinds.data_version = std::max(kinds.data_version, at_sale.data_version);
  kinds.category = std::move(at_sale).of(lines);
  return kinds;
}

}  // namespace emptor
