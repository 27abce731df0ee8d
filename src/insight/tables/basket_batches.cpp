#include "insight/tables/basket_batches.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

[[noreturn]] void refuse_change() {
  throw Error(Code::misuse, "the batches hold other rows than the first time", "every pass gives the same rows");
}

/// Both ascend.
template <class Key>
void add_all(std::vector<Key>& into, const std::vector<Key>& more) {
  std::vector<Key> all;
  std::set_union(into.begin(), into.end(), more.begin(), more.end(), std::back_inserter(all));
  into = std::move(all);
}

template <class Key, class Asked>
std::uint32_t place_of(const std::vector<Key>& keys, const Asked& key) {
  const auto at = std::lower_bound(keys.begin(), keys.end(), key);
  if (at == keys.end() || *at != key) refuse_change();
  return static_cast<std::uint32_t>(at - keys.begin());
}

}  // namespace

BasketBatches::BasketBatches(const PlainBatches& data, std::string basket, std::string item)
    : data_(data), basket_(std::move(basket)), item_(std::move(item)) {
  each_batch([this](PlainBaskets& batch) {
    all_.rows += batch.rows;
    all_.skipped += batch.skipped;
    baskets_ += batch.baskets.size();
    add_items(*batch.items);
  });
  number_items();
}

template <class Work>
void BasketBatches::each_batch(Work&& work) const {
  data_.rewind();
  for (;;) {
    beat("batches");
    ArrowArrayStream stream{};
    if (!data_.next(stream)) return;
    const UnreadStream unread(&stream);
    check_stream(&stream);
    const ArrowTable table(&stream);
    PlainBaskets batch = plain_baskets(table, basket_, item_);
    work(batch);
  }
}

void BasketBatches::add_items(const Column& items) {
  if (items.size() == 0) return;
  if (items.is_text() ? !wholes_.empty() : !texts_.empty())
    throw Error(Problem{
        .code = Code::invalid, .message = "items are texts in one batch and whole numbers in another", .field = item_});
  std::vector<std::string> texts;
  std::vector<std::int64_t> wholes;
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (items.is_text()) {
      texts.emplace_back(items.value(at).text());
    } else {
      wholes.push_back(items.value(at).integer());
    }
  }
  add_all(texts_, texts);
  add_all(wholes_, wholes);
}

void BasketBatches::number_items() {
  all_.items->type = texts_.empty() ? Type::integer : Type::text;
  for (const std::string& text : texts_) all_.items->append(Value(std::string_view(text)));
  for (const std::int64_t whole : wholes_) all_.items->append(Value(whole));
}

std::uint32_t BasketBatches::number_of(const Value& item) const {
  return item.is_text() ? place_of(texts_, item.text()) : place_of(wholes_, item.integer());
}

void BasketBatches::each(const std::function<void(const mine::Baskets&)>& give) const {
  std::uint64_t baskets = 0;
  std::vector<std::uint32_t> numbers;
  each_batch([&](PlainBaskets& batch) {
    numbers.clear();
    for (std::size_t at = 0; at < batch.items->size(); ++at) numbers.push_back(number_of(batch.items->value(at)));
    for (std::uint32_t& item : batch.baskets.items) item = numbers[item];
    baskets += batch.baskets.size();
    give(batch.baskets);
  });
  if (baskets != baskets_) refuse_change();
}

}  // namespace emptor
