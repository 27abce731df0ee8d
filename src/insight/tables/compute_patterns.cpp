#include "core/arrow_table.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/apriori.hpp"
#include "insight/compute_runs.hpp"
#include "insight/tables/basket_batches.hpp"
#include "insight/tables/pattern_options.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Adds a column of numbers, one for each of `count` rows.
template <class Number>
void add_column(NamedTable& table, std::string_view name, std::size_t count, const Number& number) {
  using Held = decltype(number(std::size_t{0}));
  Column& column = table.add(name, std::is_floating_point_v<Held> ? Type::real : Type::integer);
  for (std::size_t row = 0; row < count; ++row) {
    if constexpr (std::is_floating_point_v<Held>) {
      column.append(Value(number(row)));
    } else {
      column.append(Value(static_cast<std::int64_t>(number(row))));
    }
  }
}

double share(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

json::object summary_of(std::string_view computation, const PlainItems& plain) {
  return {
      {"computation", computation}, {"rows", plain.rows}, {"skipped", plain.skipped}, {"items", plain.items->size()}};
}

template <class Summary>
void finish(ComputedResult& result, json::object told, const Summary& summary) {
  told.emplace("complete", summary.complete());
  told.emplace("ending", name_of(summary.ending));
  result.json = json::serialize(told);
}

ComputedResult itemset_result(const mine::ItemsetTable& found, const PlainItems& plain) {
  ComputedResult result;
  ListColumn& items = result.table.lists.emplace_back(list_column("items", plain));
  items.starts = found.starts;
  items.codes = found.items;
  add_column(result.table, "support", found.size(), [&](std::size_t set) { return found.supports[set]; });
  add_column(result.table, "share", found.size(),
             [&](std::size_t set) { return share(found.supports[set], found.summary.baskets); });
  json::object told = summary_of("itemsets", plain);
  told.emplace("baskets", found.summary.baskets);
  told.emplace("sets", found.summary.sets);
  finish(result, std::move(told), found.summary);
  return result;
}

/// One column for each measure, in the order in which books list them.
void add_measures(NamedTable& table, const std::vector<mine::RuleCounts>& counts) {
  std::vector<mine::RuleMeasures> all;
  for (const mine::RuleCounts& one : counts) all.push_back(measures_of(one));
  constexpr std::pair<std::string_view, double mine::RuleMeasures::*> measures[] = {
      {"support", &mine::RuleMeasures::support},
      {"confidence", &mine::RuleMeasures::confidence},
      {"lift", &mine::RuleMeasures::lift},
      {"leverage", &mine::RuleMeasures::leverage},
      {"conviction", &mine::RuleMeasures::conviction},
      {"cosine", &mine::RuleMeasures::cosine},
      {"kulczynski", &mine::RuleMeasures::kulczynski},
      {"jaccard", &mine::RuleMeasures::jaccard},
      {"odds_ratio", &mine::RuleMeasures::odds_ratio},
      {"chi_square", &mine::RuleMeasures::chi_square},
      {"fisher", &mine::RuleMeasures::fisher},
  };
  for (const auto& [name, member] : measures)
    add_column(table, name, all.size(), [&, which = member](std::size_t rule) { return all[rule].*which; });
}

ComputedResult rule_result(const mine::RuleTable& found, const PlainBaskets& plain) {
  ComputedResult result;
  ListColumn left = list_column("left", plain), right = list_column("right", plain);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const mine::Rule rule = found[i];
    left.codes.insert(left.codes.end(), rule.left.begin(), rule.left.end());
    left.starts.push_back(left.codes.size());
    right.codes.insert(right.codes.end(), rule.right.begin(), rule.right.end());
    right.starts.push_back(right.codes.size());
  }
  result.table.lists = {std::move(left), std::move(right)};
  const auto count = [&](auto member) { return [&, member](std::size_t rule) { return found.counts[rule].*member; }; };
  add_column(result.table, "both", found.size(), count(&mine::RuleCounts::both));
  add_column(result.table, "left_count", found.size(), count(&mine::RuleCounts::left));
  add_column(result.table, "right_count", found.size(), count(&mine::RuleCounts::right));
  add_measures(result.table, found.counts);
  json::object told = summary_of("rules", plain);
  told.emplace("baskets", found.summary.baskets);
  told.emplace("sets", found.summary.sets);
  told.emplace("candidates", found.summary.candidates);
  told.emplace("rules", found.summary.rules);
  told.emplace("log_p_limit", found.summary.log_p_limit);
  finish(result, std::move(told), found.summary);
  return result;
}

/// Which element each item of each pattern is in.
ListColumn element_column(const mine::PatternTable& found) {
  ListColumn out{.name = "elements", .starts = found.item_starts, .codes = {}, .values = {}};
  std::uint32_t most = 0;
  for (std::size_t pattern = 0; pattern < found.size(); ++pattern) {
    const std::uint64_t first = found.starts[pattern];
    for (std::uint64_t element = first; element < found.starts[pattern + 1]; ++element)
      out.codes.insert(out.codes.end(), found.element_sizes[element], static_cast<std::uint32_t>(element - first));
    if (!out.codes.empty()) most = std::max(most, out.codes.back());
  }
  auto numbers = std::make_shared<Column>();
  for (std::int64_t i = 0; i <= most; ++i) numbers->append(Value(i));
  out.values = numbers;
  return out;
}

ComputedResult sequence_result(const mine::PatternTable& found, const PlainHistories& plain) {
  ComputedResult result;
  ListColumn items = list_column("items", plain);
  items.starts = found.item_starts;
  items.codes = found.items;
  result.table.lists = {std::move(items), element_column(found)};
  add_column(result.table, "support", found.size(), [&](std::size_t pattern) { return found.supports[pattern]; });
  add_column(result.table, "share", found.size(),
             [&](std::size_t pattern) { return share(found.supports[pattern], found.summary.histories); });
  json::object told = summary_of("sequences", plain);
  told.emplace("histories", found.summary.histories);
  told.emplace("patterns", found.summary.patterns);
  finish(result, std::move(told), found.summary);
  return result;
}

}  // namespace

std::string_view compute_itemsets_schema() {
  static const std::string schema = itemset_question().schema();
  return schema;
}
ComputedResult compute_itemsets(const PlainData& data) {
  const ItemsetQuestion question = itemset_question().read(data.json);
  const ArrowTable table(data.stream);
  const PlainBaskets plain = plain_baskets(table, question.basket, question.item);
  const mine::ItemsetOptions options = options_of(question, plain, plain.baskets.size());
  return itemset_result(mine_itemsets(plain.baskets, options, {data.executor, data.progress}), plain);
}

ComputedResult compute_itemsets_in_batches(const PlainBatches& data) {
  const ItemsetQuestion question = itemset_question().read(data.json);
  const mine::ItemsetEngine engine = question.own.engine;
  if (engine != mine::ItemsetEngine::automatic && engine != mine::ItemsetEngine::apriori)
    throw Error(Problem{.code = Code::unsupported,
                        .message = "baskets in batches are searched by apriori alone",
                        .field = "engine",
                        .hint = "leave the engine to the library"});
  BasketBatches batches(data, question.basket, question.item);
  const mine::ItemsetOptions options = options_of(question, batches.items(), batches.baskets());
  const auto source = [&](const std::function<void(const mine::Baskets&)>& give) { batches.each(give); };
  return itemset_result(mine_apriori(source, options, {data.executor, data.progress}), batches.items());
}

std::string_view compute_rules_schema() {
  static const std::string schema = rule_question().schema();
  return schema;
}
ComputedResult compute_rules(const PlainData& data) {
  const RuleQuestion question = rule_question().read(data.json);
  const ArrowTable table(data.stream);
  const PlainBaskets plain = plain_baskets(table, question.sets.basket, question.sets.item);
  return rule_result(mine_rules(plain.baskets, options_of(question, plain), {data.executor, data.progress}), plain);
}

std::string_view compute_sequences_schema() {
  static const std::string schema = sequence_question().schema();
  return schema;
}
ComputedResult compute_sequences(const PlainData& data) {
  const SequenceQuestion question = sequence_question().read(data.json);
  const ArrowTable table(data.stream);
  const PlainHistories plain = plain_histories(table, question.history, question.item, question.time);
  return sequence_result(mine_sequences(plain.histories, options_of(question, plain), {data.executor, data.progress}),
                         plain);
}

}  // namespace emptor
