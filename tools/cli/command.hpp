/// The commands of the `emptor` program, and what they share: stores, sessions, exit codes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/moment.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

namespace emptor::cli {

/// What the shell sees. Programs rely on these numbers.
enum Exit { done = 0, done_with_rejects = 1, usage = 2, input = 3, store = 4, budget = 5 };

void add_init(Command program);
void add_import(Command program);
void add_insight(Command program);
void add_export(Command program);
void add_report(Command program);
void add_field(Command program);
void add_verify(Command program);
void add_backup(Command program);
void add_copy(Command program);
void add_join(Command program);
void add_seal(Command program);
void add_feed(Command program);
void add_card(Command program);
void add_profile(Command program);
void add_stats(Command program);
void add_demo(Command program);
void add_generate(Command program);
void add_mine(Command program);
void add_value(Command program);
void add_analyse(Command program);
void add_model(Command program);
void add_assign(Command program);
void add_access(Command program);
void add_handover(Command program);
void add_pool(Command program);
void add_stage(Command program);
void add_tag(Command program);
void add_segment(Command program);
void add_search(Command program);
void add_audit(Command program);
void add_as_of(Command program);
void add_forget(Command program);
void add_portability(Command program);

/// An error that ends the program with a certain exit code, whatever its own code is.
struct Failure {
  int exit = Exit::store;
  Problem problem;
};
[[noreturn]] void fail(int exit, std::string message, std::string hint = {});

/// The exit code of an error that a command let through (its input was at fault, unless the code says
/// otherwise).
int exit_code_of(const Error& error) noexcept;

/// On whose behalf stores are opened from here on: the login or name of a user, whose rights then hold, or a customer,
/// who sees their own page; neither is the system.
void act_as(std::string user, Id customer);

/// With which keys stores are opened from here on: a file of 64 hexadecimal digits a line; none for an empty path.
/// Exit::input for a file that is not there or holds something else.
void use_keys(const std::string& path);
/// As open_store, with these keys.
std::unique_ptr<Store> open_with_keys(const std::string& where, OpenOptions options = {});

/// A store with a session of its own.
struct OpenedStore {
  std::unique_ptr<Store> store;
  std::unique_ptr<Session> session;
};
/// Opens for this program's commands; what goes wrong is a Failure with Exit::store.
OpenedStore open_session(const std::string& path, const OpenOptions& options = {});
/// Whether there may be no store yet: there is no such file, or it is a server that keeps it.
bool may_be_made(const std::string& store);
/// The currency a user wrote; Exit::usage for what is none.
Currency currency_of(const std::string& code);
/// The day that an option names; nothing for an empty text, Exit::usage for what is none.
std::optional<Date> day_of(const char* option, const std::string& text);
/// The instant that an option names, or the edge of the day that it names in the store's zone; Exit::usage for what is
/// neither.
std::optional<Instant> moment_of(const char* option, const std::string& text, const Session& session, DayEdge edge);
/// Exit::input for a path at which nothing is.
void check_paths(const std::vector<std::string>& paths);
/// Throws a usage failure for a zone that the system does not know.
void check_zone(const std::string& name);

/// Writes to standard output; a full or closed one ends the program with Exit::input.
void print(const std::string& text);

}  // namespace emptor::cli
