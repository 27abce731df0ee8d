#include "cli/command.hpp"
#include "emptor/desk/feed_payload.hpp"
#include "emptor/session/session_json.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store;
  std::int64_t after = 0;
  std::size_t limit = 1000;
  bool json = false, payloads = false;
  std::vector<std::string> entities;
  std::string schema;
};

std::string text_of(const FeedItem& item) {
  return std::to_string(item.position) + "  " + to_string(item.at) + "  " + std::string(name_of(item.kind)) + "  " +
         item.entity + " " + std::to_string(item.id.value) + "\n";
}

// A line each, and the position to keep on the last one.
int print_payloads(Session& session, const Options& options) {
  const auto take = [](const FeedEvent&, std::string_view payload) {
    print(std::string(payload) + "\n");
    return true;
  };
  const Delivered done = deliver(session, options.after, take, {.entities = options.entities, .limit = options.limit});
  print("{\"position\":\"" + std::to_string(done.position) + "\"}\n");
  return Exit::done;
}

int run_feed(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  if (!options.schema.empty()) {
    print(payload_schema(opened.session->view().schema(), options.schema) + "\n");
    return Exit::done;
  }
  if (options.payloads) return print_payloads(*opened.session, options);
  const Feed feed = opened.session->view().feed(options.after, options.limit);
  if (options.json) {
    print(to_json(feed) + "\n");
    return Exit::done;
  }
  std::string text;
  for (const FeedItem& item : feed.items) text += text_of(item);
  print(text + "next: --after " + std::to_string(feed.position) + "\n");
  return Exit::done;
}

}  // namespace

void add_feed(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("feed", "What changed, in order, after a position");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("--after", &options->after, "Position to start after (0)").not_negative();
  command.add_option("--limit", &options->limit, "Changes at most, about (1000)").range(1, 1'000'000);
  command.add_flag("--json", &options->json, "Print JSON");
  const Option payloads = command.add_flag("--payloads", &options->payloads,
                                           "A payload a line, with the record as it is now (docs/feed.md)");
  command.add_option("--entity", &options->entities, "Payloads of these only, separated by commas")
      .separator(',')
      .needs(payloads);
  command.add_option("--schema", &options->schema, "Print the JSON Schema of the payloads of this entity");
  command.footer(
      "\nExamples:\n"
      "  emptor feed shop.emptor --after 120 --json\n"
      "  emptor feed shop.emptor --after 120 --payloads --entity customer,order\n"
      "  emptor feed shop.emptor --schema customer");
  command.runs([options] { return run_feed(*options); });
}

}  // namespace emptor::cli
