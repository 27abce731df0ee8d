#include "cli/command.hpp"
#include "cli/progress_bar.hpp"
#include "emptor/model/plain.hpp"
#include "emptor/session/join_copy.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, copy;
  JoinOptions join;
  bool json = false;
};

std::string value_of(const std::optional<Record>& record, const std::string& field) {
  if (!record) return "no longer there";
  if (field.empty()) return record->deleted() ? "erased" : "changed";
  const Value& value = record->get(field);
  return value.present() ? to_plain(value) : "nothing";
}

std::string text_of(const JoinConflict& conflict) {
  std::string text = "  " + conflict.entity + " " + std::to_string(conflict.here.value);
  if (conflict.there != conflict.here) text += " (" + std::to_string(conflict.there.value) + " there)";
  if (!conflict.field.empty()) text += ", " + conflict.field;
  return text + ": here " + value_of(conflict.ours, conflict.field) + ", there " +
         value_of(conflict.other, conflict.field) + "\n";
}

std::string text_of(const JoinReport& report) {
  std::string text = "parted at position " + std::to_string(report.parted_at) + "; " + std::to_string(report.inserted) +
                     " records new, " + std::to_string(report.updated) + " changed, " + std::to_string(report.erased) +
                     " erased, " + std::to_string(report.matched) + " made on both sides\n";
  if (!report.conflicts.empty()) text += std::to_string(report.conflicts.size()) + " contradictions:\n";
  for (const JoinConflict& conflict : report.conflicts) text += text_of(conflict);
  return text;
}

int run_join(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  const std::unique_ptr<Store> copy = open_with_keys(options.copy);
  const JoinReport report = join_copy(*opened.session, *copy, options.join);
  print(options.json ? to_json(report) + "\n" : text_of(report));
  return report.conflicts.empty() ? Exit::done : Exit::done_with_rejects;
}

}  // namespace

void add_join(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("join", "Take over what was done in a copy of the store");
  command.add_option("STORE", &options->store, "The store").required();
  command.add_option("COPY", &options->copy, "A copy of it that lived apart; it stays as it is").required();
  command.add_flag("--theirs", &options->join.theirs, "Where both sides changed a value, take the copy's");
  command.add_flag("--dry-run", &options->join.dry_run, "Tell what would be done, and do nothing");
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer(
      "\nExample:\n  emptor join shop.emptor laptop.emptor --dry-run\n\n"
      "Exit code 1 tells that the two contradict each other somewhere.");
  command.runs([options] { return run_join(*options); });
}

}  // namespace emptor::cli
