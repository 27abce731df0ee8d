// A store in memory and files of a test's own, for tests of the import.
#pragma once

#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/desk/import.hpp"
#include "emptor/store/open.hpp"
#include "support/temp_folder.hpp"

namespace emptor::test {

class ImportGround {
 public:
  explicit ImportGround(std::string_view currency = "EUR") {
    OpenOptions open;
    open.create = true;
    open.currency = *Currency::parse(currency);
    store_ = open_memory(open);
    session_ = std::make_unique<Session>(*store_);
  }

  /// Writes a file and returns its path.
  std::string file(const std::string& name, std::string_view text) {
    std::ofstream(folder_.file(name), std::ios::binary) << text;
    return folder_.file(name);
  }
  ImportReport import(const std::vector<std::string>& paths, const ImportOptions& options = {}) {
    return import_tables(*session_, paths, options);
  }
  std::vector<Record> all(const std::string& entity) {
    Query query;
    query.entity = entity;
    query.limit = 1'000'000;
    return session_->view().select(query);
  }
  std::int64_t position() { return session_->view().info().position; }
  /// The only record of an entity whose field has this text.
  Record one(const std::string& entity, const std::string& field, std::string_view text) {
    Query query;
    query.entity = entity;
    query.where = Where::equal(field, text);
    return session_->view().select(query).at(0);
  }
  Session& session() { return *session_; }
  std::string path(const std::string& name) const { return folder_.file(name); }

 private:
  TempFolder folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Session> session_;
};

/// Rows of the problems of a code, over all files; -1 where there is none.
inline std::int64_t problem_rows(const ImportReport& report, std::string_view code, std::string_view word = {}) {
  std::int64_t rows = -1;
  for (const DataProblem& problem : report.problems)
    if (problem.code == code && problem.text.find(word) != std::string::npos)
      rows = std::max<std::int64_t>(rows, 0) + static_cast<std::int64_t>(problem.rows);
  return rows;
}

}  // namespace emptor::test
