#include "desk/file_kinds.hpp"

#include <algorithm>

#include "desk/locale_text.hpp"

namespace emptor {
namespace {

struct Kind {
  std::string_view sign;  // first bytes, or ending of the name
  std::string_view reason;
};

using namespace std::string_view_literals;

constexpr Kind by_bytes[] = {
    {"PK\x03\x04"sv, "a zip archive or a workbook: unpack it, or save it as CSV"},
    {"\xD0\xCF\x11\xE0"sv, "an old Office document: save it as CSV"},
    {"%PDF"sv, "a PDF document"},
    {"\x89PNG"sv, "a picture"},
    {"\xFF\xD8\xFF"sv, "a picture"},
    {"GIF8"sv, "a picture"},
    {"BZh"sv, "compressed with bzip2: unpack it"},
    {"\xFD"
     "7zXZ"sv,
     "compressed with xz: unpack it"},
    {"\x28\xB5\x2F\xFD"sv, "compressed with zstd: unpack it"},
    {"7z\xBC\xAF"sv, "a 7z archive: unpack it"},
    {"PAR1"sv, "a Parquet file: save it as CSV"},
    {"\x7F"
     "ELF"sv,
     "a program"},
};

constexpr Kind by_name[] = {
    {".md", "documentation"},
    {".sql", "a SQL script: load it into a database, and import that"},
    {".html", "a web page"},
    {".htm", "a web page"},
    {".json", "JSON: not read"},
    {".jsonl", "JSON: not read"},
    {".xml", "XML: not read"},
    {".yaml", "YAML: not read"},
    {".yml", "YAML: not read"},
    {".zip", "a zip archive: unpack it"},
    {".xls", "a workbook: save it as CSV"},
    {".xlsx", "a workbook: save it as CSV"},
    {".ods", "a workbook: save it as CSV"},
    {".svg", "a picture"},
    {".py", "a program"},
    {".r", "a program"},
    {".sh", "a program"},
    {".cpp", "a program"},
    {"-wal", "part of a database"},
    {"-shm", "part of a database"},
    {"-journal", "part of a database"},
    {"-lock", "part of a database"},
    {".rejects.csv", "refused lines of an import"},
};

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

}  // namespace

std::string known_kind(std::string_view name, std::string_view first_bytes) {
  if (name.starts_with('.')) return "hidden";
  for (const Kind& kind : by_bytes) {
    if (first_bytes.starts_with(kind.sign)) return std::string(kind.reason);
  }
  const std::string ending = lowered(name);
  for (const Kind& kind : by_name) {
    if (ending.ends_with(kind.sign)) return std::string(kind.reason);
  }
  return "";
}

bool is_named_as_table(std::string_view name) {
  std::string ending = lowered(name);
  if (ending.ends_with(".gz")) ending.resize(ending.size() - 3);
  return ending.ends_with(".csv") || ending.ends_with(".tsv") || ending.ends_with(".tab") || ending.ends_with(".psv");
}

}  // namespace emptor
