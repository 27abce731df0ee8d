#include "desk/generated_sales.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "desk/generated_file.hpp"
#include "desk/generated_people.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

namespace emptor {
namespace {

constexpr double mean_lines_of_order = 3.2;
constexpr std::uint64_t returned_per_thousand = 15;
constexpr std::uint64_t doubled_per_thousand = 2;
constexpr std::uint64_t anonymous_per_thousand = 25;  // orders

struct PlannedOrder {
  std::uint32_t customer;
  std::uint16_t day;
  std::uint16_t lines;
};

/// How busy each day is, cumulated: the week, the year's wave and the weeks before the new year.
class Season {
 public:
  explicit Season(const GenerateOptions& options) {
    double sum = 0;
    for (std::int32_t day = 0; day < options.days; ++day) {
      sum += weight(Date{options.start.days + day});
      cumulated_.push_back(sum);
    }
  }
  double between(std::int32_t first, std::int32_t last) const { return cumulated_[last] - before(first); }
  std::int32_t draw(std::int32_t first, std::int32_t last, Random& random) const {
    const double at = before(first) + random.uniform() * between(first, last);
    const auto found = std::upper_bound(cumulated_.begin() + first, cumulated_.begin() + last, at);
    return static_cast<std::int32_t>(found - cumulated_.begin());
  }

 private:
  static double weight(Date date) {
    static constexpr double week[] = {1.0, 1.05, 1.05, 1.1, 1.3, 0.9, 0.25};
    static constexpr double year[] = {0.7, 0.75, 0.9, 0.9, 1.0, 0.95, 0.8, 0.85, 1.1, 1.15, 1.5, 1.7};
    return week[date.weekday() - 1] * year[date.month() - 1];
  }
  double before(std::int32_t day) const { return day == 0 ? 0 : cumulated_[day - 1]; }
  std::vector<double> cumulated_;
};

/// Products by Zipf's law (Walker and Vose's alias table: one draw a choice).
class Popularity {
 public:
  explicit Popularity(std::size_t count) : chance_(count), alias_(count) {
    std::vector<double> weight(count);
    for (std::size_t i = 0; i < count; ++i) weight[i] = elementary::exp(-0.9 * elementary::log(double(i + 1)));
    const double mean = std::accumulate(weight.begin(), weight.end(), 0.0) / double(count);
    std::vector<std::size_t> small, large;
    for (std::size_t i = 0; i < count; ++i) (weight[i] < mean ? small : large).push_back(i);
    while (!small.empty() && !large.empty()) {
      const std::size_t poor = small.back(), rich = large.back();
      small.pop_back();
      chance_[poor] = weight[poor] / mean;
      alias_[poor] = rich;
      weight[rich] -= mean - weight[poor];
      if (weight[rich] >= mean) continue;
      large.pop_back();
      small.push_back(rich);
    }
    for (const std::size_t rest : small) chance_[rest] = 1;
    for (const std::size_t rest : large) chance_[rest] = 1;
  }
  std::size_t draw(Random& random) const {
    const std::size_t slot = random.below(chance_.size());
    return random.uniform() < chance_[slot] ? slot : alias_[slot];
  }

 private:
  std::vector<double> chance_;
  std::vector<std::size_t> alias_;
};

/// When everybody buys, calibrated so that the orders carry about the lines that are asked for.
std::vector<PlannedOrder> plan_orders(const GenerateOptions& options, std::uint64_t sale_lines) {
  const Season season(options);
  double expected = 0;
  for (std::uint64_t customer = 1; customer <= options.customers; ++customer) {
    const BuyingHabit habit = habit_of(options, customer);
    expected += habit.rate * season.between(habit.first_day, habit.last_day);
  }
  const double scale = double(sale_lines) / mean_lines_of_order / expected;
  std::vector<PlannedOrder> orders;
  orders.reserve(static_cast<std::size_t>(double(sale_lines) / mean_lines_of_order * 1.02) + 16);
  for (std::uint64_t customer = 1; customer <= options.customers; ++customer) {
    const BuyingHabit habit = habit_of(options, customer);
    Random random(hash_of(hash_of(options.seed, 0x6f726465), customer));
    const double mean = scale * habit.rate * season.between(habit.first_day, habit.last_day);
    for (std::uint64_t left = random.poisson(mean); left > 0; --left) {
      const auto day = static_cast<std::uint16_t>(season.draw(habit.first_day, habit.last_day, random));
      orders.push_back({static_cast<std::uint32_t>(customer), day, 1});
    }
  }
  if (orders.empty()) orders.push_back({1, 0, 1});
  if (orders.size() > sale_lines) orders.resize(sale_lines);
  return orders;
}

/// Hands the lines out: a geometric number an order, then one more or one less until the sum is right.
void deal_lines(std::vector<PlannedOrder>& orders, std::uint64_t sale_lines, Random& random) {
  std::uint64_t sum = 0;
  for (PlannedOrder& order : orders) {
    while (order.lines < 200 && random.uniform() > 1 / mean_lines_of_order) ++order.lines;
    sum += order.lines;
  }
  for (std::size_t i = 0; sum != sale_lines; i = (i + 1) % orders.size()) {
    PlannedOrder& order = orders[i];
    if (sum < sale_lines && order.lines < 60'000) {
      ++order.lines;
      ++sum;
    } else if (sum > sale_lines && order.lines > 1) {
      --order.lines;
      --sum;
    }
  }
}

/// By day, and within a day as chance has it.
void sort_by_time(std::vector<PlannedOrder>& orders, std::uint64_t seed) {
  const auto key = [seed](const PlannedOrder& order) { return hash_of(seed, order.customer); };
  std::sort(orders.begin(), orders.end(), [&](const PlannedOrder& a, const PlannedOrder& b) {
    if (a.day != b.day) return a.day < b.day;
    const std::uint64_t ka = key(a), kb = key(b);
    return ka != kb ? ka < kb : a.lines < b.lines;
  });
}

/// Exactly `chosen` of `count` things, evenly spread: the k-th is due when its turn is reached.
class EvenChoice {
 public:
  EvenChoice(std::uint64_t chosen, std::uint64_t count) : chosen_(chosen), count_(count) {}
  bool next() {
    sum_ += chosen_;
    if (sum_ < count_) return false;
    sum_ -= count_;
    return true;
  }

 private:
  std::uint64_t chosen_, count_, sum_ = 0;
};

struct Sale {
  std::uint32_t customer = 0;  ///< 0 is nobody
  std::uint32_t product = 0;
  std::uint32_t quantity = 0;
};

std::string time_text(const GenerateOptions& options, std::int32_t day, std::int64_t second) {
  std::string text = to_string(Date{options.start.days + day});
  const auto two = [&](char before, std::int64_t value) {
    text += before;
    text += static_cast<char>('0' + value / 10);
    text += static_cast<char>('0' + value % 10);
  };
  two(' ', second / 3600);
  two(':', second / 60 % 60);
  two(':', second % 60);
  return text;
}

/// Writes the orders of one day after another, and what comes back on each.
class SalesWriter {
 public:
  SalesWriter(const std::string& folder, const GenerateOptions& options, const std::vector<GeneratedProduct>& products,
              std::uint64_t sale_lines, Generated& made)
      : options_(options),
        products_(products),
        popularity_(products.size()),
        file_(folder, "order_lines.csv"),
        random_(hash_of(options.seed, 0x73616c65)),
        made_(made),
        returns_(static_cast<std::size_t>(options.days)),
        returned_(made.returned_lines, sale_lines),
        doubled_(made.duplicate_lines, sale_lines) {
    file_.raw_line("order_number,order_date,customer_id,product_id,quantity,unit_price,currency");
  }

  void write_day(std::int32_t day, const PlannedOrder* begin, const PlannedOrder* end) {
    const std::int64_t count = end - begin;
    for (const PlannedOrder* order = begin; order != end; ++order) {
      write_order(*order, time_text(options_, day, 9 * 3600 + 11 * 3600 * (order - begin) / count));
    }
    for (const Sale& sale : returns_[day]) write_return(sale, day);
    std::vector<Sale>().swap(returns_[day]);
  }
  void close() { file_.close(); }

 private:
  void write_order(const PlannedOrder& order, const std::string& time) {
    const bool anonymous = options_.flaws && random_.below(1000) < anonymous_per_thousand;
    const std::string number = std::to_string(500'000 + ++made_.orders);
    const std::string code = anonymous ? std::string() : customer_code(order.customer);
    const double bulk = habit_of(options_, order.customer).bulk;
    in_order_.clear();
    for (std::uint16_t i = 0; i < order.lines; ++i) {
      const Sale sale{anonymous ? 0 : order.customer, other_product(order.customer), quantity(bulk)};
      write_line(number, time, code, sale, 1);
      if (doubled_.next()) write_line(number, time, code, sale, 1);
      if (returned_.next()) send_back(sale, order.day);
    }
  }
  void write_return(const Sale& sale, std::int32_t day) {
    const std::string number = "C" + std::to_string(500'000 + ++made_.orders);
    write_line(number, time_text(options_, day, 20 * 3600 + 1800), sale.customer ? customer_code(sale.customer) : "",
               sale, -1);
  }
  void write_line(std::string_view number, std::string_view time, std::string_view code, const Sale& sale, int sign) {
    const GeneratedProduct& product = products_[sale.product];
    file_.cell(number).cell(time).cell(code).cell(product.sku);
    file_.cell((sign < 0 ? "-" : "") + std::to_string(sale.quantity)).hundredths(product.price);
    file_.cell(options_.currency.code()).end_line();
    made_.anonymous_lines += sale.customer == 0;
    hundredths_ += sign * product.price * sale.quantity;
    made_.amount = Decimal::of(hundredths_, 2);
    ++made_.lines;
  }
  /// A product that is not on the order yet (as long as there are any), so that a line that stands twice
  /// was planted.
  std::uint32_t other_product(std::uint32_t customer) {
    const auto listed = [&](std::uint32_t product) {
      return std::find(in_order_.begin(), in_order_.end(), product) != in_order_.end();
    };
    std::uint32_t product = choose_product(customer);
    for (int tries = 0; tries < 8 && listed(product); ++tries) product = choose_product(customer);
    for (std::size_t tries = 0; tries < products_.size() && listed(product); ++tries) {
      product = static_cast<std::uint32_t>((product + 1) % products_.size());
    }
    in_order_.push_back(product);
    return product;
  }
  /// A third of the time one of the customer's own few favourites.
  std::uint32_t choose_product(std::uint32_t customer) {
    if (random_.below(3) != 0) return static_cast<std::uint32_t>(popularity_.draw(random_));
    Random own(hash_of(hash_of(options_.seed, customer), random_.below(4)));
    return static_cast<std::uint32_t>(popularity_.draw(own));
  }
  std::uint32_t quantity(double bulk) {
    return 1 + static_cast<std::uint32_t>(std::floor(bulk * 1.6 * -elementary::log(1 - random_.uniform())));
  }
  void send_back(const Sale& sale, std::int32_t day) {
    const auto back = std::min(options_.days - 1, day + 1 + static_cast<std::int32_t>(random_.below(28)));
    returns_[back].push_back(sale);
  }

  const GenerateOptions& options_;
  const std::vector<GeneratedProduct>& products_;
  Popularity popularity_;
  GeneratedFile file_;
  Random random_;
  Generated& made_;
  std::vector<std::vector<Sale>> returns_;
  std::vector<std::uint32_t> in_order_;
  EvenChoice returned_, doubled_;
  std::int64_t hundredths_ = 0;
};

std::uint64_t count_buyers(const std::vector<PlannedOrder>& orders, std::uint64_t customers) {
  std::vector<bool> seen(customers + 1);
  std::uint64_t buyers = 0;
  for (const PlannedOrder& order : orders) {
    buyers += !seen[order.customer];
    seen[order.customer] = true;
  }
  return buyers;
}

void report_progress(const GenerateOptions& options, std::int32_t day) {
  if (options.progress && !options.progress("sales", day, options.days)) {
    throw Error(Code::cancelled, "generating was stopped");
  }
}

}  // namespace

void write_sales(const std::string& folder, const GenerateOptions& options,
                 const std::vector<GeneratedProduct>& products, Generated& made) {
  made.returned_lines = options.lines * returned_per_thousand / 1000;
  made.duplicate_lines = options.flaws ? options.lines * doubled_per_thousand / 1000 : 0;
  const std::uint64_t sale_lines = options.lines - made.returned_lines - made.duplicate_lines;
  std::vector<PlannedOrder> orders = plan_orders(options, sale_lines);
  Random random(hash_of(options.seed, 0x64656c));
  deal_lines(orders, sale_lines, random);
  sort_by_time(orders, options.seed);
  made.buyers = count_buyers(orders, options.customers);
  SalesWriter writer(folder, options, products, sale_lines, made);
  const PlannedOrder* next = orders.data();
  const PlannedOrder* const end = next + orders.size();
  for (std::int32_t day = 0; day < options.days; ++day) {
    const PlannedOrder* const begin = next;
    while (next != end && next->day == day) ++next;
    writer.write_day(day, begin, next);
    report_progress(options, day);
  }
  writer.close();
}

}  // namespace emptor
