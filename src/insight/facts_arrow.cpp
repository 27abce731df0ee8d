#include "emptor/insight/facts_arrow.hpp"

#include "core/arrow_export.hpp"
#include "core/long_call.hpp"

namespace emptor {
namespace {

constexpr std::uint64_t batch_rows = 1 << 17;

class FactsStream final : public ArrowSource {
 public:
  FactsStream(const Facts& facts, const Progress& progress)
      : facts_(std::make_shared<const Facts>(facts)), progress_(progress) {}

  const std::vector<ArrowField>& fields() const noexcept override {
    static const std::vector<ArrowField> all = {{"customer_id", "l", false},   {"line_id", "l", false},
                                                {"order_id", "l", false},      {"product_id", "l", false},
                                                {"day", "tdD", false},         {"at", "tsu:UTC", false},
                                                {"amount_micros", "l", false}, {"quantity_micros", "l", false}};
    return all;
  }

  bool next(std::vector<ArrowColumn>& columns, std::int64_t& rows) override {
    const LongCall call(progress_);
    beat("facts", done_, facts_->rows);
    const Run run = next_run();
    if (run.count == 0) return false;
    done_ += run.count;
    rows = static_cast<std::int64_t>(run.count);
    const PurchaseRows part = facts_->parts[part_].subrows(run.first, run.count);
    columns.push_back({{{}, arrow_buffer(customers_of(run))}, rows, 0});
    columns.push_back(view(part.line));
    columns.push_back(view(part.order));
    columns.push_back(view(part.product));
    columns.push_back(view(part.day));
    columns.push_back(view(part.at));
    columns.push_back(view(part.amount));
    columns.push_back(view(part.quantity));
    return true;
  }

 private:
  /// Rows that stand together in the part at hand, of the customers from `customer` up to where we are.
  struct Run {
    std::uint64_t first = 0, count = 0;
    std::size_t customer = 0;
  };

  Run next_run() {
    while (true) {
      Run run;
      for (; at_ < facts_->customers.size() && run.count < batch_rows; ++at_) {
        const PurchaseRange& range = facts_->ranges[at_];
        if (range.part != part_ || range.count == 0) continue;
        if (run.count > 0 && range.first != run.first + run.count) break;
        if (run.count == 0) run = {range.first, 0, at_};
        run.count += range.count;
      }
      if (run.count > 0 || part_ == 1) return run;
      part_ = 1;
      at_ = 0;
    }
  }

  std::vector<std::int64_t> customers_of(const Run& run) const {
    std::vector<std::int64_t> ids;
    ids.reserve(run.count);
    for (std::size_t i = run.customer; i < at_; ++i)
      if (facts_->ranges[i].part == part_) ids.insert(ids.end(), facts_->ranges[i].count, facts_->customers[i]);
    return ids;
  }

  template <class Number>
  ArrowColumn view(std::span<const Number> numbers) const {
    return {{{}, {facts_, numbers.data()}}, static_cast<std::int64_t>(numbers.size()), 0};
  }

  std::shared_ptr<const Facts> facts_;
  Progress progress_;
  std::uint32_t part_ = 0;
  std::size_t at_ = 0;  // of the customers
  std::uint64_t done_ = 0;
};

}  // namespace

void facts_to_arrow(const Facts& facts, ArrowArrayStream* out, const Progress& progress) {
  export_stream(std::make_unique<FactsStream>(facts, progress), out);
}

}  // namespace emptor
