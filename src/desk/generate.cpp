#include "emptor/desk/generate.hpp"

#include <boost/json.hpp>
#include <filesystem>

#include "desk/generated_people.hpp"
#include "desk/generated_sales.hpp"
#include "desk/generated_service.hpp"
#include "desk/generated_truth.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

[[noreturn]] void refuse(const std::string& message, const char* field) {
  throw Error(Problem{.code = Code::invalid, .message = message, .field = field});
}

void check_range(std::uint64_t value, std::uint64_t least, std::uint64_t most, const char* field) {
  if (value >= least && value <= most) return;
  refuse(std::string(field) + " is from " + std::to_string(least) + " to " + std::to_string(most), field);
}

void check_parameter(double value, double above, const char* field) {
  if (value > above && value <= 1e6) return;
  refuse(std::string(field) + " is above " + std::to_string(static_cast<int>(above)) + " and at most a million", field);
}

void check(const GenerateOptions& options) {
  check_range(options.customers, 1, 10'000'000, "customers");
  check_range(options.lines, 0, 200'000'000, "lines");
  check_range(static_cast<std::uint64_t>(options.days), 1, 3'650, "days");
  const BuyerModel& model = options.buyers;
  check_parameter(model.r, 0, "r");
  check_parameter(model.alpha, 0, "alpha");
  check_parameter(model.s, 0, "s");
  check_parameter(model.beta, 0, "beta");
  check_parameter(model.p, 0, "p");
  check_parameter(model.q, 1, "q");
  check_parameter(model.gamma, 0, "gamma");
}

/// What needs the front office goes without it.
GenerateOptions settled(GenerateOptions options) {
  options.causes = options.causes && options.front_office;
  options.campaigns = options.campaigns && options.front_office;
  return options;
}

void make_folder(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder + "/truth", failed);
  if (failed) throw Error(Code::io, "the folder for the generated files could not be made");
}

void take_counts(const OrderPlan& plan, Generated& made) {
  made.buyers = plan.buyers;
  made.lost = plan.lost;
  made.campaign_orders = plan.of_campaigns;
  made.rate_factor = plan.rate_factor;
  made.orders_left_out = plan.left_out;
}

}  // namespace

Generated generate(const std::string& folder, const GenerateOptions& asked) {
  check(asked);
  const GenerateOptions options = settled(asked);
  make_folder(folder);
  Generated made;
  const Season season(options);
  write_customers(folder, options, season, made);
  OrderPlan plan = plan_orders(options, season);
  take_counts(plan, made);
  const std::vector<GeneratedProduct> products = write_products(folder, options, plan.sale_lines, made);
  write_sales(folder, options, products, plan, made);
  std::vector<PlannedOrder>().swap(plan.orders);
  std::vector<CampaignSum> campaigns;
  if (options.front_office) {
    write_users(folder, options);
    write_contacts(folder, options, season, made);
    write_service(folder, options, season, made);
    write_pipeline(folder, options, season, made);
    campaigns = write_campaigns(folder, options, season, made);
  }
  write_truth(folder, options, season, plan, products, campaigns, made);
  return made;
}

std::string to_json(const Generated& made) {
  return boost::json::serialize(boost::json::object{{"customers", made.customers},
                                                    {"products", made.products},
                                                    {"interactions", made.interactions},
                                                    {"orders", made.orders},
                                                    {"lines", made.lines},
                                                    {"returned_lines", made.returned_lines},
                                                    {"duplicate_lines", made.duplicate_lines},
                                                    {"anonymous_lines", made.anonymous_lines},
                                                    {"double_customers", made.double_customers},
                                                    {"suspect_names", made.suspect_names},
                                                    {"buyers", made.buyers},
                                                    {"lost", made.lost},
                                                    {"contact_points", made.contact_points},
                                                    {"consents", made.consents},
                                                    {"cases", made.cases},
                                                    {"responses", made.responses},
                                                    {"opportunities", made.opportunities},
                                                    {"memberships", made.memberships},
                                                    {"campaign_orders", made.campaign_orders},
                                                    {"rate_factor", made.rate_factor},
                                                    {"orders_left_out", made.orders_left_out},
                                                    {"amount", made.amount.to_string()}});
}

}  // namespace emptor
