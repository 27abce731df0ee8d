// The report of an import as JSON, in the fixed form of the command line.
#include "emptor/core/text.hpp"
#include "emptor/desk/import.hpp"

namespace emptor {
namespace {

void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      static constexpr char digits[] = "0123456789abcdef";
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_member(std::string& out, std::string_view name, std::string_view text, bool first = false) {
  if (!first) out += ',';
  append_text(out, name);
  out += ':';
  append_text(out, text);
}

void append_number(std::string& out, std::string_view name, std::uint64_t number, bool first = false) {
  if (!first) out += ',';
  append_text(out, name);
  out += ':' + std::to_string(number);
}

void append_entities(std::string& out, const ImportReport& report) {
  bool first = true;
  for (const auto& [entity, counts] : report.entities) {
    if (!first) out += ',';
    first = false;
    append_text(out, entity);
    out += ":{";
    append_number(out, "read", counts.read, true);
    append_number(out, "written", counts.written);
    append_number(out, "unchanged", counts.unchanged);
    append_number(out, "rejected", counts.rejected);
    out += '}';
  }
}

void append_problems(std::string& out, const ImportReport& report) {
  bool first = true;
  for (const DataProblem& problem : report.problems) {
    out += first ? "{" : ",{";
    first = false;
    append_member(out, "code", problem.code, true);
    append_member(out, "entity", problem.entity);
    append_member(out, "file", problem.file);
    append_number(out, "rows", problem.rows);
    append_number(out, "first_row", problem.first_row);
    append_member(out, "text", problem.text);
    out += '}';
  }
}

void append_mapping(std::string& out, const ImportReport& report) {
  bool first = true;
  for (const ColumnMapping& column : report.mapping) {
    out += first ? "{" : ",{";
    first = false;
    append_member(out, "file", column.file, true);
    append_member(out, "column", column.column);
    append_member(out, "entity", column.entity);
    append_member(out, "field", column.field);
    append_member(out, "note", column.note);
    out += '}';
  }
}

void append_preview(std::string& out, const ImportReport& report) {
  for (std::size_t row = 0; row < report.preview.size(); ++row) {
    out += row == 0 ? "[" : ",[";
    for (std::size_t i = 0; i < report.preview[row].size(); ++i) {
      if (i > 0) out += ',';
      append_text(out, report.preview[row][i]);
    }
    out += ']';
  }
}

}  // namespace

std::string to_json(const ImportReport& report) {
  std::string out = "{\"entities\":{";
  append_entities(out, report);
  out += "},\"amount\":{";
  bool first = true;
  for (const auto& [currency, amount] : report.amount) {
    append_member(out, currency, amount.to_string(), first);
    first = false;
  }
  out += "},\"rejects\":";
  if (report.rejects.empty())
    out += "null";
  else
    append_text(out, report.rejects);
  out += ",\"problems\":[";
  append_problems(out, report);
  out += "],\"mapping\":[";
  append_mapping(out, report);
  out += ']';
  if (!report.preview.empty()) {
    out += ",\"preview\":[";
    append_preview(out, report);
    out += ']';
  }
  return out + '}';
}

}  // namespace emptor
