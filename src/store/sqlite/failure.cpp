#include "store/sqlite/failure.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

namespace emptor::sqlite {
namespace {

// SQLite writes "UNIQUE constraint failed: identity.system, identity.external_id".
std::vector<Problem> taken(std::string_view message) {
  std::vector<Problem> problems;
  const std::size_t colon = message.find(": ");
  std::string_view rest = colon == message.npos ? std::string_view() : message.substr(colon + 2);
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find(", "));
    rest.remove_prefix(std::min(rest.size(), name.size() + 2));
    const std::size_t dot = name.find('.');
    if (dot == name.npos) continue;
    problems.push_back(Problem{Code::duplicate,
                               "the value is taken by another record",
                               std::string(name.substr(0, dot)),
                               std::string(name.substr(dot + 1)),
                               {},
                               "the value must be unique"});
  }
  if (problems.size() > 1) {
    for (Problem& problem : problems) problem.message = "these values together are taken by another record";
  }
  if (problems.empty()) problems.push_back(Problem{Code::duplicate, "a unique value is taken by another record"});
  return problems;
}

const char* hint_of(Code code) {
  switch (code) {
    case Code::full:
      return "free some space and try again; what was committed is safe";
    case Code::io:
      return "look at the disk and at the rights on the file, its folder and the files beside it";
    case Code::corrupt:
      return "restore a backup; `emptor verify` tells what is damaged";
    case Code::cancelled:
      return "call again to do it all";
    case Code::busy:
      return "another program holds a lock on the file; open it with Emptor only";
    default:
      return "";
  }
}

}  // namespace

Code code_of(int result) noexcept {
  if (result == SQLITE_IOERR_NOMEM) return Code::memory;
  switch (result & 0xff) {
    case SQLITE_OK:
      return Code::ok;
    case SQLITE_FULL:
      return Code::full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Code::io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::corrupt;
    case SQLITE_NOMEM:
      return Code::memory;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return Code::busy;
    case SQLITE_CONSTRAINT:
      return Code::duplicate;
    case SQLITE_INTERRUPT:
      return Code::cancelled;
    case SQLITE_TOOBIG:
      return Code::invalid;
    default:
      return Code::internal;
  }
}

void fail(sqlite3* connection, int result) {
  const int extended = connection ? sqlite3_extended_errcode(connection) : result;
  if ((extended & 0xff) == (result & 0xff)) result = extended;
  Code code = code_of(result);
  if (code == Code::duplicate) throw Error(taken(sqlite3_errmsg(connection)));
  // A file system tells a full disk in more places than SQLite passes on.
  if (code == Code::io && connection && sqlite3_system_errno(connection) == ENOSPC) code = Code::full;
  std::string message = std::string("SQLite says: ") + sqlite3_errstr(result);
  if (code == Code::internal && connection) message += std::string(" (") + sqlite3_errmsg(connection) + ")";
  throw Error(code, std::move(message), hint_of(code));
}

}  // namespace emptor::sqlite
