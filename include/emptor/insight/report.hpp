/// Report: one offline HTML file about the customers of a store, to be handed to whoever decides.
///
/// The base, what is wrong with the data, the RFM grid, the four classes, value and interaction, the top
/// customers, and what to do next. Tables and inline SVG; no script, no font, no picture from elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// Something that is wrong with the data, as an import found it.
struct ReportProblem {
  std::string code, entity, file;
  std::uint64_t rows = 0;
  std::uint64_t first_row = 0;  ///< 0 where it concerns the whole file
  std::string text;
};

struct ReportOptions {
  Language language = Language::english;
  std::string title = {};  ///< a plain one if empty
  std::vector<ReportProblem> problems = {};
  std::optional<Date> as_of = {};  ///< the last day with a purchase if empty
  std::size_t top_customers = 15;
};

/// The file's text (UTF-8). Holds names of customers: it is as confidential as the store. Writes nothing
/// into the store but the base of the facts beside it. Throws Code::denied for an actor without the permission
/// `analyse`: the page tells what insights do.
std::string write_report(Session& session, const ReportOptions& options = {});

}  // namespace emptor
