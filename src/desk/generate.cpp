#include "emptor/desk/generate.hpp"

#include <boost/json.hpp>
#include <filesystem>

#include "core/long_call.hpp"
#include "desk/generated_file.hpp"
#include "desk/generated_people.hpp"
#include "desk/generated_sales.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::uint64_t most_listed = 1'000;

void check_range(std::uint64_t value, std::uint64_t most, const char* field) {
  if (value >= 1 && value <= most) return;
  throw Error(Problem{
      .code = Code::invalid, .message = std::string(field) + " is from 1 to " + std::to_string(most), .field = field});
}

/// Which customer is a double of which, as far as they are few enough to be listed.
json::array listed_doubles(const GenerateOptions& options) {
  json::array pairs;
  for (std::uint64_t customer = options.customers; customer > 0 && pairs.size() < most_listed; --customer) {
    const std::uint64_t original = original_of(options, customer);
    if (original == 0) break;
    pairs.push_back({json::string(customer_code(original)), json::string(customer_code(customer))});
  }
  return pairs;
}

json::array listed_suspects(const GenerateOptions& options) {
  json::array codes;
  for (std::uint64_t customer = 1; customer <= options.customers && codes.size() < most_listed; ++customer) {
    if (has_suspect_name(options, customer)) codes.emplace_back(customer_code(customer));
  }
  return codes;
}

json::object options_of(const GenerateOptions& options) {
  return {{"customers", options.customers}, {"lines", options.lines},
          {"seed", options.seed},           {"start", to_string(options.start)},
          {"days", options.days},           {"currency", options.currency.code()},
          {"flaws", options.flaws}};
}

/// The parameters of generated_people.cpp and generated_sales.cpp.
json::object model_of() {
  return {{"purchase_rate", "gamma, shape 0.7, plus 0.02; scaled to the lines asked for"},
          {"dropout_rate_per_day", "gamma, shape 0.6, scale 1/300, plus 0.00001"},
          {"known_before_the_start", "0.4"},
          {"product_choice", "Zipf, exponent 0.9; a third of the time one of four favourites"},
          {"mean_lines_of_an_order", "3.2, geometric"}};
}

void write_truth(const std::string& folder, const GenerateOptions& options, const Generated& made) {
  const json::object truth = {{"options", options_of(options)},
                              {"model", model_of()},
                              {"customers", made.customers},
                              {"buyers", made.buyers},
                              {"products", made.products},
                              {"interactions", made.interactions},
                              {"orders", made.orders},
                              {"order_lines", made.lines},
                              {"amount", made.amount.to_string()},
                              {"returned_lines", made.returned_lines},
                              {"duplicate_lines", made.duplicate_lines},
                              {"lines_without_customer", made.anonymous_lines},
                              {"double_customers", made.double_customers},
                              {"suspect_names", made.suspect_names},
                              {"doubles", listed_doubles(options)},
                              {"suspects", listed_suspects(options)}};
  GeneratedFile file(folder, "truth.json");
  file.raw_line(json::serialize(truth));
  file.close();
}

}  // namespace

Generated generate(const std::string& folder, const GenerateOptions& options) {
  check_range(options.customers, 10'000'000, "customers");
  check_range(options.lines, 200'000'000, "lines");
  check_range(static_cast<std::uint64_t>(options.days), 3'650, "days");
  const LongCall call(options.progress);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw Error(Code::io, "the folder for the generated files could not be made");
  Generated made;
  write_customers(folder, options, made);
  const std::vector<GeneratedProduct> products = write_products(folder, options, made);
  write_sales(folder, options, products, made);
  write_interactions(folder, options, made);
  write_truth(folder, options, made);
  return made;
}

}  // namespace emptor
