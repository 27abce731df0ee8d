#include "desk/import_checks.hpp"

#include <algorithm>

#include "desk/known_future.hpp"
#include "desk/known_names.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

bool is_read(const TableUnderstanding& table) { return !table.kind.empty() && table.kind != lookup_kind; }

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

class TableChecks {
 public:
  TableChecks(TableUnderstanding& table, ProblemLog& log) : table_(table), log_(log) {}

  void run() {
    for (const ColumnTarget& target : table_.targets) {
      check_dates(target);
      check_spelling(target);
    }
    for (const FutureColumn& found : columns_that_know_the_future(table_.profile))
      log_.add("knows_the_future", entity_of(found.column), table_.profile.name, table_.profile.rows, 0, found.text);
    tell_customs();
    tell_variants();
  }

 private:
  const ColumnProfile& column(std::size_t i) const { return table_.profile.columns[i]; }
  std::string entity_of(std::size_t column) const {
    for (const ColumnTarget& target : table_.targets)
      if (target.column == column && !target.entity.empty()) return target.entity;
    return table_.kind;
  }

  void check_dates(const ColumnTarget& target) {
    const ColumnProfile& dates = column(target.column);
    if (target.entity.empty() || !dates.dated() || dates.mostly_numeric()) return;
    if (dates.guess.ambiguous_date())
      log_.add("ambiguous_date", target.entity, table_.profile.name, dates.filled, 0,
               "Day and month of " + dates.name + " can be exchanged in every row; they are read as " +
                   order_of(dates) + ".");
    const std::uint64_t kinds[] = {dates.slashed_dates, dates.dashed_dates, dates.dotted_dates};
    const std::uint64_t most = std::max({kinds[0], kinds[1], kinds[2]});
    const std::uint64_t others = kinds[0] + kinds[1] + kinds[2] - most;
    if (others > 0)
      log_.add("mixed_date_formats", target.entity, table_.profile.name, others, 0,
               "The dates of " + dates.name + " are written with more than one mark; all are read as " +
                   order_of(dates) + ".");
  }
  static std::string order_of(const ColumnProfile& dates) {
    const auto format = dates.guess.likely_date(.9);
    if (format->order == DateOrder::mdy) return "month, day, year";
    return format->order == DateOrder::dmy ? "day, month, year" : "year, month, day";
  }

  void check_spelling(const ColumnTarget& target) {
    const bool country = target.field == "country";
    const bool industry = target.field == "industry";
    if (!country && !industry) return;
    const KnownNames known = country ? KnownNames::countries : KnownNames::industries;
    for (const auto& [value, rows] : table_.profile.sample.values(target.column, 1000)) {
      const std::string_view meant = meant_by(known, value);
      if (meant.empty()) continue;
      log_.add("suspect_spelling", target.entity, table_.profile.name, rows, 0,
               "'" + std::string(value) + "' in the column " + column(target.column).name + " looks like a slip for '" +
                   std::string(meant) + "'; it is kept as written.");
    }
  }

  void tell_customs() {
    std::map<std::string, std::vector<std::string>> customs;
    for (const ColumnTarget& target : table_.targets)
      if (target.custom) customs[target.entity].push_back(column(target.column).name);
    for (const auto& [entity, names] : customs)
      log_.add("custom_field", entity, table_.profile.name, 0, 0,
               "Columns without a place of their own are kept as custom fields: " + list(names) + ".");
  }

  // Values of a class that differ only in blanks, marks and capitals.
  void tell_variants() {
    for (const ColumnTarget& target : table_.targets) {
      const std::string& f = target.field;
      if (f != "category" && f != "segment" && f != "country" && f != "industry" && f != "stage" && f != "status")
        continue;
      std::map<std::string, std::pair<std::string, std::uint64_t>> forms;
      for (const auto& [value, rows] : table_.profile.sample.values(target.column, 1000)) {
        std::string form;
        for (const std::string& word : words_of(value)) form += word;
        auto& [first, count] = forms[form];
        if (first.empty()) {
          first = value;
          count = rows;
        } else {
          log_.add("inconsistent_name", target.entity, table_.profile.name, std::min(count, rows), 0,
                   "'" + first + "' and '" + std::string(value) + "' in the column " + column(target.column).name +
                       " differ only in blanks, marks or capitals.");
        }
      }
    }
  }

  TableUnderstanding& table_;
  ProblemLog& log_;
};

}  // namespace

void check_tables(std::vector<TableUnderstanding>& tables, ProblemLog& log) {
  for (TableUnderstanding& table : tables) {
    const bool database = table.profile.name.find('#') != std::string::npos;
    const std::string code = database ? "table_not_read" : "file_not_read";
    if (is_read(table)) {
      TableChecks(table, log).run();
      continue;
    }
    std::uint64_t rows = table.profile.rows;
    if (!table.profile.complete) {
      TableRow row;
      table.profile.source->rewind();
      for (rows = 0; table.profile.source->next(row);) ++rows;
    }
    if (table.used_as_lookup && table.profile.columns.size() <= 4) continue;
    const std::string why = table.used_as_lookup ? "only its names were used, to make keys of other tables readable"
                            : table.why_unread.empty() ? "nothing refers to it"
                                                       : table.why_unread;
    log.add(code, "", table.profile.name, rows, 0, "This table was not imported: " + why + ".");
  }
}

void tell_notes(const std::vector<TableUnderstanding>& tables, ProblemLog& log) {
  for (const TableUnderstanding& table : tables) {
    const TableFormat& format = table.profile.source->format();
    const bool plain = format.encoding == Encoding::utf8 || format.encoding == Encoding::utf8_bom;
    if (!plain && is_read(table))
      log.add("encoding", table.kind, table.profile.name, 0, 0,
              "The file is written in " + std::string(name_of(format.encoding)) + "; it was converted to UTF-8.");
    for (const TableNote& note : table.profile.source->notes())
      log.add(note.code, is_read(table) ? table.kind : "", table.profile.name, note.rows, note.first_row, note.text);
  }
}

void annotate(std::vector<TableUnderstanding>& tables, const ImportPlan& plan) {
  const auto add = [](ColumnTarget& target, std::string_view text) {
    target.note += (target.note.empty() ? "" : "; ") + std::string(text);
  };
  for (TableUnderstanding& table : tables) {
    for (ColumnTarget& target : table.targets) {
      const ColumnProfile& column = table.profile.columns[target.column];
      if (target.entity.empty() || target.field == key_field || !column.dated() || column.numeric()) continue;
      const DateFormat format = *column.guess.likely_date(.9);
      if (format.order != DateOrder::ymd)
        add(target, format.order == DateOrder::mdy ? "dates are month/day/year" : "dates are day/month/year");
    }
  }
  for (const TablePlan& planned : plan.tables) {
    if (!planned.line) continue;
    for (ColumnTarget& target : planned.table->targets) {
      if (target.is("order_line", "discount"))
        add(target, planned.line->discount_style == DiscountStyle::share     ? "a share of the price"
                    : planned.line->discount_style == DiscountStyle::percent ? "percent of the price"
                                                                             : "money off the line");
      if (target.is("order_line", "quantity") && !planned.line->amount)
        add(target, planned.line->price ? "amount = quantity x price, less discount"
                                        : "amount = quantity x price of the product");
      if (target.is("order", key_field) && !planned.line->credit_prefixes.empty())
        add(target, "numbers that begin with " + list(planned.line->credit_prefixes) + " are credit notes");
    }
  }
}

}  // namespace emptor::desk
