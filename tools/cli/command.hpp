/// The commands of the `emptor` program, and what they share: stores, sessions, exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

namespace emptor::cli {

/// What the shell sees. Programs rely on these numbers.
enum Exit { done = 0, done_with_rejects = 1, usage = 2, input = 3, store = 4, budget = 5 };

/// What was asked for, once the command line is understood.
using Run = std::function<int()>;

void add_init(CLI::App& app, Run& run);
void add_import(CLI::App& app, Run& run);
void add_insight(CLI::App& app, Run& run);
void add_export(CLI::App& app, Run& run);
void add_report(CLI::App& app, Run& run);
void add_field(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_backup(CLI::App& app, Run& run);
void add_feed(CLI::App& app, Run& run);
void add_card(CLI::App& app, Run& run);
void add_profile(CLI::App& app, Run& run);
void add_stats(CLI::App& app, Run& run);
void add_demo(CLI::App& app, Run& run);
void add_generate(CLI::App& app, Run& run);
void add_mine(CLI::App& app, Run& run);

/// An error that ends the program with a certain exit code, whatever its own code is.
struct Failure {
  int exit = Exit::store;
  Problem problem;
};
[[noreturn]] void fail(int exit, std::string message, std::string hint = {});

/// The exit code of an error that a command let through (its input was at fault, unless the code says
/// otherwise).
int exit_code_of(const Error& error) noexcept;

/// A store with a session of its own.
struct OpenedStore {
  std::unique_ptr<Store> store;
  std::unique_ptr<Session> session;
};
/// Opens for this program's commands; what goes wrong is a Failure with Exit::store.
OpenedStore open_session(const std::string& path, const OpenOptions& options = {});
/// The currency a user wrote; Exit::usage for what is none.
Currency currency_of(const std::string& code);
/// Throws a usage failure for a zone that the system does not know.
void check_zone(const std::string& name);

/// Writes to standard output; a full or closed one ends the program with Exit::input.
void print(const std::string& text);

}  // namespace emptor::cli
