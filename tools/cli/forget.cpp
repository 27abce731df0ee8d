#include "emptor/session/forget.hpp"

#include <fstream>
#include <iterator>

#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "cli/text_table.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, ground, out, again;
  std::int64_t customer = 0, wait = 10;
  std::size_t limit = 1'000;
  bool due = false, list = false, finish = false, dry_run = false, json = false;
};

ForgetOptions options_of(const Options& options) {
  ForgetOptions forget{.dry_run = options.dry_run, .wait = std::chrono::seconds(options.wait)};
  if (!options.ground.empty()) forget.ground = options.ground;
  return forget;
}

void tell(const Options& options, const std::string& json) {
  OutputFile file(options.out);
  file.write(options.json || !options.out.empty() ? json + "\n" : text_of_json(json));
  file.finish();
}

std::string text_of_file(const std::string& path) {
  check_paths({path});
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

int forget_one(Session& session, const Options& options) {
  const Forgotten forgotten = session.forget_customer(Id{options.customer}, options_of(options));
  tell(options, to_json(forgotten));
  return options.dry_run || forgotten.clean ? Exit::done : Exit::done_with_rejects;
}

int forget_all_due(Session& session, const Options& options) {
  if (options.dry_run) {
    tell(options, "{\"due\":" + to_json(due_to_forget(session, options.limit)) + "}");
    return Exit::done;
  }
  bool clean = true;
  std::string json = "{\"forgotten\":[";
  for (const Forgotten& one : forget_due(session, options.limit, options_of(options))) {
    json += (json.back() == '[' ? "" : ",") + to_json(one);
    clean &= one.clean;
  }
  tell(options, json + "]}");
  return clean ? Exit::done : Exit::done_with_rejects;
}

int forget_listed(Session& session, const Options& options) {
  const ForgottenAgain again = forget_again(session, text_of_file(options.again), options_of(options));
  tell(options, to_json(again));
  return again.clean && again.unknown.empty() ? Exit::done : Exit::done_with_rejects;
}

int finish(Session& session, const Options& options) {
  const std::size_t waiting = session.finish_forgetting(std::chrono::seconds(options.wait));
  print("receipts whose files somebody still reads: " + std::to_string(waiting) + "\n");
  return waiting == 0 ? Exit::done : Exit::done_with_rejects;
}

int run_forget(const Options& options) {
  const int asked = (options.customer != 0) + options.due + options.list + options.finish + !options.again.empty();
  if (asked != 1) fail(Exit::usage, "give one of CUSTOMER, --due, --receipts, --again and --finish");
  const OpenedStore opened = open_session(options.store);
  Session& session = *opened.session;
  if (options.due) return forget_all_due(session, options);
  if (!options.again.empty()) return forget_listed(session, options);
  if (options.finish) return finish(session, options);
  if (options.customer != 0) return forget_one(session, options);
  tell(options, receipts_json(session));
  return Exit::done;
}

}  // namespace

void add_forget(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("forget", "Forget a customer by law, for good, with a receipt");
  command.add_option("STORE", &options->store, "File of the store").required();
  command.add_option("CUSTOMER", &options->customer, "Id of the customer").positive();
  command.add_option("--ground", &options->ground, "request, withdrawn, expired, court or other (request)");
  command.add_flag("--dry-run", &options->dry_run, "Count what would go, write nothing");
  command.add_flag("--due", &options->due, "Forget whom segments that forget have");
  command.add_option("--limit", &options->limit, "With --due: customers at most (1000)")
      .range(std::size_t{1}, std::size_t{100'000});
  command.add_flag("--receipts", &options->list, "Print all receipts: keep them apart from backups");
  command.add_option("--again", &options->again, "Forget again, after a restore, whom the receipts in this file name");
  command.add_flag("--finish", &options->finish, "Complete erasures whose files somebody was still reading");
  command.add_option("--wait", &options->wait, "Seconds to wait for those who read what was (10)").not_negative();
  command.add_option("--out", &options->out, "File for the JSON (standard output)");
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer(
      "\nExamples:\n"
      "  emptor forget shop.emptor 1042 --dry-run\n"
      "  emptor forget shop.emptor 1042 --ground request --out receipt-1042.json\n"
      "  emptor forget shop.emptor --receipts --out receipts.json\n"
      "  emptor forget restored.emptor --again receipts.json\n"
      "\nExit code 1 tells that something is left to do: files that are still read, receipts that fit nobody.");
  command.runs([options] { return run_forget(*options); });
}

}  // namespace emptor::cli
