#include "insight/tables/plain_survival.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "core/arrow_convert.hpp"
#include "emptor/core/decimal.hpp"
#include "insight/tables/plain_rows.hpp"

namespace emptor {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// A number, a boolean as 0 and 1; nothing for texts and the like.
std::optional<double> number_of(const ArrowCell& cell) {
  switch (cell.kind) {
    case ArrowCell::Kind::real:
    case ArrowCell::Kind::single:
      return cell.real;
    case ArrowCell::Kind::boolean:
    case ArrowCell::Kind::decimal: {
      double number = static_cast<double>(cell.number);
      for (int place = 0; place < cell.scale; ++place) number /= 10;
      return number;
    }
    default:
      return std::nullopt;
  }
}

std::string text_of(const ArrowCell& cell) {
  if (cell.kind == ArrowCell::Kind::text) return std::string(cell.text);
  if (cell.kind == ArrowCell::Kind::boolean) return cell.number != 0 ? "true" : "false";
  const auto micros = micros_of(cell);
  return micros ? Decimal::from_micros(*micros).to_string() : std::string();
}

bool lacks(const ArrowCell& cell) { return is_missing(cell) || (number_of(cell) && std::isnan(*number_of(cell))); }

class SurvivalReading {
 public:
  SurvivalReading(const ArrowTable& table, const SurvivalColumnNames& names)
      : in_(table),
        names_(names),
        duration_(table.column(names.duration)),
        event_(table.column(names.event)),
        group_(names.group.empty() ? none : table.column(names.group)) {
    for (const std::string& name : names.covariates) {
      covariates_.push_back(table.column(name));
      const ArrowType::Kind kind = table.columns()[covariates_.back()].type.kind;
      of_texts_.push_back(kind == ArrowType::Kind::text || kind == ArrowType::Kind::text_view);
    }
    numbers_.resize(covariates_.size());
    texts_.resize(covariates_.size());
  }

  PlainSurvival read() {
    in_.each([&] { read_row(); });
    out_.read = in_.done();
    out_.skipped = in_.done() - out_.rows.size();
    finish_groups();
    for (std::size_t i = 0; i < covariates_.size(); ++i) out_.rows.covariates.push_back(column(i));
    return std::move(out_);
  }

 private:
  void read_row() {
    const ArrowCell duration = in_.cell(duration_), event = in_.cell(event_);
    if (lacks(duration) || lacks(event) || (group_ != none && is_missing(in_.cell(group_)))) return;
    const std::optional<double> time = number_of(duration);
    if (!time || !(*time >= 0 && std::isfinite(*time))) in_.refuse(duration_, "duration: a number from 0 on");
    out_.rows.duration.push_back(*time);
    out_.rows.event.push_back(ended(event) ? 1 : 0);
    if (group_ != none) groups_.push_back(text_of(in_.cell(group_)));
    for (std::size_t i = 0; i < covariates_.size(); ++i) read_covariate(i);
  }
  bool ended(const ArrowCell& event) const {
    if (!names_.ended.empty()) return text_of(event) == names_.ended;
    const std::optional<double> number = number_of(event);
    if (!number || (*number != 0 && *number != 1)) in_.refuse(event_, "event: 0 or 1, or name the value of what ended");
    return *number == 1;
  }
  void read_covariate(std::size_t i) {
    const ArrowCell cell = in_.cell(covariates_[i]);
    if (of_texts_[i]) {
      texts_[i].push_back(std::string(cell.text));
      return;
    }
    const std::optional<double> number =
        lacks(cell) ? std::optional(std::numeric_limits<double>::quiet_NaN()) : number_of(cell);
    if (!number || std::isinf(*number)) in_.refuse(covariates_[i], "number or text");
    numbers_[i].push_back(*number);
  }

  void finish_groups() {
    std::map<std::string, std::uint32_t> places;
    for (const std::string& group : groups_) places.try_emplace(group);
    for (auto& [name, place] : places) {
      place = static_cast<std::uint32_t>(out_.rows.group_names.size());
      out_.rows.group_names.push_back(name);
    }
    for (const std::string& group : groups_) out_.rows.group.push_back(places.at(group));
  }
  mine::TableColumn column(std::size_t i) const {
    if (!of_texts_[i]) return {names_.covariates[i], numbers_[i], {}, {}};
    return words_column(names_.covariates[i], texts_[i]);
  }

  PlainRows in_;
  const SurvivalColumnNames& names_;
  std::size_t duration_, event_, group_;
  std::vector<std::size_t> covariates_;
  std::vector<bool> of_texts_;
  std::vector<std::vector<double>> numbers_;
  std::vector<std::vector<std::string>> texts_;
  std::vector<std::string> groups_;
  PlainSurvival out_;
};

}  // namespace

PlainSurvival plain_survival(const ArrowTable& table, const SurvivalColumnNames& names) {
  return SurvivalReading(table, names).read();
}

}  // namespace emptor
