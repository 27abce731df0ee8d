#include "cli/transfer.hpp"

#include <charconv>

#include "cli/text_table.hpp"

namespace emptor::cli {

void add_transfer_flags(const Command& command, TransferFlags& flags) {
  command.add_option("STORE", &flags.store, "The store: a file or a URL").required();
  command.add_flag("--dry-run", &flags.dry_run, "Check and tell, write nothing");
  command.add_option("--op-id", &flags.op_id, "Applied once, however often it is sent");
  command.add_option("--reason", &flags.reason, "Kept in the journal; no personal data");
  command.add_option("--language", &flags.language, "Of the words: en or zh");
  command.add_flag("--json", &flags.json, "Print JSON");
}

void print_answer(const TransferFlags& flags, const std::string& json) {
  print(flags.json ? json + "\n" : text_of_json(json));
}

std::vector<Id> ids_of(const std::vector<std::string>& texts) {
  std::vector<Id> ids;
  for (const std::string& text : texts) {
    Id id;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), id.value);
    if (wrong != std::errc() || end != text.data() + text.size() || id.value < 1)
      fail(Exit::usage, "an id is a whole number from 1");
    ids.push_back(id);
  }
  return ids;
}

}  // namespace emptor::cli
