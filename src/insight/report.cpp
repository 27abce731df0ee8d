#include "emptor/insight/report.hpp"

#include "insight/report_sections.hpp"

namespace emptor {
namespace {

std::string head_of(const Voice& voice, const ReportFigures& figures, std::string_view title) {
  const Measures& measures = figures.rfm.measures;
  const std::string day = measures.size() == 0 ? "–" : to_string(measures.as_of);
  const std::string zone = figures.info.zone;
  std::string html = "<header><h1>" + escaped(title) + "</h1><p class=\"lead\">";
  html += escaped(voice.say(words::subtitle, {day, std::string(figures.info.currency.code()), zone})) + "</p>";
  html += "<nav aria-label=\"" + escaped(voice.say(words::contents)) + "\">";
  const std::pair<const char*, const words::Text*> anchors[] = {
      {"base", &words::base},       {"problems", &words::problems}, {"rfm", &words::rfm},
      {"classes", &words::classes}, {"groups", &words::groups},     {"top", &words::top},
      {"worth", &words::worth},     {"curve", &words::curve},       {"leaving", &words::leaving},
      {"next", &words::next}};
  for (const auto& [anchor, text] : anchors) {
    if (measures.size() == 0 && text != &words::base && text != &words::problems) continue;
    if ((text == &words::worth && figures.worth.empty()) || (text == &words::leaving && figures.leaving.empty()) ||
        (text == &words::curve && !figures.track))
      continue;
    html += "<a href=\"#" + std::string(anchor) + "\">" + escaped(voice.say(*text)) + "</a>";
  }
  return html + "</nav></header>\n";
}

std::string foot_of(const Voice& voice, const ReportFigures& figures) {
  const Measures& measures = figures.rfm.measures;
  std::string html = "<footer>";
  if (measures.size() != 0) {
    html +=
        "<p><strong>" + escaped(voice.say(words::method)) + ".</strong> " +
        escaped(voice.say(words::method_text, {to_string(measures.as_of), std::to_string(figures.rfm.data_version)})) +
        "</p>";
  }
  return html + "<p>" + escaped(voice.say(words::confidential)) + "</p></footer>\n";
}

}  // namespace

std::string write_report(Session& session, const ReportOptions& options) {
  const ReportFigures figures = gather_figures(session, options);
  const Voice voice(options.language, figures.info.currency.minor_digits());
  const std::string title = options.title.empty() ? std::string(voice.say(words::title)) : options.title;
  std::string body = head_of(voice, figures, title);
  body += base_section(voice, figures) + problems_section(voice, options.problems) + rfm_section(voice, figures);
  body += classes_section(voice, figures) + groups_section(voice, figures) + top_section(voice, figures);
  body += worth_section(voice, figures) + curve_section(voice, figures) + leaving_section(voice, figures);
  body += next_section(voice, figures, options.problems) + foot_of(voice, figures);
  return page(voice, title, body);
}

}  // namespace emptor
