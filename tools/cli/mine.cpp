#include "cli/mine.hpp"

#include <charconv>
#include <cmath>

#include "cli/progress_bar.hpp"
#include "cli/text_table.hpp"
#include "emptor/core/executor.hpp"
#include "emptor/model/json.hpp"

namespace emptor::cli {

void add_mine_options(Command command, MineOptions& options) {
  command.add_option("FILE", &options.file, "What to mine").required();
  command.add_option("--threads", &options.threads, "Threads to work on; the result is the same")
      .range(std::size_t{1}, std::size_t{1024});
  command.add_flag("--json", &options.json, "Print JSON");
}

mine::Run run_of(const MineOptions& options) {
  return {options.threads > 1 ? thread_executor(options.threads) : serial_executor(), progress_bar()};
}

Figures& Figures::add(std::string_view name, double number) {
  if (!std::isfinite(number)) return put(name, "null");
  char buffer[32];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), number).ptr;
  return put(name, std::string(buffer, end));
}

Figures& Figures::add(std::string_view name, std::string_view text) {
  std::string json;
  append_json_text(json, text);
  return put(name, std::move(json));
}

Figures& Figures::put(std::string_view name, std::string json) {
  all_.emplace_back(name, std::move(json));
  return *this;
}

std::string Figures::list() const {
  std::string json = "[";
  for (const auto& [name, value] : all_) json += (json.size() > 1 ? "," : "") + value;
  return json + "]";
}

std::string Figures::text(bool as_json) const {
  std::string json = "{";
  for (const auto& [name, value] : all_) {
    if (json.size() > 1) json += ',';
    append_json_text(json, name);
    json += ':' + value;
  }
  json += '}';
  return as_json ? json + "\n" : text_of_json(json);
}

void add_mine(Command program) {
  const Command command =
      program.add_subcommand("mine", "Patterns, clusters and models of plain files, without a store");
  command.require_subcommand();
  add_mine_itemsets(command);
  add_mine_rules(command);
  add_mine_sequences(command);
  add_mine_kmeans(command);
  add_mine_models(command);
  command.footer(
      "\nExamples:\n"
      "  emptor mine itemsets retail.dat --support 0.1% --kind closed --json\n"
      "  emptor mine kmeans customers.csv --columns income,score --k 5 --scale zscore\n"
      "  emptor mine boost churn.csv --target Churn --positive Yes --drop customerID --folds 10 --seed 42");
}

}  // namespace emptor::cli
