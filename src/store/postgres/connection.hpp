/// One connection to the server, with its prepared statements and what is under way on it.
///
/// Statements travel in a pipeline: `send` puts one on its way, `ask` waits for the answer of the last. A statement
/// that fails lets all that follow it up to the next answer fail, and is what is thrown.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "emptor/core/error.hpp"
#include "emptor/store/store.hpp"
#include "store/postgres/arguments.hpp"
#include "store/postgres/location.hpp"
#include "store/postgres/rows.hpp"
#include "store/sql/compiler.hpp"

namespace emptor::postgres {

class Connection {
 public:
  /// Throws Code::io, Code::denied, Code::not_found (no such database), Code::unsupported (an old server).
  Connection(const Location& location, const OpenOptions& options);
  /// In a forked child it leaves the connection alone (and leaks).
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Its failure is thrown by the next `ask` or `finish`.
  void send(std::string_view text, const Arguments& arguments = {});
  /// Ends what belongs together: a failure before does not touch what is sent after.
  void separate();
  Rows ask(std::string_view text, const Arguments& arguments = {});
  /// The same for queries that may be stopped. Those whose plan may depend on a list of values are planned anew.
  Rows ask(const sql::Compiled& compiled);
  /// Waits for all that is under way. Throws the first failure.
  void finish();
  /// Waits for the answers up to the next separation only. Throws their first failure.
  void finish_part();
  /// Hands over what was sent without waiting for the answers.
  void push() noexcept;
  /// Runs a script that gives no rows.
  void execute(const std::string& script);
  /// COPY ... FROM STDIN: `produce` appends the next piece; the end where it appends nothing.
  void copy_in(const std::string& text, const std::function<void(std::string& out)>& produce);

  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) noexcept { end_ = moment; }
  /// What the last statement that was answered has done, in the server's word.
  std::string_view done() const noexcept;
  bool in_transaction() const noexcept;
  /// Ends a transaction that may have failed; false where the connection cannot be used any more.
  bool roll_back() noexcept;
  bool lost() const noexcept;
  /// Whether the server only follows another one.
  bool on_standby() const noexcept;

 private:
  enum class Kind { preparation, statement, separation };
  struct Pending {
    Kind kind;
    std::string text;  // of the statement that is prepared
  };
  struct Prepared {
    std::string name;
    std::uint64_t used = 0;
  };
  struct Finish {
    void operator()(PGconn* connection) const noexcept { libpq().PQfinish(connection); }
  };

  void check_server() const;
  const std::string& prepared(std::string_view text);
  void drop_oldest();
  void send_parameters(std::string_view text, const std::string* name, const Arguments& arguments);
  void expect(Kind kind, std::string text = {});
  void keep_short();
  void drain(bool stoppable, std::size_t separations);
  void take(Result result);
  void note_lost();
  Result next_result(bool stoppable);
  void wait(bool may_write, int milliseconds);
  void ask_to_stop() noexcept;
  bool is_to_stop() const;
  void throw_failure();
  void leave_pipeline();
  void enter_pipeline();
  void run_plain(const std::string& text);
  void finish_plain();

  std::unique_ptr<PGconn, Finish> connection_;
  std::int64_t process_;
  std::unordered_map<std::string, Prepared> statements_;
  std::deque<Pending> pending_;
  std::size_t separations_ = 0;  // of them
  std::size_t unseparated_ = 0;  // statements since the last
  std::uint64_t clock_ = 0, names_ = 0;
  std::optional<Error> failure_;
  Result last_;
  bool stopped_ = false;
  std::optional<std::chrono::steady_clock::time_point> end_;
};

}  // namespace emptor::postgres
