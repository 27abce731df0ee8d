// Columns of a plain table that know too much of its target.
#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/leak_screen.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_attributes.hpp"
#include "insight/tables/plain_target.hpp"
#include "mine/option_table.hpp"

namespace emptor {
namespace {

namespace json = boost::json;
using mine::Bounds;

struct ScreenRequest {
  std::vector<std::string> columns, categorical;
  std::size_t most_categories = 255;
  mine::LeakScreenOptions screen;
};

const mine::OptionTable<ScreenRequest>& own_options() {
  using Screen = mine::LeakScreenOptions;
  static const auto screen =
      mine::OptionTable<Screen>()
          .add("least_auc", &Screen::least_auc, Bounds{0.5, 1},
               "of a column alone, from which on it is a suspect if it tells no less than all others together")
          .add("certain_auc", &Screen::certain_auc, Bounds{0.5, 1}, "from which on it is one in any case")
          .add("least_others", &Screen::least_others, "columns that tell something beside it, for the first rule")
          .add("sample", &Screen::sample, "rows that are looked at; 0: all")
          .add("seed", &Screen::seed, "of the folds");
  static const auto table =
      mine::OptionTable<ScreenRequest>()
          .add("columns", &ScreenRequest::columns, "that are screened; all but the target without it")
          .add("categorical", &ScreenRequest::categorical, "columns of numbers that are names")
          .add("most_categories", &ScreenRequest::most_categories, Bounds{1, 255},
               "texts that a column may have; one with more is left out")
          .all_of(&ScreenRequest::screen, screen);
  return table;
}

struct Screened {
  ScreenRequest request;
  std::string target;
  json::value positive;
};

Screened screen_request(std::string_view text) {
  json::object given = checked_options(compute_leak_screen_schema(), text.empty() ? "{}" : text);
  if (!given.contains("target"))
    throw Error(Problem{.code = Code::invalid, .message = "no column is named as the target", .field = "target"});
  Screened out;
  out.target = given.at("target").as_string();
  if (const json::value* positive = given.if_contains("positive")) out.positive = *positive;
  given.erase("target");
  given.erase("positive");
  out.request = own_options().read(json::serialize(given));
  return out;
}

/// No name of a column is looked at, not that of a protected one either.
AttributeChoice choice_of(const ArrowTable& table, const Screened& asked) {
  AttributeChoice choice{.target = asked.target,
                         .columns = asked.request.columns,
                         .categorical = asked.request.categorical,
                         .most_categories = asked.request.most_categories};
  for (const ArrowInput& column : table.columns()) choice.allowed.push_back(column.name);
  return choice;
}

std::string_view reason_text(mine::LeakReason reason) {
  return reason == mine::LeakReason::certain ? "certain" : "more_than_the_others";
}

json::array suspects_json(const std::vector<PlainAttribute>& attributes, const mine::LeakScreen& screen) {
  json::array told;
  for (const mine::LeakSuspect& one : screen.suspects) {
    const bool certain = one.reason == mine::LeakReason::certain;
    told.push_back(json::object{{"column", attributes[one.column].name},
                                {"reason", reason_text(one.reason)},
                                {"auc", one.auc},
                                {"rest_auc", certain ? json::value() : json::value(one.rest_auc)}});
  }
  return told;
}

NamedTable screen_table(const std::vector<PlainAttribute>& attributes, const mine::LeakScreen& screen) {
  std::vector<const mine::LeakSuspect*> suspect(attributes.size());
  for (const mine::LeakSuspect& one : screen.suspects) suspect[one.column] = &one;
  NamedTable table;
  Column& name = table.add("column", Type::text);
  for (const PlainAttribute& one : attributes) name.append(Value(std::string_view(one.name)));
  table.add("auc", Type::real) = real_column(screen.auc);
  table.add("suspect", Type::text);
  table.add("rest_auc", Type::real);
  for (const mine::LeakSuspect* one : suspect) {
    table.columns[2].append(one == nullptr ? Value() : Value(reason_text(one->reason)));
    const bool compared = one != nullptr && one->reason != mine::LeakReason::certain;
    table.columns[3].append(compared ? Value(one->rest_auc) : Value());
  }
  return table;
}

}  // namespace

std::string_view compute_leak_screen_schema() {
  static const std::string text = with_properties(
      own_options().schema(), R"("target":{"type":"string","description":"column of what came of each row"},
"positive":{"type":["boolean","integer","number","string"],"description":"what stands there for the event; 1 or true without it"})");
  return text;
}

ComputedResult compute_leak_screen(const PlainData& data) {
  const Screened asked = screen_request(data.json);
  const ArrowTable table(data.stream);
  const PlainTarget target = plain_target(table, asked.target, asked.positive);
  const ChosenAttributes chosen = choose_attributes(table, choice_of(table, asked));
  if (chosen.attributes.empty())
    throw Error(Problem{.code = Code::invalid, .message = "no column is left to be screened", .field = "columns"});
  const PlainNumbers numbers = attribute_numbers(table, chosen.attributes, {}, target.marked);
  mine::LeakScreenOptions options = asked.request.screen;
  for (std::size_t c = 0; c < chosen.attributes.size(); ++c)
    if (chosen.attributes[c].categorical) options.categorical.push_back(c);
  const mine::LeakScreen screen =
      mine::screen_leaks({numbers.view(), target.y, {}, {}}, options, {data.executor, data.progress});
  json::array left_out;
  for (const LeftOutColumn& one : chosen.left_out)
    left_out.push_back(json::object{{"column", one.name}, {"why", one.why}});
  json::object options_told = own_options().write(asked.request);
  options_told["target"] = asked.target;
  options_told["positive"] = asked.positive;
  const json::object summary = {{"computation", "leak_screen"},
                                {"rows", table.rows()},
                                {"skipped", table.rows() - target.y.size()},
                                {"events", target.events},
                                {"suspects", suspects_json(chosen.attributes, screen)},
                                {"left_out", std::move(left_out)},
                                {"options", std::move(options_told)}};
  return {json::serialize(summary), screen_table(chosen.attributes, screen)};
}

}  // namespace emptor
