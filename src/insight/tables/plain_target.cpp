#include "insight/tables/plain_target.hpp"

#include <cmath>
#include <optional>

#include "insight/tables/plain_attributes.hpp"
#include "insight/tables/plain_rows.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse_positive(const std::string& what, const char* hint) {
  throw Error(Problem{.code = Code::invalid, .message = what, .field = "positive", .hint = hint});
}

/// The number that the event is; of truths 1 and 0.
std::optional<double> number_of(const json::value& positive) {
  if (positive.is_bool()) return positive.get_bool() ? 1 : 0;
  if (positive.is_number()) return positive.to_number<double>();
  return std::nullopt;
}

/// Says of a cell whether it is the event.
class EventTest {
 public:
  EventTest(const std::string& column, const json::value& positive)
      : column_(column), given_(!positive.is_null()), number_(given_ ? number_of(positive) : 1.0) {
    if (positive.is_string()) text_ = std::string(positive.get_string());
  }

  bool of_text(std::string_view text) const {
    if (!text_) refuse_positive("the column '" + column_ + "' holds texts", "say which of them is the event");
    return text == *text_;
  }
  bool of_number(double number) const {
    if (!number_) refuse_positive("the column '" + column_ + "' holds numbers, the event is a text", "give a number");
    if (!given_ && number != 0 && number != 1)
      refuse_positive("the column '" + column_ + "' holds other numbers than 0 and 1", "say which is the event");
    return number == *number_;
  }

 private:
  const std::string& column_;
  bool given_;
  std::optional<double> number_;
  std::optional<std::string> text_;
};

}  // namespace

PlainTarget plain_target(const ArrowTable& table, const std::string& column, const json::value& positive) {
  const std::size_t at = table.column(column);
  const EventTest test(column, positive);
  PlainTarget out;
  out.marked.resize(table.rows());
  PlainRows rows(table);
  rows.each([&] {
    const ArrowCell cell = rows.cell(at);
    if (is_missing(cell)) return;
    bool event = false;
    if (cell.kind == ArrowCell::Kind::text) {
      event = test.of_text(cell.text);
    } else {
      const std::optional<double> number = real_of(cell);
      if (!number) rows.refuse(at, "number, truth or text");
      if (std::isnan(*number)) return;
      event = test.of_number(*number);
    }
    out.marked[rows.done()] = 1;
    out.y.push_back(event ? 1 : 0);
    out.events += event ? 1U : 0U;
  });
  return out;
}

}  // namespace emptor
