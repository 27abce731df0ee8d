/// Everything at once: all insights of a store, their scores kept, and of each whether the data suffice for it.
#pragma once

#include <optional>
#include <string>

#include "emptor/insight/language.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct AnalyseOptions {
  std::optional<Date> as_of = {};  ///< the day it stands for; the last day with a purchase if empty
  bool write_back = true;          ///< keep the results as Model, Score and Tag
  /// After so many, no further insight is begun, and its verdict says so; one that runs is ended by the session's
  /// progress only.
  std::optional<double> seconds = {};
  /// An insight that reads more records than this, or may hold more bytes by what is estimated from their counts
  /// (docs/analyse.md), is not begun, and its verdict says what it would need. The others run.
  std::optional<std::uint64_t> rows = {}, memory_bytes = {};
  std::string answer = {};    ///< the field that the insight outcome learns, and the value that is the event; found
  std::string positive = {};  ///< where they are empty
  Language language = Language::english;  ///< of verdicts, reasons and words
  /// Insights that keep a model by which single customers are scored are not fitted anew where at most this share of
  /// customers changed since: the changed ones are scored again, and the verdict begins with "kept: ". Everything is
  /// fitted anew if empty. Throws Code::invalid outside 0 to 1.
  std::optional<double> changed_share = {};
};

/// Runs the insights one after another. An insight that the data do not allow ends with its verdict, not the call.
/// Returns JSON: "insights" (name -> summary), "verdicts" (name -> "sufficient" or what is lacking), and with a budget
/// of rows or memory "needs" (name -> "rows", "memory_bytes"). Throws what refuses the whole: a store that cannot be
/// read or written, an answer that is named and is none, Code::cancelled.
std::string analyse(Session& session, const AnalyseOptions& options = {});

}  // namespace emptor
