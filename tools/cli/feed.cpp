#include "cli/command.hpp"
#include "emptor/session/session_json.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store;
  std::int64_t after = 0;
  std::size_t limit = 1000;
  bool json = false;
};

std::string text_of(const FeedItem& item) {
  return std::to_string(item.position) + "  " + to_string(item.at) + "  " + std::string(name_of(item.kind)) + "  " +
         item.entity + " " + std::to_string(item.id.value) + "\n";
}

int run_feed(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
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
  command.add_option("STORE", &options->store, "File of the store").required();
  command.add_option("--after", &options->after, "Position to start after (0)").not_negative();
  command.add_option("--limit", &options->limit, "Changes at most, about (1000)").range(1, 1'000'000);
  command.add_flag("--json", &options->json, "Print JSON");
  command.footer("\nExample:\n  emptor feed shop.emptor --after 120 --json");
  command.runs([options] { return run_feed(*options); });
}

}  // namespace emptor::cli
