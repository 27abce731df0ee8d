#include "cli/command.hpp"
#include "cli/progress_bar.hpp"
#include "emptor/session/session_json.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, head;
  bool quick = false, json = false;
};

std::string text_of(const Verification& found) {
  std::string text = std::to_string(found.entries) + " journal entries, " + std::to_string(found.changes) +
                     " changes, " + std::to_string(found.records) + " records compared: ";
  text += found.intact ? "intact\n" : "NOT INTACT\n";
  text += "head: " + to_string(JournalHead{found.base.head.position + found.entries, found.head}) + "\n";
  if (found.base.head.position != 0)
    text += "trimmed up to: " + to_string(found.base) + ", " + std::to_string(found.not_compared) +
            " records have not changed since and were not compared\n";
  if (found.erasures != 0)
    text +=
        std::to_string(found.erasures) + " erasures, " + std::to_string(found.erased) + " records emptied by them\n";
  if (found.broken_at != 0) text += "first entry that does not fit: " + std::to_string(found.broken_at) + "\n";
  for (const std::string& fault : found.faults) text += "  " + fault + "\n";
  return text;
}

int run_verify(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  std::optional<JournalHead> noted;
  if (!options.head.empty() && !(noted = parse_head(options.head)))
    throw Error(Code::invalid, "this is no head of a journal",
                "give POSITION:HASH, as `emptor verify --json` tells it");
  const Verification found = opened.session->verify(!options.quick, progress_bar(), noted);
  print(options.json ? to_json(found) + "\n" : text_of(found));
  return found.intact ? Exit::done : Exit::store;
}

}  // namespace

void add_verify(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("verify", "Recompute the journal's chain and compare every record with it");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_flag("--quick", &options->quick, "The chain only, not the records");
  command.add_option("--head", &options->head, "POSITION:HASH that was noted before, and kept elsewhere");
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer("\nExample:\n  emptor verify shop.emptor --json\n\nExit code 4 tells that the store is damaged.");
  command.runs([options] { return run_verify(*options); });
}

}  // namespace emptor::cli
