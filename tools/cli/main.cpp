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

void add_commands(Command program) {
  add_init(program);
  add_import(program);
  add_insight(program);
  add_report(program);
  add_export(program);
  add_field(program);
  add_verify(program);
  add_backup(program);
  add_copy(program);
  add_join(program);
  add_seal(program);
  add_feed(program);
  add_card(program);
  add_profile(program);
  add_stats(program);
  add_demo(program);
  add_generate(program);
  add_mine(program);
  add_value(program);
  add_analyse(program);
  add_model(program);
  add_assign(program);
  add_access(program);
  add_handover(program);
  add_pool(program);
  add_stage(program);
  add_tag(program);
  add_segment(program);
  add_search(program);
  add_audit(program);
  add_as_of(program);
  add_forget(program);
  add_portability(program);
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
  CommandLine line("emptor", "Emptor, the customer engine: who they are, what they are worth, what to do next.",
                   "emptor " EMPTOR_PROGRAM_VERSION);
  const Command program = line.program();
  program.require_subcommand();
  program.footer(footer);
  std::string user, keys;
  std::int64_t customer = 0;
  const Option as_user =
      program.add_option("--as", &user, "Before the command: act as this user (login or name), whose rights then hold");
  program.add_option("--as-customer", &customer, "Before the command: as this customer, who sees their own page (id)")
      .positive()
      .excludes(as_user);
  program.add_option("--key-file", &keys,
                     "Before the command: the host's keys of a store with sealed fields, 64 hexadecimal digits a line");
  add_commands(program);
  const Run run = line.parse(argc, argv);
  act_as(user, Id{customer});
  return execute([&] {
    use_keys(keys);
    return run();
  });
}

}  // namespace
}  // namespace emptor::cli

int main(int argc, char** argv) {
  // Asked for by scripts, often: answered before anything is set up.
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) return std::puts("emptor " EMPTOR_PROGRAM_VERSION) < 0;
  return emptor::cli::understand_and_run(argc, argv);
}
