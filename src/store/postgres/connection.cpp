#include "store/postgres/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/long_call.hpp"
#include "core/process_number.hpp"
#include "store/postgres/failure.hpp"

namespace emptor::postgres {
namespace {

constexpr std::size_t most_statements = 200;
constexpr std::size_t most_unseparated = 500;  // so that neither side's memory fills with what is under way
constexpr int oldest_server = 140000;
constexpr int binary = 1;
constexpr int milliseconds_a_look = 20;

int seconds_to_connect(const OpenOptions& options) {
  constexpr std::int64_t least = 2, most = 30;  // libpq takes less than two for two
  return static_cast<int>(std::clamp<std::int64_t>(options.wait.count() / 1000, least, most));
}

void hear_nothing(void*, const PGresult*) {}

}  // namespace

Connection::Connection(const Location& location, const OpenOptions& options) : process_(process_number()) {
  const Libpq& pq = libpq();
  const std::string seconds = std::to_string(seconds_to_connect(options));
  // What stands before the URL it may change, what stands after it may not. A server that is gone is noticed.
  const std::array<const char*, 9> names{"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                                         "keepalives_count", "tcp_user_timeout", "fallback_application_name",
                                         "dbname",           "client_encoding",  nullptr};
  const std::array<const char*, 9> values{seconds.c_str(),         "30",   "10",   "3", "60000", "emptor",
                                          location.server.c_str(), "UTF8", nullptr};
  connection_.reset(pq.PQconnectdbParams(names.data(), values.data(), 1));
  if (!connection_) throw Error(Code::memory, "there is no memory for a connection");
  if (pq.PQstatus(connection_.get()) != CONNECTION_OK) throw error_of_connecting(pq.PQerrorMessage(connection_.get()));
  pq.PQsetNoticeReceiver(connection_.get(), hear_nothing, nullptr);
  check_server();
  pq.PQsetnonblocking(connection_.get(), 1);
  enter_pipeline();
}

Connection::~Connection() {
  if (process_ != process_number()) static_cast<void>(connection_.release());
}

void Connection::check_server() const {
  const Libpq& pq = libpq();
  if (pq.PQserverVersion(connection_.get()) < oldest_server)
    throw Error(Code::unsupported, "the PostgreSQL server is older than version 14", "use a newer server");
  const char* const encoding = pq.PQparameterStatus(connection_.get(), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8")
    throw Error(Code::unsupported, "the database does not keep its texts in UTF-8",
                "make one with createdb --encoding=UTF8 --template=template0");
}

bool Connection::lost() const noexcept { return libpq().PQstatus(connection_.get()) != CONNECTION_OK; }

bool Connection::on_standby() const noexcept {
  const char* const standby = libpq().PQparameterStatus(connection_.get(), "in_hot_standby");
  return standby != nullptr && std::string_view(standby) == "on";
}

std::string_view Connection::done() const noexcept {
  return last_ ? std::string_view(libpq().PQcmdStatus(last_.get())) : std::string_view();
}

bool Connection::in_transaction() const noexcept {
  return libpq().PQtransactionStatus(connection_.get()) != PQTRANS_IDLE;
}

const std::string& Connection::prepared(std::string_view text) {
  const auto [at, is_new] = statements_.try_emplace(std::string(text));
  at->second.used = ++clock_;
  if (!is_new) return at->second.name;
  if (statements_.size() > most_statements) drop_oldest();
  at->second.name = "s" + std::to_string(++names_);
  if (libpq().PQsendPrepare(connection_.get(), at->second.name.c_str(), at->first.c_str(), 0, nullptr) != 1) {
    statements_.erase(at);
    throw error_of_lost_connection();
  }
  expect(Kind::preparation, at->first);
  return at->second.name;
}

// Those that are being prepared are the newest, so what is pending still finds its text.
void Connection::drop_oldest() {
  const auto oldest = std::ranges::min_element(statements_, {}, [](const auto& entry) { return entry.second.used; });
  const std::string text = "DEALLOCATE " + oldest->second.name;
  statements_.erase(oldest);
  send_parameters(text, nullptr, {});
}

void Connection::expect(Kind kind, std::string text) {
  pending_.push_back({kind, std::move(text)});
  kind == Kind::separation ? ++separations_ : ++unseparated_;
  if (kind == Kind::separation) unseparated_ = 0;
}

void Connection::send_parameters(std::string_view text, const std::string* name, const Arguments& arguments) {
  std::vector<const char*> values(arguments.size());
  std::vector<int> lengths(arguments.size());
  const std::vector<int> formats(arguments.size(), binary);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    values[i] = arguments.data(i);
    lengths[i] = arguments.bytes(i);
  }
  const int count = static_cast<int>(arguments.size());
  PGconn* const connection = connection_.get();
  const int sent = name != nullptr ? libpq().PQsendQueryPrepared(connection, name->c_str(), count, values.data(),
                                                                 lengths.data(), formats.data(), binary)
                                   : libpq().PQsendQueryParams(connection, std::string(text).c_str(), count, nullptr,
                                                               values.data(), lengths.data(), formats.data(), binary);
  if (sent != 1) throw error_of_lost_connection();
  expect(Kind::statement);
}

void Connection::send(std::string_view text, const Arguments& arguments) {
  keep_short();
  send_parameters(text, &prepared(text), arguments);
}

void Connection::keep_short() {
  if (unseparated_ < most_unseparated) return;
  separate();
  drain(false, separations_);
  throw_failure();
}

void Connection::separate() {
  if (libpq().PQpipelineSync(connection_.get()) != 1) throw error_of_lost_connection();
  expect(Kind::separation);
}

void Connection::push() noexcept { libpq().PQflush(connection_.get()); }

Rows Connection::ask(std::string_view text, const Arguments& arguments) {
  send(text, arguments);
  finish();
  return Rows(std::move(last_));
}

Rows Connection::ask(const sql::Compiled& compiled) {
  if (is_to_stop()) throw Error(Code::cancelled, "the query was stopped", "call again to do it all");
  keep_short();
  const Arguments arguments(compiled.parameters);
  send_parameters(compiled.text, compiled.packed.empty() ? &prepared(compiled.text) : nullptr, arguments);
  separate();
  drain(true, separations_);
  throw_failure();
  return Rows(std::move(last_));
}

void Connection::finish() {
  if (unseparated_ > 0) separate();
  drain(false, separations_);
  throw_failure();
}

void Connection::finish_part() {
  drain(false, 1);
  throw_failure();
}

// Takes the answers up to so many separations. Each statement has answers and then nothing; a separation has one.
void Connection::drain(bool stoppable, std::size_t separations) {
  stopped_ = false;
  while (separations > 0) {
    Result result = next_result(stoppable);
    if (lost()) return note_lost();
    const bool done = pending_.front().kind == Kind::separation ? result != nullptr : result == nullptr;
    if (result) take(std::move(result));
    if (!done) continue;
    if (pending_.front().kind == Kind::separation) --separations, --separations_;
    pending_.pop_front();
  }
}

void Connection::note_lost() {
  failure_ = error_of_lost_connection();
  pending_.clear();
  separations_ = unseparated_ = 0;
}

void Connection::take(Result result) {
  const ExecStatusType status = libpq().PQresultStatus(result.get());
  if (status == PGRES_PIPELINE_SYNC) return;
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
    last_ = std::move(result);
    return;
  }
  if (pending_.front().kind == Kind::preparation) statements_.erase(pending_.front().text);
  if (status != PGRES_PIPELINE_ABORTED && !failure_) failure_ = error_of(result.get());
}

Result Connection::next_result(bool stoppable) {
  const Libpq& pq = libpq();
  PGconn* const connection = connection_.get();
  while (true) {
    const int unsent = pq.PQflush(connection);
    if (pq.PQisBusy(connection) == 0 || unsent < 0) return Result(pq.PQgetResult(connection));
    wait(unsent > 0, stoppable ? milliseconds_a_look : -1);
    if (pq.PQconsumeInput(connection) == 0) return Result(pq.PQgetResult(connection));
    if (stoppable && !stopped_ && is_to_stop()) ask_to_stop();
  }
}

void Connection::wait(bool may_write, int milliseconds) {
  pollfd socket{libpq().PQsocket(connection_.get()), static_cast<short>(may_write ? POLLIN | POLLOUT : POLLIN), 0};
  poll(&socket, 1, milliseconds);  // interrupted or not, who waits looks again
}

bool Connection::is_to_stop() const {
  return (end_ && std::chrono::steady_clock::now() >= *end_) || stop_wanted("store");
}

void Connection::ask_to_stop() noexcept {
  stopped_ = true;
  PGcancel* const cancel = libpq().PQgetCancel(connection_.get());
  if (cancel == nullptr) return;
  std::array<char, 256> ignored{};
  libpq().PQcancel(cancel, ignored.data(), static_cast<int>(ignored.size()));
  libpq().PQfreeCancel(cancel);
}

void Connection::throw_failure() {
  if (!failure_) return;
  const Error failure = std::move(*failure_);
  failure_.reset();
  throw failure;
}

bool Connection::roll_back() noexcept {
  try {
    failure_.reset();
    if (unseparated_ > 0) separate();
    drain(false, separations_);
    failure_.reset();
    if (!lost() && in_transaction()) ask("ROLLBACK");
    return !lost() && !in_transaction();
  } catch (...) {  // the connection is lost, or memory is short: it is closed
    return false;
  }
}

void Connection::enter_pipeline() {
  if (libpq().PQenterPipelineMode(connection_.get()) != 1) throw error_of_lost_connection();
}

void Connection::leave_pipeline() {
  finish();
  if (libpq().PQexitPipelineMode(connection_.get()) != 1) throw error_of_lost_connection();
}

void Connection::run_plain(const std::string& text) {
  leave_pipeline();
  if (libpq().PQsendQuery(connection_.get(), text.c_str()) != 1) throw error_of_lost_connection();
}

void Connection::finish_plain() {
  while (Result result = next_result(false)) {
    const ExecStatusType status = libpq().PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !failure_) failure_ = error_of(result.get());
    if (status == PGRES_COPY_IN) libpq().PQputCopyEnd(connection_.get(), "none was expected");
    if (lost()) break;
  }
  if (!lost()) enter_pipeline();
  throw_failure();
}

void Connection::execute(const std::string& script) {
  run_plain(script);
  finish_plain();
}

void Connection::copy_in(const std::string& text, const std::function<void(std::string& out)>& produce) {
  const Libpq& pq = libpq();
  PGconn* const connection = connection_.get();
  run_plain(text);
  Result begun = next_result(false);
  if (pq.PQresultStatus(begun.get()) != PGRES_COPY_IN) {
    if (begun) failure_ = error_of(begun.get());
    return finish_plain();
  }
  const auto hand_over = [&](const auto& call) {
    int done = 0;
    while ((done = call()) == 0 && !lost()) {
      wait(pq.PQflush(connection) > 0, -1);
      pq.PQconsumeInput(connection);
    }
    return done == 1;
  };
  std::string piece;
  for (bool more = true; more; piece.clear()) {
    produce(piece);
    more = !piece.empty() &&
           hand_over([&] { return pq.PQputCopyData(connection, piece.data(), static_cast<int>(piece.size())); });
  }
  hand_over([&] { return pq.PQputCopyEnd(connection, nullptr); });
  finish_plain();
}

}  // namespace emptor::postgres
