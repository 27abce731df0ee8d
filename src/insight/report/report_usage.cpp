// The report's section on the use of products and services.
#include <charconv>

#include "insight/report/report_sections.hpp"
#include "insight/report/report_state.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_rows = 15;

std::string rate_text(const json::object& product) {
  const auto value = [&](const char* name) { return number_of(object_of(product, name), "value").value_or(0); };
  char buffer[48];
  const double rate = value("problems_per_100") + value("repairs_per_100");
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), rate, std::chars_format::fixed, 1).ptr;
  return {buffer, end};
}

std::vector<std::string> cells_of(const json::object& product) {
  std::string name = text_of(product, "name");
  if (name.empty()) name = "#" + std::to_string(count_of(product, "product"));
  const double again = number_of(object_of(product, "repeat_rate"), "value").value_or(0);
  return {escaped(name),
          with_thousands(count_of(product, "in_use")),
          "−" + with_thousands(count_of(product, "lost")) + " / +" + with_thousands(count_of(product, "gained")),
          percent(static_cast<Wide>(again * 1e6), 1'000'000),
          rate_text(product),
          with_thousands(count_of(product, "unused"))};
}

}  // namespace

std::string usage_section(const Voice& voice, const ReportFigures& figures) {
  if (!figures.usage) return {};
  const json::object& state = *figures.usage;
  const std::vector<json::object> products = objects_of(state, "products");
  if (products.empty()) return {};
  TableWriter table(voice.say(words::usage));
  const auto column = [&](const words::Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(words::product)), column(words::in_use), column(words::lost_gained),
              column(words::bought_again), column(words::trouble), column(words::paid_unused)});
  for (std::size_t i = 0; i < products.size() && i < most_rows; ++i) {
    const json::value* losing = products[i].if_contains("losing");
    const bool warn = losing != nullptr && losing->is_bool() && losing->get_bool();
    table.row(cells_of(products[i]), warn ? "warn" : "");
  }
  return section("usage", voice.say(words::usage),
                 voice.say(words::usage_lead,
                           {with_thousands(count_of(state, "users")), with_thousands(count_of(state, "with_lapsed")),
                            with_thousands(count_of(state, "with_unused"))}),
                 table.html());
}

}  // namespace emptor
