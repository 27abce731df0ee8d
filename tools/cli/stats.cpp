#include "cli/command.hpp"
#include "cli/text_table.hpp"
#include "emptor/desk/statistics.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store;
  bool quick = false, json = false;
};

std::string text_of(const StatisticsTable& table) {
  std::vector<std::vector<std::string>> rows;
  bool amounts = false;
  for (const StatisticsRow& row : table.rows) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (const std::string& key : row.keys) cells.push_back(key.empty() ? "(none)" : key);
    cells.push_back(std::to_string(row.count));
    if (row.amount) cells.push_back(row.amount->to_string());
    amounts = amounts || row.amount.has_value();
  }
  std::vector<std::string> header = table.keys;
  header.emplace_back("count");
  if (amounts) header.emplace_back("amount");
  return table.name + "\n" + text_table(header, rows) + "\n";
}

int run_stats(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const Statistics statistics = read_statistics(opened.session->view(), {.revenue = !options.quick});
  std::string text;
  for (const StatisticsTable& table : statistics.tables)
    if (!table.rows.empty()) text += text_of(table);
  print(options.json ? to_json(statistics) + "\n" : text);
  return Exit::done;
}

}  // namespace

void add_stats(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("stats", "How much there is of everything: records, stages, months, agents");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_flag("--quick", &options->quick, "Without the revenue of the months, which reads every line");
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer("\nExample:\n  emptor stats shop.emptor --json");
  command.runs([options] { return run_stats(*options); });
}

}  // namespace emptor::cli
