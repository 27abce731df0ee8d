/// Writing a report's page: texts in its language, figures as its readers write them, HTML.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/decimal.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/core/wide.hpp"
#include "emptor/insight/report.hpp"
#include "insight/report/report_words.hpp"

namespace emptor {

/// For text between tags and in quoted attributes.
std::string escaped(std::string_view text);

/// "1,234,567"
std::string with_thousands(std::int64_t number);
/// Every digit, at least so many after the point: "9,747,747.934", "12.00".
std::string exact_amount(const Decimal& amount, int least_digits);
/// "12.5 %"; "0 %" of nothing. Rounded half up at one digit; what is more than nothing is at least "<0.1 %".
std::string percent(Wide part, Wide whole);

/// Speaks one language.
class Voice {
 public:
  Voice(Language language, int minor_digits) : language_(language), minor_digits_(minor_digits) {}
  std::string_view say(const words::Text& text) const { return language_ == Language::english ? text.en : text.zh; }
  /// With "{0}", "{1}" ... replaced; not escaped.
  std::string say(const words::Text& text, std::initializer_list<std::string> figures) const;
  std::string amount(const Decimal& amount) const { return exact_amount(amount, minor_digits_); }
  std::string amount(const IntegerSum& micros) const { return amount(micros.micros_to_decimal()); }
  std::string amount(std::int64_t micros) const { return amount(Decimal::from_micros(micros)); }
  /// For axes: "1.2M", "350k"; "120万".
  std::string compact(double number) const;
  std::string_view html_language() const { return language_ == Language::english ? "en" : "zh-CN"; }

 private:
  Language language_;
  int minor_digits_;
};

/// A table whose cells are HTML already.
class TableWriter {
 public:
  explicit TableWriter(std::string_view caption) : caption_(caption) {}
  /// "text", "#text" for a column of figures, "=text" for one of bars.
  TableWriter& head(std::initializer_list<std::string> columns);
  TableWriter& row(const std::vector<std::string>& cells, std::string_view row_class = {});
  std::string html() const;

 private:
  std::string caption_, head_, body_;
  std::vector<std::string> classes_;
};

/// The whole page around its body.
std::string page(const Voice& voice, std::string_view title, const std::string& body);

}  // namespace emptor
