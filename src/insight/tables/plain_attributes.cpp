#include "insight/tables/plain_attributes.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cmath>
#include <limits>

#include "emptor/core/text.hpp"
#include "insight/outcome/protected_columns.hpp"
#include "insight/tables/plain_rows.hpp"

namespace emptor {
namespace {

using Kind = ArrowType::Kind;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

bool is_text(const ArrowInput& column) { return column.type.kind == Kind::text || column.type.kind == Kind::text_view; }
/// A column of nulls is one of numbers that are all missing.
bool is_number(const ArrowInput& column) {
  const Kind kind = column.type.kind;
  return !column.list && (kind == Kind::null || kind == Kind::boolean || kind == Kind::integer || kind == Kind::real ||
                          kind == Kind::decimal);
}

bool named(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The texts of a column, ascending; nothing if there are more than `most`.
std::optional<std::vector<std::string>> texts_of(const ArrowTable& table, std::size_t column, std::size_t most) {
  boost::unordered_flat_set<std::string_view> met;
  PlainRows rows(table);
  rows.each([&] {
    if (met.size() > most) return;
    if (const ArrowCell cell = rows.cell(column); !is_missing(cell)) met.insert(cell.text);
  });
  if (met.size() > most) return std::nullopt;
  std::vector<std::string> texts(met.begin(), met.end());
  std::sort(texts.begin(), texts.end());
  return texts;
}

double code_of(const std::vector<std::string>& texts, std::string_view text) {
  const auto found = std::lower_bound(texts.begin(), texts.end(), text);
  return found == texts.end() || *found != text ? nothing : static_cast<double>(found - texts.begin());
}

/// Chooses column by column.
class Chooser {
 public:
  Chooser(const ArrowTable& table, const AttributeChoice& choice) : table_(table), choice_(choice) {
    for (const std::vector<std::string>* names : {&choice.columns, &choice.allowed, &choice.categorical})
      for (const std::string& name : *names) table.column(name);
    if (named(choice.columns, choice.target))
      throw Error(
          Problem{.code = Code::invalid, .message = "the target cannot be an attribute of itself", .field = "columns"});
  }

  ChosenAttributes choose() {
    for (std::size_t c = 0; c < table_.columns().size(); ++c) {
      const std::string& name = table_.columns()[c].name;
      if (name == choice_.target || (!choice_.columns.empty() && !named(choice_.columns, name))) continue;
      take(c, name);
    }
    return std::move(out_);
  }

 private:
  void take(std::size_t column, const std::string& name) {
    const ArrowInput& input = table_.columns()[column];
    if (is_protected(name) && !named(choice_.allowed, name)) {
      out_.left_out.push_back({name, "protected"});
    } else if (is_number(input)) {
      out_.attributes.push_back({name, named(choice_.categorical, name)});
    } else if (!is_text(input)) {
      out_.left_out.push_back({name, "neither numbers nor texts"});
    } else if (auto texts = texts_of(table_, column, choice_.most_categories)) {
      out_.attributes.push_back({name, true, std::move(texts)});
    } else {
      out_.left_out.push_back({name, "too many texts"});
    }
  }

  const ArrowTable& table_;
  const AttributeChoice& choice_;
  ChosenAttributes out_;
};

void append_column(const ArrowTable& table, const PlainAttribute& attribute, const std::vector<std::uint8_t>& marked,
                   PlainNumbers& out) {
  const std::size_t column = table.column(attribute.name);
  PlainRows rows(table);
  rows.each([&] {
    if (!marked.empty() && marked[rows.done()] == 0) return;
    const ArrowCell cell = rows.cell(column);
    if (is_missing(cell)) {
      out.x.push_back(nothing);
    } else if (attribute.texts) {
      if (cell.kind != ArrowCell::Kind::text) rows.refuse(column, "text");
      out.x.push_back(code_of(*attribute.texts, cell.text));
      out.unknown += std::isnan(out.x.back()) ? 1U : 0U;
    } else {
      const std::optional<double> number = real_of(cell);
      if (!number || std::isinf(*number)) rows.refuse(column, "finite number");
      out.x.push_back(*number);
    }
  });
}

}  // namespace

std::optional<double> real_of(const ArrowCell& cell) {
  switch (cell.kind) {
    case ArrowCell::Kind::missing:
      return nothing;
    case ArrowCell::Kind::boolean:
      return static_cast<double>(cell.number);
    case ArrowCell::Kind::real:
    case ArrowCell::Kind::single:
      return cell.real;
    case ArrowCell::Kind::decimal:
      break;
    default:
      return std::nullopt;
  }
  double power = 1;
  for (int i = std::abs(cell.scale); i > 0; --i) power *= 10;
  return cell.scale < 0 ? static_cast<double>(cell.number) * power : static_cast<double>(cell.number) / power;
}

std::optional<std::size_t> find_column(const ArrowTable& table, std::string_view name) {
  const auto& columns = table.columns();
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.name == name; });
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

ChosenAttributes choose_attributes(const ArrowTable& table, const AttributeChoice& choice) {
  return Chooser(table, choice).choose();
}

PlainNumbers attribute_numbers(const ArrowTable& table, const std::vector<PlainAttribute>& attributes,
                               const std::vector<std::uint8_t>& needed, const std::vector<std::uint8_t>& marked) {
  PlainNumbers out;
  out.rows = marked.empty() ? table.rows()
                            : static_cast<std::size_t>(std::count(marked.begin(), marked.end(), std::uint8_t{1}));
  out.columns = attributes.size();
  out.x.reserve(out.rows * attributes.size());
  for (std::size_t a = 0; a < attributes.size(); ++a) {
    if (!needed.empty() && needed[a] == 0 && !find_column(table, attributes[a].name)) {
      out.x.insert(out.x.end(), out.rows, nothing);
    } else {
      append_column(table, attributes[a], marked, out);
    }
  }
  return out;
}

}  // namespace emptor
