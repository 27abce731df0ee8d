#include "emptor/desk/generate.hpp"

#include "cli/command.hpp"
#include "cli/progress_bar.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string folder, start, currency;
  GenerateOptions shop;
  bool no_flaws = false, no_season = false, no_causes = false, no_campaigns = false, no_front_office = false;
  bool json = false;
};

GenerateOptions generate_options(const Options& options) {
  GenerateOptions shop = options.shop;
  if (!options.currency.empty()) shop.currency = currency_of(options.currency);
  if (!options.start.empty()) {
    const std::optional<Date> start = parse_date(options.start);
    if (!start) fail(Exit::usage, "--start is no date: " + options.start, "write YYYY-MM-DD");
    shop.start = *start;
  }
  shop.flaws = !options.no_flaws;
  shop.season = !options.no_season;
  shop.causes = !options.no_causes;
  shop.campaigns = !options.no_campaigns;
  shop.front_office = !options.no_front_office;
  shop.progress = progress_bar();
  return shop;
}

std::string text_of(const Generated& made, const Options& options, const GenerateOptions& shop) {
  const auto count = [](std::uint64_t number, const char* what) { return std::to_string(number) + ' ' + what; };
  std::string text = options.folder + ": " + count(made.customers, "customers, ") + count(made.buyers, "buyers (") +
                     count(made.lost, "lost), ") + count(made.orders, "orders, ") + count(made.lines, "lines, ") +
                     "sum " + made.amount.to_string() + ' ' + std::string(shop.currency.code()) + '\n';
  if (shop.flaws)
    text += "planted: " + count(made.double_customers, "customers registered twice, ") +
            count(made.suspect_names, "suspect names, ") + count(made.duplicate_lines, "lines that stand twice, ") +
            count(made.anonymous_lines, "lines without a customer\n");
  if (shop.front_office)
    text += "beside them: " + count(made.contact_points, "contact points, ") + count(made.interactions, "contacts, ") +
            count(made.cases, "cases, ") + count(made.responses, "answers, ") +
            count(made.opportunities, "opportunities, ") + count(made.memberships, "memberships of campaigns\n");
  return text + "what is true of them: " + options.folder + "/truth.json and " + options.folder + "/truth/\n";
}

int run_generate(const Options& options) {
  const GenerateOptions shop = generate_options(options);
  const Generated made = generate(options.folder, shop);
  print(options.json ? to_json(made) + "\n" : text_of(made, options, shop));
  return Exit::done;
}

void add_model(Command command, BuyerModel& model) {
  command.add_option("--r", &model.r, "Shape of the purchase rates");
  command.add_option("--alpha", &model.alpha, "Weeks: rate of their gamma distribution");
  command.add_option("--s", &model.s, "Shape of the rates of leaving");
  command.add_option("--beta", &model.beta, "Weeks: rate of their gamma distribution");
  command.add_option("--p", &model.p, "Shape of what an order comes to");
  command.add_option("--q", &model.q, "Shape of what customers differ by in it");
  command.add_option("--gamma", &model.gamma, "Money: rate of that gamma distribution");
}

}  // namespace

void add_generate(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("generate", "Make up a shop's extracts, and the truth about them");
  command.add_option("FOLDER", &options->folder, "Where the files go (made if absent)").required();
  command.add_option("--customers", &options->shop.customers, "Rows of customers.csv, up to 10 million").show_default();
  command.add_option("--lines", &options->shop.lines, "Rows of order_lines.csv, exactly (0: what the buyers come to)");
  command.add_option("--seed", &options->shop.seed, "The same seed gives the same bytes").show_default();
  command.add_option("--days", &options->shop.days, "How long the shop is watched").show_default();
  command.add_option("--start", &options->start, "First day (2024-01-01)");
  command.add_option("--currency", &options->currency, "Currency of all amounts (EUR)");
  add_model(command, options->shop.buyers);
  command.add_flag("--no-flaws", &options->no_flaws, "Without double lines and customers, sales of nobody, test names");
  command.add_flag("--no-season", &options->no_season, "Every day and hour is as busy as any other");
  command.add_flag("--no-causes", &options->no_causes, "Nobody leaves for a reason that shows");
  command.add_flag("--no-campaigns", &options->no_campaigns, "Without campaigns and what they bring");
  command.add_flag("--no-front-office", &options->no_front_office, "Customers, products and lines only");
  command.add_flag("--json", &options->json, "Print the counts as JSON");
  command.footer(
      "\nExamples:\n"
      "  emptor generate shop --customers 100000 --seed 7\n"
      "  emptor generate buyers --customers 20000 --no-flaws --no-season --no-causes --no-campaigns");
  command.runs([options] { return run_generate(*options); });
}

}  // namespace emptor::cli
