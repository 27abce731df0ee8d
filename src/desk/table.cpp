#include "emptor/desk/table.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "core/sort_stably.hpp"
#include "desk/file_kinds.hpp"
#include "desk/table_input.hpp"
#include "desk/table_sqlite.hpp"
#include "desk/table_text.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

namespace fs = std::filesystem;

/// As UTF-8, whatever bytes the system allows in a name.
std::string base_name(const std::string& path) {
  const std::size_t end = path.find_last_not_of('/');
  const std::string name = path.substr(0, end + 1).substr(path.find_last_of('/', end) + 1);
  std::string text;
  make_decoder(Encoding::utf8, false)->decode(name, true, text);
  return text;
}

void open_one(const std::string& path, Tables& tables) {
  const std::string name = base_name(path);
  auto bytes = open_file(path);
  std::string first(100, '\0');
  first.resize(bytes->read(first.data(), first.size()));
  bytes->rewind();
  if (is_own_store(first)) {
    tables.skipped.push_back({name, "a store of this library: open it, rather than import it"});
    return;
  }
  if (is_sqlite(first)) {
    auto found = open_sqlite_tables(name, path);
    if (found.empty()) tables.skipped.push_back({name, "a database without tables"});
    std::move(found.begin(), found.end(), std::back_inserter(tables.sources));
    return;
  }
  std::string reason = known_kind(name, first);
  if (reason.empty()) {
    OpenedText opened = open_text({name, path, std::move(bytes), is_named_as_table(name)});
    if (opened.table) tables.sources.push_back(std::move(opened.table));
    reason = std::move(opened.not_table);
  }
  if (!reason.empty()) tables.skipped.push_back({name, std::move(reason)});
}

[[noreturn]] void fail_to_list(const std::string& path, const std::error_code& failure) {
  throw Error(Code::io, "cannot list the folder " + base_name(path) + ": " + failure.message());
}

void open_folder(const std::string& path, Tables& tables) {
  std::vector<std::string> files;
  std::error_code failure;
  fs::directory_iterator entry(path, failure);
  for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    const std::string file = entry->path().string();
    std::error_code unknown;
    if (entry->is_regular_file(unknown)) {
      files.push_back(file);
    } else {
      tables.skipped.push_back({base_name(file), entry->is_directory(unknown) ? "a folder" : "not a file"});
    }
  }
  if (failure) fail_to_list(path, failure);
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) open_one(file, tables);
}

}  // namespace

Tables open_tables(std::span<const std::string> paths) {
  Tables tables;
  for (const std::string& path : paths) {
    std::error_code failure;
    const fs::file_status status = fs::status(path, failure);
    if (status.type() == fs::file_type::not_found) {
      throw Error(Code::not_found, "there is no file or folder " + base_name(path));
    }
    if (failure) throw Error(Code::io, "cannot open " + base_name(path) + ": " + failure.message());
    if (fs::is_directory(status)) {
      open_folder(path, tables);
    } else if (fs::is_regular_file(status)) {
      open_one(path, tables);
    } else {
      tables.skipped.push_back({base_name(path), "not a file"});
    }
  }
  sort_stably(tables.sources, [](const auto& a, const auto& b) { return a->name() < b->name(); });
  return tables;
}

}  // namespace emptor
