#include "insight/report/report_sections.hpp"

#include <algorithm>
#include <array>

#include "core/sort_stably.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_problems = 25;

std::string cell(std::string_view text) { return escaped(text); }

std::string tile(std::string_view name, const std::string& figure, std::string_view note = {}, bool wide = false) {
  std::string html = wide ? "<div class=\"tile wide\"><dt>" : "<div class=\"tile\"><dt>";
  html += escaped(name) + "</dt><dd>" + escaped(figure) + "</dd>";
  if (!note.empty()) html += "<dd class=\"note\">" + escaped(note) + "</dd>";
  return html + "</div>";
}

std::string count_text(std::size_t count) { return with_thousands(static_cast<std::int64_t>(count)); }

std::string tiles(const Voice& voice, const ReportFigures& figures) {
  using namespace words;
  const std::string returned = figures.credit_notes == 0
                                   ? std::string()
                                   : std::string(voice.say(credit_notes)) + ": " + with_thousands(figures.credit_notes);
  std::string html = "<dl class=\"tiles\">";
  html += tile(voice.say(revenue), voice.amount(figures.revenue), voice.say(revenue_note), true);
  html += tile(voice.say(customers), with_thousands(figures.customers),
               std::string(voice.say(buyers)) + ": " + count_text(figures.rfm.size()));
  html += tile(voice.say(orders), with_thousands(figures.orders), returned);
  html += tile(voice.say(lines), with_thousands(figures.lines),
               figures.products == 0 ? std::string()
                                     : std::string(voice.say(products)) + ": " + with_thousands(figures.products));
  if (figures.interactions != 0) html += tile(voice.say(interactions), with_thousands(figures.interactions));
  if (figures.anonymous_lines != 0) {
    const Wide whole = figures.revenue.micros();
    html += tile(voice.say(anonymous), voice.amount(figures.anonymous_revenue),
                 voice.say(anonymous_note, {with_thousands(figures.anonymous_lines),
                                            percent(figures.anonymous_revenue.value(), whole)}),
                 true);
  }
  return html + "</dl>\n";
}

std::string period_name(const PeriodRevenue& period) {
  if (period.month == 0) return std::to_string(period.year);
  return std::to_string(period.year) + (period.month < 10 ? "-0" : "-") + std::to_string(period.month);
}

std::string period_table(const Voice& voice, const ReportFigures& figures, bool anonymous) {
  TableWriter table(voice.say(words::by_month));
  const std::string known = "#" + std::string(voice.say(words::known));
  const std::string others = "#" + std::string(voice.say(words::anonymous));
  const std::string period(voice.say(words::period));
  if (anonymous) {
    table.head({period, known, others});
  } else {
    table.head({period, known});
  }
  IntegerSum known_sum, other_sum;
  const auto cells = [&](const std::string& name, const IntegerSum& one, const IntegerSum& other) {
    std::vector<std::string> row = {name, voice.amount(one)};
    if (anonymous) row.push_back(voice.amount(other));
    return row;
  };
  for (const PeriodRevenue& one : figures.periods) {
    table.row(cells(period_name(one), one.known, one.anonymous));
    known_sum.add(one.known);
    other_sum.add(one.anonymous);
  }
  table.row(cells(cell(voice.say(words::total)), known_sum, other_sum), "sum");
  return "<details><summary>" + escaped(voice.say(words::show_table)) + "</summary>" + table.html() + "</details>\n";
}

std::string periods(const Voice& voice, const ReportFigures& figures) {
  const std::string chart = period_chart(voice, figures.periods);
  if (chart.empty()) return {};
  const bool anonymous = figures.anonymous_lines != 0;
  const words::Text& heading = figures.periods.front().month == 0 ? words::by_year : words::by_month;
  std::string html = "<figure class=\"card\"><figcaption>" + escaped(voice.say(heading));
  if (anonymous) {
    html += " &nbsp; <span class=\"key\"></span>" + escaped(voice.say(words::known)) +
            "<span class=\"key second\"></span>" + escaped(voice.say(words::anonymous));
  }
  return html + "</figcaption>" + chart + "</figure>\n" + period_table(voice, figures, anonymous);
}

std::string day_text(const std::optional<Date>& day) { return day ? to_string(*day) : "–"; }

/// A share as a bar of that length.
std::string share_bar(Wide part, Wide whole) {
  if (whole <= 0 || part <= 0) return {};
  const auto permille = static_cast<std::int64_t>(part * 1000 / whole);
  return "<span class=\"spark\" style=\"width:" + std::to_string(permille / 10) + "." + std::to_string(permille % 10) +
         "%\"></span>";
}

/// Seven shades: none, and six steps up to the fullest cell.
int shade_of(std::size_t count, std::size_t most) {
  return count == 0 ? 0 : 1 + static_cast<int>((count * 6 - 1) / most);
}

struct GridCell {
  std::size_t customers = 0;
  IntegerSum spend;
};
using Grid = std::array<std::array<GridCell, 5>, 5>;

Grid grid_of(const RfmTable& table) {
  Grid grid{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    GridCell& one = grid[table.r[i] - 1][table.f[i] - 1];
    ++one.customers;
    one.spend.add(table.measures.monetary[i]);
  }
  return grid;
}

std::string grid_cell(const Voice& voice, const GridCell& one, int r, int f, std::size_t most, Wide total) {
  std::string html = "<div role=\"cell\" class=\"h" + std::to_string(shade_of(one.customers, most)) + "\"><span>";
  html += escaped(segment_shown(voice, ten_segments().name(r, f, 1))) + "</span><b>";
  html += one.customers == 0 ? "–" : count_text(one.customers);
  html += "</b>";
  if (one.customers != 0) html += "<span>" + percent(one.spend.value(), total) + "</span>";
  return html + "</div>";
}

std::string axis(std::string_view text, bool above = false) {
  return std::string("<div class=\"axis") + (above ? " top\" role=\"columnheader\">" : "\" role=\"rowheader\">") +
         escaped(text) + "</div>";
}

std::string rfm_grid(const Voice& voice, const RfmTable& table) {
  const Grid grid = grid_of(table);
  std::size_t most = 1;
  for (const auto& row : grid) {
    for (const GridCell& one : row) most = std::max(most, one.customers);
  }
  const auto ends = [&](int score, const words::Text& high, const words::Text& low) {
    if (score == 5) return std::string(voice.say(high));
    return score == 1 ? std::string(voice.say(low)) : std::to_string(score);
  };
  std::string html = "<div class=\"rfm\" role=\"table\" aria-label=\"" + escaped(voice.say(words::rfm)) + "\">";
  html +=
      axis(std::string(voice.say(words::recency_axis)) + " ↓  " + std::string(voice.say(words::frequency_axis)) + " →");
  for (int f = 1; f <= 5; ++f) html += axis(ends(f, words::often, words::once), true);
  for (int r = 5; r >= 1; --r) {
    html += axis(ends(r, words::recent, words::long_ago));
    for (int f = 1; f <= 5; ++f) html += grid_cell(voice, grid[r - 1][f - 1], r, f, most, table.measures.total.value());
  }
  return html + "</div>\n";
}

std::string segment_table(const Voice& voice, const ReportFigures& figures) {
  using namespace words;
  TableWriter table(voice.say(segment));
  const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(segment)), column(customers), column(share), column(spend), column(share), "=",
              column(median_silence)});
  const RfmTable& rfm = figures.rfm;
  const Wide total = rfm.measures.total.value();
  for (const SegmentFigures& one : figures.segments) {
    table.row({cell(segment_shown(voice, one.name)), count_text(one.customers), percent(one.customers, rfm.size()),
               voice.amount(one.revenue), percent(one.revenue.value(), total), share_bar(one.revenue.value(), total),
               with_thousands(one.median_recency)});
  }
  table.row({cell(voice.say(words::total)), count_text(rfm.size()), percent(rfm.size(), rfm.size()),
             voice.amount(rfm.measures.total), percent(total, total), "", ""},
            "sum");
  return table.html();
}

std::string nothing(const Voice& voice) { return "<p>" + escaped(voice.say(words::nothing_bought)) + "</p>\n"; }

std::string row_text(const Voice& voice, const ReportProblem& problem) {
  return problem.first_row == 0 ? cell(voice.say(words::whole_file))
                                : with_thousands(static_cast<std::int64_t>(problem.first_row));
}

/// The problem in the report's language; what the import said of it stands below where that differs.
std::string problem_cell(const Voice& voice, const ReportProblem& problem) {
  const std::string code = "<br><code>" + cell(problem.code) + "</code>";
  if (voice.html_language() != "en") {
    for (const words::ProblemWords& known : words::problems_in_chinese) {
      if (known.code != problem.code) continue;
      return cell(known.zh) + "<br><span class=\"note\">" + cell(problem.text) + "</span>" + code;
    }
  }
  return cell(problem.text) + code;
}

std::vector<ReportProblem> most_frequent_first(std::vector<ReportProblem> problems) {
  sort_stably(problems, [](const ReportProblem& a, const ReportProblem& b) { return a.rows > b.rows; });
  return problems;
}

std::string group_card(const Voice& voice, const ReportFigures& figures, InteractionGroup group) {
  const auto i = static_cast<std::size_t>(group);
  const bool warn = group == InteractionGroup::high_low;
  Wide total = 0;
  for (const IntegerSum& sum : figures.groups.value) total += sum.value();
  return std::string("<div role=\"cell\" class=\"card") + (warn ? " warn" : "") + "\"><b>" +
         count_text(figures.groups.customers[i]) + "</b>" + escaped(voice.say(words::spend)) + ": " +
         voice.amount(figures.groups.value[i]) + " (" + percent(figures.groups.value[i].value(), total) +
         ")<br><span class=\"note\">" + escaped(voice.say(words::touches)) + ": " +
         with_thousands(figures.groups.interactions[i]) + "</span></div>";
}

std::string class_row_least(const Voice& voice, const ReportFigures& figures, std::size_t index) {
  std::optional<std::int64_t> least;
  for (std::size_t i = 0; i < figures.classes.of.size(); ++i) {
    if (static_cast<std::size_t>(figures.classes.of[i]) != index) continue;
    const std::int64_t value = figures.rfm.measures.monetary[i];
    least = least ? std::min(*least, value) : value;
  }
  return least ? voice.amount(*least) : "–";
}

}  // namespace

std::string segment_shown(const Voice& voice, std::string_view name) {
  for (const words::SegmentWords& one : words::segments) {
    if (one.name == name) return std::string(voice.say(one.shown));
  }
  return std::string(name);
}

std::string section(std::string_view anchor, std::string_view heading, std::string_view lead, const std::string& body) {
  std::string html = "<section id=\"" + std::string(anchor) + "\"><h2>" + escaped(heading) + "</h2>\n";
  if (!lead.empty()) html += "<p class=\"lead\">" + escaped(lead) + "</p>\n";
  return html + body + "</section>\n";
}

std::string base_section(const Voice& voice, const ReportFigures& figures) {
  const std::string lead = voice.say(
      words::base_lead, {with_thousands(figures.customers), count_text(figures.rfm.size()),
                         with_thousands(figures.lines), day_text(figures.first_day), day_text(figures.last_day)});
  return section("base", voice.say(words::base), lead, tiles(voice, figures) + periods(voice, figures));
}

std::string problems_section(const Voice& voice, const std::vector<ReportProblem>& problems) {
  if (problems.empty()) {
    return section("problems", voice.say(words::problems), voice.say(words::no_problems), {});
  }
  using namespace words;
  TableWriter table(voice.say(words::problems));
  table.head({std::string(voice.say(problem)), std::string(voice.say(where)), "#" + std::string(voice.say(words::rows)),
              "#" + std::string(voice.say(first_row))});
  std::vector<ReportProblem> sorted = most_frequent_first(problems);
  sorted.resize(std::min(sorted.size(), most_problems));
  for (const ReportProblem& one : sorted) {
    const std::string place = one.entity + (one.entity.empty() || one.file.empty() ? "" : " · ") + one.file;
    const std::string rows = one.rows == 0 ? "–" : with_thousands(static_cast<std::int64_t>(one.rows));
    table.row({problem_cell(voice, one), cell(place), rows, row_text(voice, one)});
  }
  return section("problems", voice.say(words::problems), voice.say(words::problems_lead, {count_text(problems.size())}),
                 table.html());
}

std::string rfm_section(const Voice& voice, const ReportFigures& figures) {
  if (figures.rfm.size() == 0) return section("rfm", voice.say(words::rfm), {}, nothing(voice));
  return section("rfm", voice.say(words::rfm), voice.say(words::rfm_lead),
                 rfm_grid(voice, figures.rfm) + segment_table(voice, figures));
}

std::string classes_section(const Voice& voice, const ReportFigures& figures) {
  if (figures.rfm.size() == 0) return {};
  using namespace words;
  TableWriter table(voice.say(words::classes));
  const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(value_class)), column(customers), column(least), column(spend), column(share),
              std::string(voice.say(stance))});
  for (std::size_t i = 0; i < value_class_count; ++i) {
    table.row({cell(voice.say(class_names[i])), count_text(figures.classes.customers[i]),
               class_row_least(voice, figures, i), voice.amount(figures.classes.value[i]),
               percent(figures.classes.value[i].value(), figures.rfm.measures.total.value()),
               cell(voice.say(class_stances[i]))});
  }
  return section("classes", voice.say(words::classes), voice.say(classes_lead),
                 "<figure class=\"card\">" + class_chart(voice, figures.classes) + "</figure>\n" + table.html());
}

std::string groups_section(const Voice& voice, const ReportFigures& figures) {
  if (figures.touches.customer.empty()) return {};
  using namespace words;
  std::string html = "<div class=\"quad\" role=\"table\" aria-label=\"" + escaped(voice.say(words::groups)) + "\">";
  html += axis("") + axis(voice.say(low_interaction), true) + axis(voice.say(high_interaction), true);
  html += axis(voice.say(high_value)) + group_card(voice, figures, InteractionGroup::high_low) +
          group_card(voice, figures, InteractionGroup::high_high);
  html += axis(voice.say(low_value)) + group_card(voice, figures, InteractionGroup::low_low) +
          group_card(voice, figures, InteractionGroup::low_high) + "</div>\n";
  return section("groups", voice.say(words::groups), voice.say(groups_lead, {with_thousands(figures.interactions)}),
                 html);
}

std::string top_section(const Voice& voice, const ReportFigures& figures) {
  if (figures.top.empty()) return {};
  using namespace words;
  TableWriter table(voice.say(words::top));
  const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(customer)), std::string(voice.say(country)), std::string(voice.say(segment)),
              column(orders), column(last_purchase), column(spend), column(share), "="});
  const Measures& measures = figures.rfm.measures;
  IntegerSum sum;
  for (const TopCustomer& one : figures.top) sum.add(measures.monetary[one.row]);
  const Wide largest = measures.monetary[figures.top.front().row];
  for (const TopCustomer& one : figures.top) {
    const std::int64_t spend_of = measures.monetary[one.row];
    const Date last{measures.as_of.days - static_cast<std::int32_t>(measures.recency[one.row])};
    table.row({cell(one.name), cell(one.country),
               cell(segment_shown(voice, figures.rfm.names[figures.rfm.segment[one.row]])),
               with_thousands(measures.frequency[one.row]), to_string(last), voice.amount(spend_of),
               percent(spend_of, measures.total.value()), share_bar(spend_of, largest)});
  }
  return section("top", voice.say(words::top),
                 voice.say(top_lead, {count_text(figures.top.size()), percent(sum.value(), measures.total.value())}),
                 table.html());
}

std::string next_section(const Voice& voice, const ReportFigures& figures, const std::vector<ReportProblem>& problems) {
  if (figures.rfm.size() == 0) return {};
  std::string html = "<ol class=\"next\">";
  const auto step = [&](const std::string& text, std::string_view tag) {
    html += "<li><p>" + escaped(text);
    if (!tag.empty())
      html += "<br><span class=\"note\">" + escaped(voice.say(words::list_tag)) + ": <code>" + escaped(tag) +
              "</code></span>";
    html += "</p></li>\n";
  };
  if (!problems.empty()) {
    const ReportProblem worst = most_frequent_first(problems).front();
    step(voice.say(words::fix_data, {with_thousands(static_cast<std::int64_t>(worst.rows)), worst.code}), {});
  }
  const Wide anonymous = figures.anonymous_revenue.value(), revenue = figures.revenue.micros();
  if (anonymous * 50 > revenue) step(voice.say(words::name_buyers, {percent(anonymous, revenue)}), {});
  step(voice.say(words::vip_owner, {count_text(figures.classes.customers[0]), voice.amount(figures.classes.value[0])}),
       "class.vip");
  const auto quiet = static_cast<std::size_t>(InteractionGroup::high_low);
  if (figures.groups.customers[quiet] != 0) {
    step(voice.say(words::quiet_value,
                   {count_text(figures.groups.customers[quiet]), voice.amount(figures.groups.value[quiet])}),
         "interaction." + std::string(interaction_group_names[quiet]));
  }
  for (const SegmentFigures& one : figures.segments) {
    for (const words::SegmentWords& known : words::segments) {
      if (known.name != one.name) continue;
      step(voice.say(known.action,
                     {count_text(one.customers), with_thousands(one.median_recency), voice.amount(one.revenue)}),
           "rfm." + one.name);
    }
  }
  return section("next", voice.say(words::next), voice.say(words::next_lead), html + "</ol>\n");
}

}  // namespace emptor
