#include "emptor/insight/fit_table.hpp"

#include "core/arrow_table.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/tables/plain_items.hpp"
#include "insight/tables/plain_keys.hpp"
#include "insight/tables/plain_rules.hpp"
#include "mine/option_table.hpp"

namespace emptor {
namespace {

using mine::Bounds;
using mine::OptionTable;

constexpr std::string_view version_doc = "of the rows, kept in the model";

struct ChainOptions {
  std::string history = "history", state = "state", time, data_version;
  double pseudo_count = 0;
};

const OptionTable<ChainOptions>& chain_options() {
  using Options = ChainOptions;
  static const auto table =
      OptionTable<Options>()
          .add("history", &Options::history, "column of histories: whole numbers or texts; 'history' without it")
          .add("state", &Options::state, "column of states: whole numbers or texts; 'state' without it")
          .add("time", &Options::time,
               "column of times (whole numbers, days, times); without it rows are in the order of a history")
          .add("pseudo_count", &Options::pseudo_count, Bounds{0}, "added to every step that could be")
          .add("data_version", &Options::data_version, version_doc);
  return table;
}

mine::AnyModel fit_chain(const PlainData& data) {
  const ChainOptions options = chain_options().read(data.json);
  const ArrowTable table(data.stream);
  const PlainHistories plain = plain_histories(table, options.history, options.state, options.time);
  const mine::SequenceTable& rows = plain.histories;
  if (plain.items->size() == 0)
    throw Error(Problem{.code = Code::invalid, .message = "no row has a state", .field = options.state});
  std::vector<std::uint64_t> starts;
  for (const std::uint64_t element : rows.starts) starts.push_back(rows.element_starts[element]);
  mine::StateChain fitted;
  fitted.states = keys_of(*plain.items);
  fitted.data_version = options.data_version;
  fitted.chain = mine::fit_markov_chain(
      {starts, rows.items},
      {.states = static_cast<std::uint32_t>(fitted.states.size()), .pseudo_count = options.pseudo_count},
      {data.executor, data.progress});
  return fitted;
}

struct ServerOptions {
  mine::AdditionOrder order = mine::AdditionOrder::confidence;
  std::string data_version;
};

const OptionTable<ServerOptions>& server_options() {
  static const auto table =
      OptionTable<ServerOptions>()
          .choice("order", &ServerOptions::order, {"confidence", "lift", "leverage"}, "which additions are best")
          .add("data_version", &ServerOptions::data_version, version_doc);
  return table;
}

mine::AnyModel fit_server(const PlainData& data) {
  const ServerOptions options = server_options().read(data.json);
  const ArrowTable table(data.stream, ArrowLists::read);
  PlainRules plain = plain_rules(table);
  mine::BasketRules fitted(std::move(plain.rules), std::move(plain.items), options.order);
  fitted.data_version = options.data_version;
  return fitted;
}

}  // namespace

std::span<const TableModelEntry> table_models() {
  static const std::string chain_schema = chain_options().schema(), server_schema = server_options().schema();
  static const TableModelEntry entries[] = {
      {"markov_chain", "in which state comes next, of a table with a row for each state of a history", chain_schema,
       fit_chain},
      {"rule_server", "what to add to a basket, of a table of rules as the operation rules gives it", server_schema,
       fit_server},
  };
  return entries;
}

mine::AnyModel fit_table(std::string_view name, const PlainData& data) {
  const UnreadStream stream(data.stream);
  const LongCall call(data.progress);
  std::string known;
  for (const TableModelEntry& entry : table_models()) {
    if (entry.name == name) return entry.fit(data);
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw Error(Code::not_found, "no model of a table has this name", "known are " + known);
}

}  // namespace emptor
