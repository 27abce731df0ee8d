#include "insight/tables/plain_card.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base64.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse_card(const char* what) {
  throw Error(Problem{.code = Code::invalid,
                      .message = std::string("the card ") + what,
                      .field = "card",
                      .hint = "give what the computation scorecard gave as its card, unchanged"});
}

std::string number_text(double number) {
  char buffer[32];
  return {buffer, std::to_chars(std::begin(buffer), std::end(buffer), number).ptr};
}

std::string category_text(const PlainAttribute& attribute, double code) {
  return attribute.texts ? attribute.texts->at(static_cast<std::size_t>(code)) : number_text(code);
}

std::string group_text(const PlainAttribute& attribute, const mine::ColumnBinning& binning, std::size_t bin) {
  std::string text;
  for (std::size_t i = 0; i < binning.categories.size(); ++i)
    if (binning.groups[i] == bin) text += (text.empty() ? "" : ", ") + category_text(attribute, binning.categories[i]);
  return text;
}

std::vector<std::string> texts_of(const json::value& list) {
  std::vector<std::string> texts;
  for (const json::value& one : list.as_array()) texts.emplace_back(one.as_string());
  if (!std::is_sorted(texts.begin(), texts.end())) refuse_card("has texts out of their order");
  return texts;
}

/// Whether every category of a column of texts is the place of one of them.
bool fits(const PlainAttribute& attribute, const mine::ColumnBinning& binning) {
  if (attribute.categorical != binning.categorical) return false;
  if (!attribute.texts) return true;
  const auto count = static_cast<double>(attribute.texts->size());
  return std::all_of(binning.categories.begin(), binning.categories.end(),
                     [&](double code) { return code >= 0 && code < count && code == std::floor(code); });
}

}  // namespace

const std::string_view card_schema = R"({"type":"object","properties":{
"target":{"type":"string"},"positive":{"type":["boolean","integer","number","string"]},"model":{"type":"string"},
"columns":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},
"categorical":{"type":"boolean"},"texts":{"type":"array","items":{"type":"string"}}}}}},
"description":"what the computation scorecard gave as its card"})";

json::object card_json(const PlainCard& card) {
  json::array columns;
  for (const PlainAttribute& one : card.attributes) {
    json::object column = {{"name", one.name}, {"categorical", one.categorical}};
    if (one.texts) column["texts"] = json::array(one.texts->begin(), one.texts->end());
    columns.push_back(std::move(column));
  }
  json::object told = {{"target", card.target}, {"columns", std::move(columns)}, {"model", to_base64(save(card.card))}};
  if (!card.positive.is_null()) told["positive"] = card.positive;
  return told;
}

PlainCard card_of(const json::object& given) {
  for (const char* name : {"target", "columns", "model"})
    if (!given.contains(name)) refuse_card("is not whole");
  PlainCard card;
  card.target = given.at("target").as_string();
  if (const json::value* positive = given.if_contains("positive")) card.positive = *positive;
  for (const json::value& one : given.at("columns").as_array()) {
    const json::object& column = one.as_object();
    if (!column.contains("name") || !column.contains("categorical")) refuse_card("has a column that is not whole");
    PlainAttribute attribute{std::string(column.at("name").as_string()), column.at("categorical").as_bool()};
    if (const json::value* texts = column.if_contains("texts")) attribute.texts = texts_of(*texts);
    card.attributes.push_back(std::move(attribute));
  }
  const std::optional<std::string> bytes = from_base64(std::string_view(given.at("model").as_string()));
  if (!bytes) refuse_card("has a model that is no base64");
  card.card = mine::load_scorecard(*bytes);
  const std::vector<mine::ColumnBinning>& binned = card.card.binning.columns;
  if (!std::equal(card.attributes.begin(), card.attributes.end(), binned.begin(), binned.end(), fits))
    refuse_card("has other columns than its model");
  return card;
}

std::string bin_text(const PlainAttribute& attribute, const mine::ColumnBinning& binning, std::size_t bin) {
  if (bin == binning.missing()) return "missing";
  if (bin >= binning.ordinary()) return "= " + number_text(binning.special[bin - binning.ordinary()]);
  if (binning.categorical) return group_text(attribute, binning, bin);
  const std::string low = bin == 0 ? "(-inf" : "[" + number_text(binning.cuts[bin - 1]);
  return low + ", " + (bin == binning.cuts.size() ? "inf" : number_text(binning.cuts[bin])) + ")";
}

NamedTable card_table(const PlainCard& card) {
  NamedTable table;
  for (const char* name : {"attribute", "bin"}) table.add(name, Type::text);
  for (const char* name : {"events", "others", "rate", "woe", "information", "points"}) table.add(name, Type::real);
  table.add("use", Type::text);
  for (std::size_t c = 0; c < card.attributes.size(); ++c) {
    const mine::ColumnBinning& binning = card.card.binning.columns[c];
    const mine::ScorecardColumn& column = card.card.columns[c];
    for (std::size_t b = 0; b < binning.bins.size(); ++b) {
      const mine::WoeBin& bin = binning.bins[b];
      if (bin.events + bin.others == 0) continue;  // nothing was met there
      table.columns[0].append(Value(std::string_view(card.attributes[c].name)));
      table.columns[1].append(Value(std::string_view(bin_text(card.attributes[c], binning, b))));
      std::size_t at = 2;
      for (const double number : {bin.events, bin.others, bin.rate(), bin.woe, bin.value})
        table.columns[at++].append(Value(number));
      table.columns[at++].append(column.use == mine::ColumnUse::used ? Value(column.points[b]) : Value());
      table.columns[at].append(Value(name_of(column.use)));
    }
  }
  return table;
}

}  // namespace emptor
