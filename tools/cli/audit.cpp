#include "emptor/session/audit.hpp"

#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "cli/progress_bar.hpp"
#include "cli/text_table.hpp"
#include "emptor/model/plain.hpp"
#include "emptor/session/read_log.hpp"
#include "emptor/session/session_json.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, entity, since, until, out, trim, log_reads;
  std::int64_t id = 0, customer = 0, user = -1, seen = 0;
  bool json = false;
};

std::string text_of(const ToldChange& change) {
  std::string text =
      "    " + std::string(name_of(change.kind)) + " " + change.entity->name + " " + std::to_string(change.id.value);
  for (const FieldChange& field : change.fields) {
    text += field.field == change.fields.front().field ? ": " : "; ";
    text += field.field->name;
    if (field.before.present()) text += " " + to_plain(field.before);
    text += field.after.present() ? " -> " + to_plain(field.after) : " -> none";
  }
  return text + "\n";
}

std::string text_of(const ToldEntry& entry) {
  std::string text = std::to_string(entry.position) + "  " + to_string(entry.at) + "  ";
  text += entry.actor ? "user " + std::to_string(entry.actor.value) : "system";
  if (!entry.reason.empty()) text += "  " + entry.reason;
  text += '\n';
  for (const ToldChange& change : entry.changes) text += text_of(change);
  return text;
}

int tell(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const Session& session = *opened.session;
  JournalQuery query{.since = moment_of("--since", options.since, session, DayEdge::begin),
                     .until = moment_of("--until", options.until, session, DayEdge::end),
                     .entity = options.entity,
                     .record = Id{options.id},
                     .customer = Id{options.customer},
                     .progress = progress_bar()};
  if (options.user >= 0) query.actor = Id{options.user};
  const View view = session.view();
  OutputFile file(options.out);
  const JournalBase base = view.journal_base();
  if (base.head.position != 0 && !options.json)
    file.write("the journal begins after position " + std::to_string(base.head.position) + ", " + to_string(base.at) +
               "\n");
  tell_journal(view, query, [&](const ToldEntry& entry) {
    file.write(options.json ? to_json(entry) + "\n" : text_of(entry));
    return true;
  });
  file.finish();
  return Exit::done;
}

int trim(const Options& options) {
  const OpenedStore opened = open_session(options.store);
  const auto before = moment_of("--trim", options.trim, *opened.session, DayEdge::begin);
  const JournalBase base = opened.session->trim_journal(*before, progress_bar());
  print(base.head.position == 0 ? "nothing is older\n" : "trimmed up to: " + to_string(base) + "\n");
  return Exit::done;
}

int set_log(const Options& options) {
  if (options.log_reads != "on" && options.log_reads != "off") fail(Exit::usage, "--log-reads takes on or off");
  open_session(options.store).session->log_reads(options.log_reads == "on");
  print("reads are logged: " + options.log_reads + "\n");
  return Exit::done;
}

int tell_reads(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const std::string json = who_saw_json(*opened.session, Id{options.seen}, day_of("--since", options.since),
                                        day_of("--until", options.until));
  print(options.json ? json + "\n" : text_of_json("{\"reads\":" + json + "}"));
  return Exit::done;
}

int run_audit(const Options& options) {
  if (!options.trim.empty()) return trim(options);
  if (!options.log_reads.empty()) return set_log(options);
  return options.seen != 0 ? tell_reads(options) : tell(options);
}

}  // namespace

void add_audit(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("audit", "Who changed what when and why, oldest first; and who saw a customer");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  const Option entity = command.add_option("--entity", &options->entity, "Only changes of its records");
  command.add_option("--id", &options->id, "Of this record of the entity").positive().needs(entity);
  command.add_option("--customer", &options->customer, "Of this customer and of what is theirs").positive();
  command.add_option("--since", &options->since, "An instant, or a day for its beginning");
  command.add_option("--until", &options->until, "An instant, or a day for its end");
  command.add_option("--user", &options->user, "Only what this user did; 0 is the system").not_negative();
  command.add_option("--out", &options->out, "File (standard output)");
  command.add_flag("--json", &options->json, "JSON lines, an entry a line: the export of the journal");
  command.add_option("--trim", &options->trim, "Forget, for good, all entries from before a day or an instant");
  command.add_option("--log-reads", &options->log_reads, "on or off: count who reads of which customer");
  command.add_option("--who-saw", &options->seen, "Id of a customer: who was told of them, by day").positive();
  command.footer(
      "\nExamples:\n"
      "  emptor audit shop.emptor --customer 1042\n"
      "  emptor audit shop.emptor --since 2024-01-01 --json --out journal.jsonl\n"
      "  emptor audit shop.emptor --who-saw 1042\n"
      "  emptor audit shop.emptor --trim 2021-01-01");
  command.runs([options] { return run_audit(*options); });
}

}  // namespace emptor::cli
