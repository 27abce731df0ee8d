/// Opens a store by name: ":memory:", the path of a file ("shop.emptor") or the URL of a database on a PostgreSQL
/// server and a schema in it ("postgres://user@host/database?schema=shop").
#pragma once

#include <memory>
#include <string>

#include "emptor/core/log.hpp"
#include "emptor/store/store.hpp"

namespace emptor {

/// Throws Code::not_found (no such file and not `create`), Code::newer (written by a newer version),
/// Code::corrupt (not a store, or damaged), Code::io. The log hears what opening and closing do, in the threads
/// that do it.
std::unique_ptr<Store> open_store(const std::string& where, const OpenOptions& options = {}, const Log& log = {});

/// Whether a name is the path of a file.
bool names_file(const std::string& where) noexcept;

/// What may be told of where a store is, and what files that belong to it are named after: its path, or of a URL, which
/// may hold a password, the name of its schema. Throws Code::invalid for a URL that names none.
std::string store_name(const std::string& where);

/// One by one, for callers that know which they want.
std::unique_ptr<Store> open_memory(const OpenOptions& options = {});
std::unique_ptr<Store> open_sqlite(const std::string& path, const OpenOptions& options = {}, const Log& log = {});
/// A schema is a store: another is another tenant (docs/postgresql.md). Throws Code::unsupported where the build or the
/// machine has no client library, Code::denied where the server lets nobody in, Code::io where none answers.
std::unique_ptr<Store> open_postgres(const std::string& url, const OpenOptions& options = {}, const Log& log = {});
/// A memory store as `backup` of one wrote it. Only for files of one's own: a checksum guards against
/// damage, not against strangers. Throws Code::not_found, Code::corrupt, Code::newer, Code::io.
std::unique_ptr<Store> load_memory(const std::string& path, const OpenOptions& options = {});

}  // namespace emptor
