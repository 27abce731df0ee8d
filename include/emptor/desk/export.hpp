/// Export: the records of an entity out, as CSV or JSON lines, streamed batch by batch from one snapshot.
///
/// Every field is written under its name, custom ones too, values in plain notation (model/plain.hpp), so
/// that what is exported imports again to the same values.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/progress.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct ExportOptions {
  /// Empty: every field in the order of numbers, but for what the library sets itself (version, folded
  /// names; `deleted_at` only together with deleted records).
  std::vector<std::string> fields = {};
  Where where = {};  ///< which records; its values must outlive the call
  bool with_deleted = false;
  bool byte_order_mark = false;  ///< CSV: some spreadsheets take a file without one for an old encoding
  /// CSV: a text that a spreadsheet would run as a formula (it begins with = + - @, tab or CR) gets an
  /// apostrophe in front. So does one that would look like that after `without_guard`.
  bool guard_formulas = true;
  Progress progress = {};
};

/// Takes the next piece of the output. What it throws ends the export.
using TextSink = std::function<void(std::string_view)>;

/// RFC 4180: CRLF, quotes where needed, a first row of field names. Records come in the order of ids.
/// Returns how many. Throws Code::not_found for an unknown entity or field, Code::cancelled, and Code::denied for an
/// actor without the permission `export`: only records within its scope are written (and ViewPurpose, of the past).
std::uint64_t export_csv(const View& view, std::string_view entity, const TextSink& sink,
                         const ExportOptions& options = {});
/// One JSON object a line, as `to_json` writes records: present fields only.
std::uint64_t export_json_lines(const View& view, std::string_view entity, const TextSink& sink,
                                const ExportOptions& options = {});

/// A cell of a CSV file without the apostrophe that guards it from being run as a formula; any other text
/// as it is.
std::string_view without_guard(std::string_view cell) noexcept;

}  // namespace emptor
