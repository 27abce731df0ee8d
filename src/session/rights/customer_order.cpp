#include "session/rights/customer_order.hpp"

#include <algorithm>
#include <numeric>

#include "emptor/model/party.hpp"
#include "store/keyvalue/key_encoding.hpp"

namespace emptor {
namespace {

constexpr std::size_t at_once = 1'000;  // rows a batch

std::string key_of(const Value& value) {
  std::string key;
  if (value.present()) keyvalue::append_key(key, value, true);
  return key;
}

}  // namespace

CustomerOrder::CustomerOrder(Reader& reader, const IdSet& among, const OrderBy& by)
    : field_(by.field), descending_(by.descending) {
  std::vector<Value> ids;
  ids.reserve(among.size());
  among.each([&](Id id) { ids.emplace_back(id); });
  std::vector<std::pair<std::string, Id>> read;
  read.reserve(ids.size());
  Batch batch;
  for (std::size_t begin = 0; begin < ids.size(); begin += at_once) {
    const auto end = std::min(ids.size(), begin + at_once);
    const auto part = std::vector<Value>(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                         ids.begin() + static_cast<std::ptrdiff_t>(end));
    const Query query{std::string(Customer::entity_name), Where::in("id", part), {}, {field_}, at_once, false};
    ScanKey key;
    reader.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row)
      read.emplace_back(key_of(batch.columns[0].value(row)), batch.ids[row]);
  }
  std::ranges::sort(read, [&](const auto& a, const auto& b) {
    const int way = descending_ ? b.first.compare(a.first) : a.first.compare(b.first);
    return way != 0 ? way < 0 : a.second < b.second;
  });
  for (auto& [key, id] : read) {
    keys_.push_back(std::move(key));
    ids_.push_back(id);
  }
}

// How many stand before a value and id.
std::size_t CustomerOrder::place_of(const std::string& key, Id id) const {
  std::size_t low = 0, high = ids_.size();
  while (low < high) {
    const std::size_t middle = std::midpoint(low, high);
    const int way = descending_ ? key.compare(keys_[middle]) : keys_[middle].compare(key);
    way < 0 || (way == 0 && ids_[middle] < id) ? low = middle + 1 : high = middle;
  }
  return low;
}

void CustomerOrder::take(const Value& value, Id id) {
  std::string key = key_of(value);
  const auto place = static_cast<std::ptrdiff_t>(place_of(key, id));
  keys_.insert(keys_.begin() + place, std::move(key));
  ids_.insert(ids_.begin() + place, id);
}

CustomerOrderPtr CustomerOrder::after(const Entity& customer, const ChangedCustomers& changed,
                                      const IdSet& among) const {
  const FieldNumber field = customer.field(field_).number;
  std::shared_ptr<CustomerOrder> after;
  for (std::size_t row = 0; row < changed.ids.size(); ++row) {
    const Id id = changed.ids[row];
    const auto stands = std::ranges::find(ids_, id);
    const bool belongs =
        among.contains(id) && changed.now.ids[row] && !changed.now.columns[system_field::deleted_at].valid[row];
    if (!belongs && stands == ids_.end()) continue;
    if (!after) after = std::make_shared<CustomerOrder>(*this);
    if (const auto old = std::ranges::find(after->ids_, id); old != after->ids_.end()) {
      after->keys_.erase(after->keys_.begin() + (old - after->ids_.begin()));
      after->ids_.erase(old);
    }
    if (belongs) after->take(changed.now.columns[field].value(row), id);
  }
  return after;
}

std::span<const Id> CustomerOrder::page(const ScanKey& key, std::size_t limit) const {
  const std::size_t begin = key.begun ? place_of(key_of(key.values.at(0)), Id{key.id.value + 1}) : 0;
  return std::span(ids_).subspan(begin, std::min(limit, ids_.size() - begin));
}

}  // namespace emptor
