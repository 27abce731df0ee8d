#include "insight/report/report_page.hpp"

#include <charconv>
#include <cmath>

#include "emptor/core/wide.hpp"
#include "insight/report/report_style.hpp"

namespace emptor {
namespace {

/// Digits of a whole number in groups of three.
std::string grouped(std::string digits) {
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string fixed(double number, int digits) {
  char text[64];
  const auto result = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed, digits);
  return {text, result.ptr};
}

/// One digit after the point only where it says something.
std::string short_number(double number) {
  const bool whole = std::abs(number - std::round(number)) < 0.05 || std::abs(number) >= 100;
  return fixed(number, whole ? 0 : 1);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string with_thousands(std::int64_t number) {
  const std::string digits = std::to_string(number);
  return number < 0 ? "-" + grouped(digits.substr(1)) : grouped(digits);
}

std::string exact_amount(const Decimal& amount, int least_digits) {
  std::string text = amount.to_string();
  const bool negative = text.front() == '-';
  if (negative) text.erase(0, 1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string fraction = text.substr(point);
  if (fraction.empty() && least_digits > 0) fraction = ".";
  while (fraction.size() < static_cast<std::size_t>(least_digits) + 1 && least_digits > 0) fraction += '0';
  return (negative ? "-" : "") + grouped(text.substr(0, point)) + fraction;
}

std::string percent(Wide part, Wide whole) {
  if (whole <= 0 || part == 0) return "0 %";
  const bool negative = part < 0;
  const Wide magnitude = negative ? -part : part;
  const auto tenths = static_cast<std::int64_t>((magnitude * 2000 + whole) / (whole * 2));
  if (tenths == 0) return "<0.1 %";
  return (negative ? "-" : "") + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string Voice::say(const words::Text& text, std::initializer_list<std::string> figures) const {
  std::string said(say(text));
  std::size_t number = 0;
  for (const std::string& figure : figures) {
    const std::string mark = "{" + std::to_string(number++) + "}";
    for (std::size_t at = said.find(mark); at != said.npos; at = said.find(mark, at + figure.size())) {
      said.replace(at, mark.size(), figure);
    }
  }
  return said;
}

std::string Voice::compact(double number) const {
  if (language_ == Language::chinese) {
    if (std::abs(number) >= 1e8) return short_number(number / 1e8) + "亿";
    if (std::abs(number) >= 1e4) return short_number(number / 1e4) + "万";
    return short_number(number);
  }
  if (std::abs(number) >= 1e9) return short_number(number / 1e9) + "bn";
  if (std::abs(number) >= 1e6) return short_number(number / 1e6) + "M";
  if (std::abs(number) >= 1e3) return short_number(number / 1e3) + "k";
  return short_number(number);
}

TableWriter& TableWriter::head(std::initializer_list<std::string> columns) {
  for (const std::string& column : columns) {
    const char kind = column.empty() ? ' ' : column.front();
    classes_.push_back(kind == '#' ? " class=\"n\"" : kind == '=' ? " class=\"bar\"" : "");
    const bool marked = !classes_.back().empty();
    head_ += "<th scope=\"col\"" + classes_.back() + ">" + escaped(marked ? column.substr(1) : column) + "</th>";
  }
  return *this;
}

TableWriter& TableWriter::row(const std::vector<std::string>& cells, std::string_view row_class) {
  body_ += row_class.empty() ? "<tr>" : "<tr class=\"" + std::string(row_class) + "\">";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string tag = i == 0 ? "th" : "td";
    body_ += "<" + tag + (i == 0 ? " scope=\"row\"" : "") + classes_[i] + ">" + cells[i] + "</" + tag + ">";
  }
  body_ += "</tr>\n";
  return *this;
}

std::string TableWriter::html() const {
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped(caption_) +
         "\"><table><caption>" + escaped(caption_) + "</caption><thead><tr>" + head_ + "</tr></thead><tbody>\n" +
         body_ + "</tbody></table></div>\n";
}

std::string page(const Voice& voice, std::string_view title, const std::string& body) {
  std::string html = "<!doctype html>\n<html lang=\"";
  html += voice.html_language();
  html += "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">";
  html += "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\"><title>";
  html += escaped(title) + "</title>\n<style>" + std::string(report_style) + "</style></head>\n<body><main>\n";
  return html + body + "</main></body></html>\n";
}

}  // namespace emptor
