// What an ERP does with Emptor at night: bring what changed in its orders database into the store, let customers be
// scored, and take the scores back. Neither side knows the other's ids: external ids join them.
//
//     ./nightly make orders.db          a small orders database, as an ERP has one
//     ./nightly run orders.db crm.emptor
//
// A night that is cut off is run again: every batch has an operation id and is applied once, and the feed's position
// is kept in the orders database in the same transaction as the scores that were taken.
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/model/entities.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;

constexpr const char* system_name = "erp";
constexpr std::int64_t rows_a_batch = 500;

// ---- The ERP's side: an SQLite database of its own ------------------------------------------------

class Database {
 public:
  explicit Database(const std::string& path) {
    if (sqlite3_open(path.c_str(), &connection_) != SQLITE_OK) fail();
  }
  ~Database() { sqlite3_close(connection_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const std::string& statements) {
    if (sqlite3_exec(connection_, statements.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
  }
  using Row = sqlite3_stmt;
  // Runs one statement with texts bound; calls `visit` for each row.
  void query(const char* statement, const std::vector<std::string>& bound,
             const std::function<void(Row*)>& visit = {}) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(connection_, statement, -1, &prepared, nullptr) != SQLITE_OK) fail();
    for (std::size_t i = 0; i < bound.size(); ++i)
      sqlite3_bind_text(prepared, static_cast<int>(i) + 1, bound[i].c_str(), -1, SQLITE_TRANSIENT);
    int status;
    while ((status = sqlite3_step(prepared)) == SQLITE_ROW)
      if (visit) visit(prepared);
    sqlite3_finalize(prepared);
    if (status != SQLITE_DONE) fail();
  }
  std::string one(const char* statement, const std::vector<std::string>& bound = {}) {
    std::string value;
    query(statement, bound, [&](Row* row) { value = text(row, 0); });
    return value;
  }
  static std::string text(Row* row, int column) {
    const auto* bytes = sqlite3_column_text(row, column);
    return bytes == nullptr ? "" : reinterpret_cast<const char*>(bytes);
  }

 private:
  [[noreturn]] void fail() {
    std::fprintf(stderr, "orders database: %s\n", sqlite3_errmsg(connection_));
    std::exit(1);
  }
  sqlite3* connection_ = nullptr;
};

void make_orders(Database& erp) {
  erp.run(R"(
    CREATE TABLE account (no TEXT PRIMARY KEY, company TEXT, country TEXT, changed INTEGER);
    CREATE TABLE invoice (no TEXT PRIMARY KEY, account TEXT, day TEXT, net TEXT, changed INTEGER);
    CREATE TABLE account_score (account TEXT, name TEXT, value REAL, label TEXT, PRIMARY KEY (account, name));
    CREATE TABLE sync (name TEXT PRIMARY KEY, position INTEGER);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
      INSERT INTO account SELECT printf('A%05d', i), 'Company ' || i, CASE i % 3 WHEN 0 THEN 'DE' WHEN 1 THEN 'FR' ELSE 'CN' END, i FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO invoice SELECT printf('R%06d', i), printf('A%05d', 1 + i * 37 % 200), date('2025-01-01', '+' || (i * 7 % 330) || ' days'),
        printf('%d.%02d', i * 13 % 900 + 5, i % 100), i FROM n;)");
}

// ---- Into the store --------------------------------------------------------------------------------

void put_account(ChangeSet& set, Database::Row* row) {
  set.put("customer")
      .by(system_name, Database::text(row, 0))
      .set("kind", "organisation")
      .set("name", Database::text(row, 1))
      .set("country", Database::text(row, 2));
}

void put_invoice(ChangeSet& set, const View& view, const Zone& zone, Database::Row* row) {
  const std::string number = Database::text(row, 0);
  const auto customer = view.find("customer", system_name, Database::text(row, 1));
  const auto day = parse_date(Database::text(row, 2));
  const auto net = Decimal::parse(Database::text(row, 3));
  if (!customer || !day || !net) {
    std::printf("invoice %s is left out: its account, day or amount is not understood\n", number.c_str());
    return;
  }
  const Id order = set.put("order")
                       .by(system_name, number)
                       .set("customer_id", customer->id())
                       .set("number", number)
                       .set("ordered_at", zone.instant_of(*day, 0))
                       .id();
  set.put("order_line")
      .by(system_name, number + "/1")
      .set("order_id", order)
      .set("customer_id", customer->id())
      .set("amount", *net);
}

// Everything of a table that changed after the last night, in batches that are applied once each.
std::size_t bring(Session& session, Database& erp, const char* table, const char* statement,
                  const std::function<void(ChangeSet&, const View&, Database::Row*)>& put) {
  std::size_t written = 0;
  for (bool more = true; more;) {
    const std::string after = erp.one("SELECT coalesce(max(position), 0) FROM sync WHERE name = ?", {table});
    ChangeSet set;
    const View view = session.view();
    std::string last;
    std::int64_t rows = 0;
    erp.query(statement, {after}, [&](Database::Row* row) {
      put(set, view, row);
      last = Database::text(row, sqlite3_column_count(row) - 1);
      ++rows;
    });
    more = rows == rows_a_batch;
    if (rows == 0) break;
    const Receipt receipt = session.apply(set, {.op_id = std::string(table) + ":" + last, .reason = "nightly"});
    written += receipt.inserted + receipt.updated;
    erp.query("INSERT INTO sync VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET position = ?2", {table, last});
  }
  return written;
}

// ---- And back --------------------------------------------------------------------------------------

std::string account_of(const View& view, Id customer) {
  Query query{.entity = "identity", .fields = {}, .limit = 1};
  query.where = Where::all(
      {Where::equal("entity", "customer"), Where::equal("record_id", customer), Where::equal("system", system_name)});
  const auto found = view.select(query);
  return found.empty() ? "" : std::string(found.front().get("external_id").text());
}

void take_score(Database& erp, const View& view, const FeedItem& item) {
  const auto record = view.get("score", item.id);
  if (!record) return;  // gone since: a later item of the feed says so
  const Score score = record->as<Score>();
  const std::string account = account_of(view, score.customer_id);
  if (account.empty()) return;  // not one of the ERP's accounts
  erp.query("INSERT INTO account_score VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET value = ?3, label = ?4",
            {account, score.name, score.value ? std::to_string(*score.value) : "", score.label});
}

// Reads the feed from where the last night ended; scores and the new position are one transaction.
std::size_t take_scores(Session& session, Database& erp) {
  std::size_t taken = 0;
  for (bool more = true; more;) {
    const std::int64_t after =
        std::atoll(erp.one("SELECT coalesce(max(position), 0) FROM sync WHERE name = 'feed'").c_str());
    const View view = session.view();
    const Feed feed = view.feed(after, 10'000);
    more = feed.position != after;
    erp.run("BEGIN");
    for (const FeedItem& item : feed.items) {
      if (item.entity != "score") continue;
      take_score(erp, view, item);
      ++taken;
    }
    erp.query("INSERT INTO sync VALUES ('feed', ?1) ON CONFLICT (name) DO UPDATE SET position = ?1",
              {std::to_string(feed.position)});
    erp.run("COMMIT");
  }
  return taken;
}

void run_night(Database& erp, const std::string& path) {
  const auto store = open_store(path, {.create = true, .currency = *Currency::parse("EUR"), .zone = "Europe/Berlin"});
  Session session(*store, {.actor = {.name = "nightly"}});
  const Zone zone = Zone::of("Europe/Berlin");
  const std::size_t accounts = bring(
      session, erp, "account",
      "SELECT no, company, country, changed FROM account WHERE changed > CAST(? AS INTEGER) ORDER BY changed LIMIT 500",
      [](ChangeSet& set, const View&, Database::Row* row) { put_account(set, row); });
  const std::size_t invoices =
      bring(session, erp, "invoice",
            "SELECT no, account, day, net, changed FROM invoice WHERE changed > CAST(? AS INTEGER) ORDER BY changed "
            "LIMIT 500",
            [&](ChangeSet& set, const View& view, Database::Row* row) { put_invoice(set, view, zone, row); });
  const InsightResult rfm = run_insight(session, "rfm");
  const std::size_t scores = take_scores(session, erp);
  std::printf("records written for accounts %zu, for invoices %zu; customers scored %zu; scores taken back %zu\n",
              accounts, invoices, rfm.scored, scores);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string what = count > 1 ? arguments[1] : "";
  try {
    if (what == "make" && count == 3) {
      Database erp(arguments[2]);
      make_orders(erp);
    } else if (what == "run" && count == 4) {
      Database erp(arguments[2]);
      run_night(erp, arguments[3]);
    } else {
      std::fprintf(stderr, "nightly make ORDERS.DB | nightly run ORDERS.DB STORE\n");
      return 2;
    }
  } catch (const Error& error) {
    std::fprintf(stderr, "%s (%s)\n", error.what(), error.first().hint.c_str());
    return 1;
  }
  return 0;
}
