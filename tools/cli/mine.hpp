/// What the forms of `emptor mine` share.
#pragma once

#include <chrono>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::cli {

void add_mine_itemsets(Command mine);
void add_mine_rules(Command mine);
void add_mine_sequences(Command mine);
void add_mine_kmeans(Command mine);
void add_mine_models(Command mine);

/// Every form has a file, threads, and an answer as text or JSON.
struct MineOptions {
  std::string file;
  std::size_t threads = 1;
  bool json = false;
};
void add_mine_options(Command command, MineOptions& options);
/// On so many threads, with a bar on a terminal.
mine::Run run_of(const MineOptions& options);

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count(); }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

/// Names and figures, printed as one JSON object or as lines for people.
class Figures {
 public:
  Figures& add(std::string_view name, double number);
  Figures& add(std::string_view name, bool truth) { return put(name, truth ? "true" : "false"); }
  Figures& add(std::string_view name, std::unsigned_integral auto number) { return put(name, std::to_string(number)); }
  Figures& add(std::string_view name, std::string_view text);
  Figures& add(std::string_view name, const char* text) { return add(name, std::string_view(text)); }
  template <class Number>
  Figures& add(std::string_view name, const std::vector<Number>& numbers) {
    Figures list;
    for (const Number& number : numbers) list.add({}, number);
    return put(name, list.list());
  }
  Figures& put(std::string_view name, std::string json);
  std::string list() const;  ///< the values alone, in brackets

  std::string text(bool as_json) const;

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

}  // namespace emptor::cli
