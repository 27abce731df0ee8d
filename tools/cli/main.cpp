// `emptor`: the library's own command line. Understands what is asked for, runs it, and turns what went
// wrong into words and an exit code.

#include <cstdio>
#include <cstring>
#include <new>

#include "cli/command.hpp"
#include "cli/version.hpp"

namespace emptor::cli {
namespace {

const char* const footer =
    "\nExamples:\n"
    "  emptor demo                                        a tour on generated data\n"
    "  emptor import shop.emptor sales/ --currency GBP    a folder of files into a store\n"
    "  emptor insight shop.emptor rfm                     who is worth what\n"
    "  emptor report shop.emptor --out report.html        one page for a manager\n"
    "  emptor mine kmeans buyers.csv --columns a,b --k 5  clusters of a plain file\n"
    "\nExit codes: 0 done, 1 done with rejects, 2 usage, 3 input, 4 store, 5 budget.\n"
    "`emptor COMMAND --help` shows the options of a command.";

void add_commands(CLI::App& app, Run& run) {
  add_init(app, run);
  add_import(app, run);
  add_insight(app, run);
  add_report(app, run);
  add_export(app, run);
  add_field(app, run);
  add_verify(app, run);
  add_backup(app, run);
  add_feed(app, run);
  add_card(app, run);
  add_profile(app, run);
  add_stats(app, run);
  add_demo(app, run);
  add_generate(app, run);
  add_mine(app, run);
}

int report(const Problem& problem, int exit) {
  std::string text = "emptor: " + problem.message;
  if (!problem.entity.empty()) text += " (" + problem.entity + (problem.field.empty() ? "" : "." + problem.field) + ")";
  if (problem.row) text += ", row " + std::to_string(*problem.row);
  text += '\n';
  if (!problem.hint.empty()) text += "  " + problem.hint + '\n';
  std::fputs(text.c_str(), stderr);
  return exit;
}

int report_all(const Error& error) {
  for (const Problem& problem : error.problems()) report(problem, 0);
  return exit_code_of(error);
}

int execute(const Run& run) {
  try {
    return run();
  } catch (const Failure& failure) {
    return report(failure.problem, failure.exit);
  } catch (const Error& error) {
    return report_all(error);
  } catch (const std::bad_alloc&) {
    return report({Code::memory, "there is not enough memory", {}, {}, {}, {}}, Exit::budget);
  } catch (const std::exception& error) {
    return report({Code::internal, error.what(), {}, {}, {}, {}}, Exit::store);
  }
}

int understand_and_run(int argc, char** argv) {
  CLI::App app("Emptor, the customer engine: who they are, what they are worth, what to do next.", "emptor");
  app.footer(footer);
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Show the options of every command");
  app.set_version_flag("--version", "emptor " EMPTOR_PROGRAM_VERSION);
  Run run;
  add_commands(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? Exit::done : Exit::usage;
  }
  return execute(run);
}

}  // namespace
}  // namespace emptor::cli

int main(int argc, char** argv) {
  // Asked for by scripts, often: answered before anything is set up.
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) return std::puts("emptor " EMPTOR_PROGRAM_VERSION) < 0;
  return emptor::cli::understand_and_run(argc, argv);
}
