#include "store/postgres/failure.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace emptor::postgres {
namespace {

struct Meaning {
  std::string_view state;  // the whole, or how it begins
  Code code;
  std::string_view message;
  std::string_view hint;
};

// The first that fits.
constexpr Meaning meanings[] = {
    {"23505", Code::duplicate, "a unique value is taken by another record", "the value must be unique"},
    {"40001", Code::busy, "another transaction changed the same rows", "try again"},
    {"40P01", Code::busy, "another transaction waits for this one", "try again"},
    {"55P03", Code::busy, "another writer or a reader held what is needed longer than was allowed to wait",
     "wait longer, or end the others first"},
    {"57014", Code::cancelled, "the server was asked to stop the query", "call again to do it all"},
    {"53100", Code::full, "the server's disk is full", "free some space and try again; what was committed is safe"},
    {"53200", Code::memory, "the server has no memory left", "try again with less at a time"},
    {"53300", Code::busy, "the server has no connection left", "raise max_connections, or close other programs"},
    {"53", Code::full, "the server has reached a limit of its resources", "look at the server's log"},
    {"57P", Code::io, "the server is being stopped or started", "try again when it runs"},
    {"08", Code::io, "the connection to the server was lost", "try again; the store connects anew"},
    {"58", Code::io, "the server could not read or write its files", "look at the server's log"},
    {"42501", Code::denied, "the server's user may not do this", "grant it the rights on the schema and its tables"},
    {"25006", Code::denied, "the server is a standby or reads only", "write to the primary server"},
    {"28", Code::denied, "the server does not let this user in", "look at the user, the password and pg_hba.conf"},
    {"3D000", Code::not_found, "there is no such database on the server", "make it with createdb"},
    {"3F000", Code::not_found, "there is no such schema in the database", "make the store with `create`"},
    {"42P01", Code::not_found, "a table of the store is not there", "was the schema removed meanwhile? restore it"},
    {"22021", Code::invalid, "a text is not well-formed UTF-8 or holds a NUL", "convert it to UTF-8 first"},
    {"54", Code::invalid, "a row is larger than the server can keep", "give it fewer or shorter values"},
    {"XX001", Code::corrupt, "the server tells of damaged data", "restore a backup"},
    {"XX002", Code::corrupt, "the server tells of a damaged index", "REINDEX it, or restore a backup"},
};

const Meaning* meaning_of(std::string_view state) noexcept {
  for (const Meaning& meaning : meanings)
    if (state.starts_with(meaning.state)) return &meaning;
  return nullptr;
}

std::string field_of(const PGresult* result, int field) {
  const char* const text = libpq().PQresultErrorField(result, field);
  return text == nullptr ? std::string() : std::string(text);
}

// Indexes are named entity__field__field; the key of a table is named by the server.
std::vector<std::string> fields_of_index(const std::string& table, std::string_view index) {
  std::vector<std::string> fields;
  if (index == table + "_pkey") return {"id"};
  if (!index.starts_with(table + "__")) return fields;
  index.remove_prefix(table.size() + 2);
  while (!index.empty()) {
    const std::string_view name = index.substr(0, index.find("__"));
    fields.emplace_back(name);
    index.remove_prefix(std::min(index.size(), name.size() + 2));
  }
  return fields;
}

Error duplicate(const PGresult* result, const Meaning& meaning) {
  const std::string table = field_of(result, PG_DIAG_TABLE_NAME);
  std::vector<Problem> problems;
  for (std::string& field : fields_of_index(table, field_of(result, PG_DIAG_CONSTRAINT_NAME)))
    problems.push_back(Problem{Code::duplicate,
                               "the value is taken by another record",
                               table,
                               std::move(field),
                               {},
                               std::string(meaning.hint)});
  if (problems.size() > 1)
    for (Problem& problem : problems) problem.message = "these values together are taken by another record";
  if (problems.empty())
    problems.push_back(
        Problem{Code::duplicate, std::string(meaning.message), table, {}, {}, std::string(meaning.hint)});
  return Error(std::move(problems));
}

// Of statements that are wrong in themselves the server's words tell, and they hold names and keywords only.
Error refused(const PGresult* result, const std::string& state) {
  std::string message = "PostgreSQL refused a statement of ours (SQLSTATE " + state + ")";
  if (state.starts_with("42")) message += ": " + field_of(result, PG_DIAG_MESSAGE_PRIMARY);
  return Error(Code::internal, std::move(message));
}

struct Refusal {
  std::string_view words;  // of libpq or the server, in English
  Code code;
  std::string_view message;
  std::string_view hint;
};

constexpr Refusal refusals[] = {
    {"password", Code::denied, "the server does not let this user in",
     "look at the password, ~/.pgpass and pg_hba.conf"},
    {"authentication failed", Code::denied, "the server does not let this user in", "look at pg_hba.conf"},
    {"pg_hba.conf", Code::denied, "the server does not let this user in from here", "look at pg_hba.conf"},
    {"starting up", Code::io, "the server is just starting", "try again when it runs"},
    {"shutting down", Code::io, "the server is being stopped", "try again when it runs"},
    {"role \"", Code::denied, "the server does not know this user", "make it with createuser"},
    {"database \"", Code::not_found, "there is no such database on the server", "make it with createdb"},
    {"too many clients", Code::busy, "the server has no connection left",
     "raise max_connections, or close other programs"},
    {"connection slots", Code::busy, "the server has no connection left",
     "raise max_connections, or close other programs"},
    {"invalid URI", Code::invalid, "the URL of the store is malformed",
     "postgres://USER@HOST:PORT/DATABASE?schema=NAME, with %XX for special characters"},
};

}  // namespace

Code code_of(std::string_view state) noexcept {
  const Meaning* const meaning = meaning_of(state);
  return meaning == nullptr ? Code::internal : meaning->code;
}

Error error_of(const PGresult* result) {
  const std::string state = field_of(result, PG_DIAG_SQLSTATE);
  if (state.empty()) return error_of_lost_connection();
  const Meaning* const meaning = meaning_of(state);
  if (meaning == nullptr) return refused(result, state);
  if (meaning->code == Code::duplicate) return duplicate(result, *meaning);
  return Error(meaning->code, "PostgreSQL says: " + std::string(meaning->message) + " (SQLSTATE " + state + ")",
               std::string(meaning->hint));
}

Error error_of_lost_connection() {
  return Error(Code::io, "the connection to the PostgreSQL server was lost",
               "try again; where a commit was under way, its operation id tells whether it was done");
}

// The words themselves may hold parts of a password that was not escaped.
Error error_of_connecting(std::string_view message) {
  for (const Refusal& refusal : refusals)
    if (message.find(refusal.words) != message.npos)
      return Error(refusal.code, std::string(refusal.message), std::string(refusal.hint));
  return Error(Code::io, "no PostgreSQL server answers there", "look at host, port and whether it runs");
}

}  // namespace emptor::postgres
