#include "desk/table_profile.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <charconv>

#include "core/long_call.hpp"
#include "desk/fingerprint.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"
#include "emptor/desk/export.hpp"

namespace emptor::desk {
namespace {

constexpr std::uint64_t sample_rows = 50'000;
constexpr std::uint64_t rows_a_beat = 256;
constexpr std::uint64_t sample_cells = 1'500'000;
constexpr std::uint64_t small_table = 64ull << 20;  // bytes: read whole for the guesses
constexpr std::uint64_t many_rows = 1'500'000;      // nor more rows than that

std::uint64_t hash_of_text(std::string_view text) { return Fingerprinter().add(text).narrow(); }

// Nine digits that are those of a 32-bit float, and say no more than its shortest form.
bool is_single_precision(std::string_view text) {
  if (text.size() < 9 || text.size() >= 32) return false;
  float value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return false;
  char nine[40], seven[40];
  const auto nine_end = std::to_chars(nine, nine + sizeof nine, value, std::chars_format::general, 9).ptr;
  const auto seven_end = std::to_chars(seven, seven + sizeof seven, value, std::chars_format::general, 7).ptr;
  float again = 0;
  std::from_chars(seven, seven_end, again);
  return text == std::string_view(nine, static_cast<std::size_t>(nine_end - nine)) && again == value &&
         static_cast<std::size_t>(seven_end - seven) + 2 <= text.size();
}

class Profiler {
 public:
  Profiler(TableSource& source, const Progress& progress) : source_(source), progress_(progress) {
    profile_.source = &source;
    profile_.name = source.name();
    profile_.sample = Sample(source.columns().size());
    profile_.columns.resize(source.columns().size());
    seen_.resize(profile_.columns.size());
    tallies_.resize(profile_.columns.size());
    for (std::size_t i = 0; i < profile_.columns.size(); ++i) profile_.columns[i].name = source.columns()[i];
  }

  TableProfile run() {
    const bool whole = source_.size() <= small_table;
    TableRow row;
    source_.rewind();
    profile_.complete = true;
    while (source_.next(row)) {
      const bool sampling =
          profile_.rows < sample_rows && profile_.sample.rows() * profile_.columns.size() < sample_cells;
      if (!sampling && !(whole && profile_.rows < many_rows)) {
        profile_.complete = false;
        break;
      }
      if (sampling) take_sample(row);
      for (std::size_t i = 0; i < profile_.columns.size(); ++i) profile_.columns[i].guess.see(row.cells[i]);
      if (++profile_.rows % 8192 == 0) tell();
      if (profile_.rows % rows_a_beat == 0) beat("understand", source_.position(), source_.size());
    }
    if (!profile_.complete) settle_dates();
    const std::vector<TableNote> notes = source_.notes();
    source_.rewind();
    finish();
    for (const TableNote& note : notes)
      for (ColumnProfile& column : profile_.columns)
        if (note.code == "binary_float" && note.column == column.name) column.single_precision = true;
    return std::move(profile_);
  }

 private:
  struct Tally {
    std::uint64_t single = 0, long_fractions = 0, whole_with_point = 0;
  };

  void take_sample(const TableRow& row) {
    profile_.sample.add(row);
    for (std::size_t i = 0; i < profile_.columns.size(); ++i) {
      const std::string_view cell = clean(row.cells[i]);
      if (cell.empty()) continue;
      ColumnProfile& column = profile_.columns[i];
      ++column.filled;
      seen_[i].insert(hash_of_text(cell));
      if (cell.size() > 2 && cell.substr(cell.size() - 2) == ".0") ++tallies_[i].whole_with_point;
      const std::size_t point = cell.find('.');
      if (point != std::string_view::npos && cell.size() - point > 7) {
        ++tallies_[i].long_fractions;
        tallies_[i].single += is_single_precision(cell);
      }
      const char mark = cell.size() >= 6 && cell.size() <= 20 && cell[0] >= '0' && cell[0] <= '9'
                            ? cell[std::min(cell.find_first_not_of("0123456789"), cell.size() - 1)]
                            : ' ';
      column.slashed_dates += mark == '/';
      column.dashed_dates += mark == '-';
      column.dotted_dates += mark == '.';
    }
  }

  // The sample left the order of day and month open: look at the rest of those columns.
  void settle_dates() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < profile_.columns.size(); ++i)
      if (profile_.columns[i].guess.ambiguous_date()) open.push_back(i);
    TableRow row;
    std::uint64_t rows = 0;
    while (!open.empty() && source_.next(row)) {
      std::erase_if(open, [&](std::size_t i) {
        profile_.columns[i].guess.see(row.cells[i]);
        return !profile_.columns[i].guess.ambiguous_date();
      });
      if (++rows % 8192 == 0) tell();
      if (rows % rows_a_beat == 0) beat("understand", source_.position(), source_.size());
    }
  }

  void finish() {
    for (std::size_t i = 0; i < profile_.columns.size(); ++i) {
      ColumnProfile& column = profile_.columns[i];
      column.distinct = seen_[i].size();
      const Tally& tally = tallies_[i];
      column.single_precision = tally.long_fractions > 0 && tally.single * 10 >= tally.long_fractions * 9;
      column.whole_with_point = column.filled > 0 && tally.whole_with_point == column.filled;
    }
  }

  void tell() const {
    if (progress_ && !progress_("understand", source_.position(), source_.size()))
      throw Error(Code::cancelled, "the import was stopped");
  }

  TableSource& source_;
  const Progress& progress_;
  TableProfile profile_;
  std::vector<boost::unordered_flat_set<std::uint64_t>> seen_;
  std::vector<Tally> tallies_;
};

}  // namespace

std::string_view clean(std::string_view cell) noexcept {
  cell = without_guard(trim(cell));
  return cell == "-" || is_blank(cell) ? std::string_view() : cell;
}

void Sample::add(const TableRow& row) {
  for (std::size_t i = 0; i < columns_; ++i) cells_.push_back(text_.keep(clean(row.cells[i])));
}

std::map<std::string_view, std::uint64_t> Sample::values(std::size_t column, std::size_t most) const {
  std::map<std::string_view, std::uint64_t> found;
  for (std::size_t row = 0; row < rows(); ++row) {
    if (cell(row, column).empty()) continue;
    ++found[cell(row, column)];
    if (found.size() > most) return {};
  }
  return found;
}

TableProfile profile_table(TableSource& source, const Progress& progress) { return Profiler(source, progress).run(); }

Dependence dependence(const Sample& sample, std::size_t key, std::size_t column) {
  struct Seen {
    std::string_view value;
    std::uint32_t rows = 0;
    bool differs = false;
  };
  boost::unordered_flat_map<std::string_view, Seen> keys;
  for (std::size_t row = 0; row < sample.rows(); ++row) {
    const std::string_view name = sample.cell(row, key), value = sample.cell(row, column);
    if (name.empty() || value.empty()) continue;
    Seen& seen = keys[name];
    if (seen.rows++ == 0)
      seen.value = value;
    else if (seen.value != value)
      seen.differs = true;
  }
  std::size_t several = 0, agree = 0;
  for (const auto& [name, seen] : keys) {
    if (seen.rows < 2) continue;
    ++several;
    agree += !seen.differs;
  }
  return {several == 0 ? 1 : static_cast<double>(agree) / static_cast<double>(several), several};
}

}  // namespace emptor::desk
