#include "emptor/session/search.hpp"
#include "cli/command.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, since, until;
  SearchQuery query;
  std::int64_t customer = 0;
  bool json = false;
};

// One line a hit: whose, what, when, and where it was found between brackets.
std::string line_of(const SearchHit& hit) {
  std::string line = hit.entity + " " + std::to_string(hit.id.value);
  if (hit.customer && hit.entity != "customer") line += " (customer " + std::to_string(hit.customer.value) + ")";
  if (hit.at) line += " " + to_string(*hit.at).substr(0, 10);
  line += "  " + hit.field + ": ";
  std::uint32_t character = 0;
  std::size_t mark = 0;
  for (const char byte : hit.snippet) {
    const bool begins = (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
    if (begins && mark < hit.marks.size() && character == hit.marks[mark].second) ++mark, line += ']';
    if (begins && mark < hit.marks.size() && character == hit.marks[mark].first) line += '[';
    if (begins) ++character;
    line += byte == '\n' || byte == '\r' || byte == '\t' ? ' ' : byte;
  }
  return line + (mark < hit.marks.size() && character == hit.marks[mark].second ? "]\n" : "\n");
}

int run_search(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  SearchQuery query = options.query;
  query.customer = Id{options.customer};
  query.from = moment_of("--since", options.since, *opened.session, DayEdge::begin);
  query.until = moment_of("--until", options.until, *opened.session, DayEdge::end);
  const SearchPage page = search(*opened.session, query);
  std::string text = options.json ? to_json(page) + "\n" : std::string();
  if (!options.json)
    for (const SearchHit& hit : page.hits) text += line_of(hit);
  print(text);
  return Exit::done;
}

}  // namespace

void add_search(Command program) {
  const Command command = program.add_subcommand("search", "Records that hold words, the newest first");
  auto options = std::make_shared<Options>();
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command
      .add_option("WORDS", &options->query.text,
                  "Words, \"quoted texts\", field:word, word* for a beginning, -word to exclude")
      .required();
  command.add_option("--entity", &options->query.entities, "Only these: interaction, case, customer ...");
  command.add_option("--customer", &options->customer, "Only what is of this customer").positive();
  command.add_option("--since", &options->since, "Only from this day or instant on");
  command.add_option("--until", &options->until, "Only up to this day or instant");
  command.add_flag("--any", &options->query.any, "One of the words is enough");
  command.add_flag("--ranked", &options->query.ranked, "The best first");
  command.add_option("--limit", &options->query.limit, "Hits at most (20)").range(std::size_t{1}, std::size_t{1'000});
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer(
      "\nExamples:\n"
      "  emptor search shop.emptor 'refund subject:delivery'\n"
      "  emptor search shop.emptor '\"did not arrive\"' --entity case --ranked --json");
  command.runs([options] { return run_search(*options); });
}

}  // namespace emptor::cli
