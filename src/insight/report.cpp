#include "emptor/insight/report.hpp"

#include "insight/report/report_sections.hpp"

namespace emptor {
namespace {

struct Section {
  const char* anchor;
  const words::Text* title;
  std::string html;  ///< empty: there is nothing to say
};

std::vector<Section> sections_of(const Voice& voice, const ReportFigures& figures, const View& view,
                                 const ReportOptions& options) {
  return {{"base", &words::base, base_section(voice, figures)},
          {"problems", &words::problems, problems_section(voice, options.problems)},
          {"changes", &words::changes, changes_section(voice, figures)},
          {"trends", &words::trends, trends_section(voice, figures)},
          {"places", &words::places, composition_section(voice, figures)},
          {"rfm", &words::rfm, rfm_section(voice, figures)},
          {"classes", &words::classes, classes_section(voice, figures)},
          {"groups", &words::groups, groups_section(voice, figures)},
          {"top", &words::top, top_section(voice, figures)},
          {"value", &words::value, value_section(voice, figures.value)},
          {"habits", &words::habits, habits_section(voice, figures)},
          {"preferences", &words::preferences, preferences_section(voice, figures)},
          {"usage", &words::usage, usage_section(voice, figures)},
          {"worth", &words::worth, worth_section(voice, figures)},
          {"curve", &words::curve, curve_section(voice, figures)},
          {"leaving", &words::leaving, leaving_section(voice, figures)},
          {"outcome", &words::outcome, outcome_section(voice, figures)},
          {"risk", &words::risk, risk_section(voice, figures)},
          {"unusual", &words::unusual, fraud_section(voice, figures)},
          {"market", &words::market, market_section(voice, figures)},
          {"campaigns", &words::campaigns, campaigns_section(voice, figures)},
          {"satisfaction", &words::satisfaction, satisfaction_section(voice, view)},
          {"service", &words::service, service_section(voice, view)},
          {"verdicts", &words::verdicts, verdicts_section(voice, figures)},
          {"next", &words::next, next_section(voice, figures, options.problems)}};
}

std::string head_of(const Voice& voice, const ReportFigures& figures, std::string_view title,
                    const std::vector<Section>& sections) {
  const Measures& measures = figures.rfm.measures;
  const std::string day = measures.size() == 0 ? "–" : to_string(measures.as_of);
  const std::string zone = figures.info.zone;
  std::string html = "<header><h1>" + escaped(title) + "</h1><p class=\"lead\">";
  html += escaped(voice.say(words::subtitle, {day, std::string(figures.info.currency.code()), zone})) + "</p>";
  html += "<nav aria-label=\"" + escaped(voice.say(words::contents)) + "\">";
  for (const Section& section : sections)
    if (!section.html.empty())
      html += "<a href=\"#" + std::string(section.anchor) + "\">" + escaped(voice.say(*section.title)) + "</a>";
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
  const Purpose purpose(session, Action::analyse);
  const ReportFigures figures = gather_figures(session, options);
  const Voice voice(options.language, figures.info.currency.minor_digits());
  const std::string title = options.title.empty() ? std::string(voice.say(words::title)) : options.title;
  const std::vector<Section> sections = sections_of(voice, figures, session.view(), options);
  std::string body = head_of(voice, figures, title, sections);
  for (const Section& section : sections) body += section.html;
  body += foot_of(voice, figures);
  return page(voice, title, body);
}

}  // namespace emptor
