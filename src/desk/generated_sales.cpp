#include "desk/generated_sales.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "desk/generated_basket.hpp"
#include "desk/generated_file.hpp"
#include "desk/generated_people.hpp"
#include "desk/generated_plan.hpp"
#include "desk/generated_progress.hpp"

namespace emptor {
namespace {

constexpr std::uint64_t orders_a_sign = 1'000;
constexpr std::int32_t opens = 8 * 60, open_minutes = 14 * 60;

struct Sale {
  std::uint32_t customer = 0;  ///< 0 is nobody
  std::uint32_t product = 0;
  std::uint32_t quantity = 1;
  std::int64_t price = 0;  ///< hundredths
};

void append_two(std::string& text, char before, std::int32_t value) {
  text += before;
  text += static_cast<char>('0' + value / 10);
  text += static_cast<char>('0' + value % 10);
}

/// With a season the shop is open from 8 to 22 and the day runs within; without one it never closes.
std::string time_text(const GenerateOptions& options, const std::string& date, std::int32_t minute) {
  if (options.season) minute = opens + minute * open_minutes / 1'440;
  std::string text = date;
  append_two(text, ' ', minute / 60);
  append_two(text, ':', minute % 60);
  return text + ":00";
}

/// Writes the orders of one day after another, and what comes back on each.
class SalesWriter {
 public:
  SalesWriter(const std::string& folder, const GenerateOptions& options, const std::vector<GeneratedProduct>& products,
              const OrderPlan& plan, Generated& made)
      : options_(options),
        products_(products),
        popularity_(products.size() - planted::planted_products),
        lines_(folder, "order_lines.csv"),
        made_(made),
        sale_lines_(plan.sale_lines),
        returns_(static_cast<std::size_t>(options.days)),
        returned_(plan.returned, plan.sale_lines),
        doubled_(plan.doubled, plan.sale_lines) {
    lines_.raw_line("order_number,order_date,customer_id,product_id,quantity,unit_price,currency");
    if (!options.front_office) return;
    orders_.emplace(folder, "orders.csv");
    orders_->raw_line("order_number,order_date,customer_id,due_date,ship_date,channel");
  }

  void write_day(std::int32_t day, const PlannedOrder* begin, const PlannedOrder* end) {
    date_ = to_string(Date{options_.start.days + day});
    for (const PlannedOrder* order = begin; order != end; ++order) {
      write_order(*order);
      if (made_.orders % orders_a_sign == 0) tell_progress(options_, "sales", made_.lines, sale_lines_);
    }
    for (const Sale& sale : returns_[static_cast<std::size_t>(day)]) write_return(sale);
    std::vector<Sale>().swap(returns_[static_cast<std::size_t>(day)]);
  }
  void close() {
    lines_.close();
    if (orders_) orders_->close();
  }

 private:
  void write_order(const PlannedOrder& order) {
    const bool nobody = (order.flags & anonymous) != 0;
    number_ = std::to_string(500'000 + ++made_.orders);
    code_ = nobody ? std::string() : customer_code(order.customer);
    time_ = time_text(options_, date_, order.minute);
    fill(order);
    if (orders_) write_head(order);
    bool back = (order.flags & sent_back) != 0;
    for (Sale& sale : basket_) {
      if (nobody) sale.customer = 0;
      write_line(sale, 1);
      if (doubled_.next()) {
        write_line(sale, 1);
        ++made_.duplicate_lines;
      }
      const bool by_chance = returned_.next();
      if (by_chance) send_back(sale, order.day);
      if (back) send_back(sale, order.day);
      back = false;
    }
  }

  /// Products, then units, then prices: the order comes to what its customer's spending draws.
  void fill(const PlannedOrder& order) {
    Random random = basket_of(options_, order);
    const PlantedPicks picks = planted_picks(random, order.flags & 7U);
    basket_.clear();
    const auto planted_begin = static_cast<std::uint32_t>(products_.size() - planted::planted_products);
    for (int i = 0; i < picks.count && basket_.size() < order.lines; ++i) {
      basket_.push_back({order.customer, planted_begin + picks.products[static_cast<std::size_t>(i)]});
    }
    while (basket_.size() < order.lines) basket_.push_back({order.customer, other_product(order.customer, random)});
    const double wanted =
        100 * std::max(random.gamma(options_.buyers.p), 1e-9) / spend_rate_of(options_, order.customer);
    set_units(wanted, random);
    set_prices(wanted * ((order.flags & dear) != 0 ? planted::dear_factor : 1));
  }
  void set_units(double wanted, Random& random) {
    const double times = std::min(wanted / list_sum(), 1e6);
    for (Sale& sale : basket_) {
      sale.quantity = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(times * (0.5 + random.uniform())));
    }
  }
  /// List prices times one factor for the whole order: what was negotiated.
  void set_prices(double wanted) {
    const double factor = wanted / list_sum();
    for (Sale& sale : basket_) {
      const double price = std::floor(static_cast<double>(products_[sale.product].price) * factor + 0.5);
      sale.price = static_cast<std::int64_t>(std::clamp(price, 1.0, 1e9));
    }
  }
  double list_sum() const {
    double sum = 0;
    for (const Sale& sale : basket_) sum += static_cast<double>(products_[sale.product].price) * sale.quantity;
    return sum;
  }

  void write_head(const PlannedOrder& order) {
    Random random = stream(options_, DrawnFor::delivery, hash_of(order.customer, order.day * 1'440U + order.minute));
    const std::int32_t due = order.day + planted::promised_days;
    const bool too_late = (order.flags & late) != 0;
    const std::int32_t shipped = too_late ? due + 3 + static_cast<std::int32_t>(random.below(7))
                                          : order.day + 1 + static_cast<std::int32_t>(random.below(4));
    static constexpr std::string_view channels[] = {"web", "shop", "phone", "field"};
    const bool campaign = (order.flags & of_campaign) != 0;
    orders_->cell(number_).cell(time_).cell(code_).cell(to_string(Date{options_.start.days + due}));
    orders_->cell(shipped < options_.days ? to_string(Date{options_.start.days + shipped}) : std::string());
    orders_->cell(campaign ? std::string_view("campaign") : channels[random.below(4)]).end_line();
  }
  void write_return(const Sale& sale) {
    number_ = "C" + std::to_string(500'000 + ++made_.orders);
    code_ = sale.customer ? customer_code(sale.customer) : std::string();
    time_ = date_ + " 23:59:30";
    if (orders_) orders_->cell(number_).cell(time_).cell(code_).cell("").cell("").cell("").end_line();
    write_line(sale, -1);
    ++made_.returned_lines;
  }
  void write_line(const Sale& sale, int sign) {
    lines_.cell(number_).cell(time_).cell(code_).cell(products_[sale.product].sku);
    lines_.cell((sign < 0 ? "-" : "") + std::to_string(sale.quantity)).hundredths(sale.price);
    lines_.cell(options_.currency.code()).end_line();
    made_.anonymous_lines += sale.customer == 0;
    hundredths_ += sign * sale.price * sale.quantity;
    made_.amount = Decimal::of(hundredths_, 2);
    ++made_.lines;
  }

  /// A product that is not on the order yet (as long as there are any), so that a line that stands twice
  /// was planted.
  std::uint32_t other_product(std::uint32_t customer, Random& random) {
    const auto listed = [&](std::uint32_t product) {
      return std::any_of(basket_.begin(), basket_.end(), [&](const Sale& sale) { return sale.product == product; });
    };
    const std::size_t count = products_.size() - planted::planted_products;
    std::uint32_t product = choose_product(customer, random);
    for (int tries = 0; tries < 8 && listed(product); ++tries) product = choose_product(customer, random);
    for (std::size_t tries = 0; tries < count && listed(product); ++tries)
      product = static_cast<std::uint32_t>((product + 1) % count);
    return product;
  }
  /// A third of the time one of the customer's own few favourites.
  std::uint32_t choose_product(std::uint32_t customer, Random& random) {
    if (random.below(3) != 0) return popularity_.draw(random);
    Random own(hash_of(hash_of(options_.seed, customer), random.below(4)));
    return popularity_.draw(own);
  }
  void send_back(const Sale& sale, std::int32_t day) {
    Random random = stream(options_, DrawnFor::delivery, hash_of(made_.orders, sale.product));
    const auto back = std::min(options_.days - 1, day + 1 + static_cast<std::int32_t>(random.below(28)));
    returns_[static_cast<std::size_t>(back)].push_back(sale);
  }

  const GenerateOptions& options_;
  const std::vector<GeneratedProduct>& products_;
  Popularity popularity_;
  GeneratedFile lines_;
  std::optional<GeneratedFile> orders_;
  Generated& made_;
  std::uint64_t sale_lines_;
  std::vector<std::vector<Sale>> returns_;
  std::vector<Sale> basket_;
  std::string number_, code_, time_, date_;
  EvenChoice returned_, doubled_;
  std::int64_t hundredths_ = 0;
};

}  // namespace

void write_sales(const std::string& folder, const GenerateOptions& options,
                 const std::vector<GeneratedProduct>& products, const OrderPlan& plan, Generated& made) {
  SalesWriter writer(folder, options, products, plan, made);
  const PlannedOrder* next = plan.orders.data();
  const PlannedOrder* const end = next + plan.orders.size();
  for (std::int32_t day = 0; day < options.days; ++day) {
    const PlannedOrder* const begin = next;
    while (next != end && next->day == day) ++next;
    writer.write_day(day, begin, next);
  }
  writer.close();
}

}  // namespace emptor
