/// What the commands that give customers to somebody share.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "emptor/core/language.hpp"
#include "emptor/desk/ownership.hpp"

namespace emptor::cli {

struct TransferFlags {
  std::string store, op_id, reason, language = "en";
  bool dry_run = false, json = false;

  TransferOptions options() const { return {dry_run, op_id, reason}; }
  Language in() const { return language == "zh" ? Language::chinese : Language::english; }
};

/// STORE, --dry-run, --op-id, --reason, --language and --json.
void add_transfer_flags(const Command& command, TransferFlags& flags);
/// Prints an answer as it was asked for.
void print_answer(const TransferFlags& flags, const std::string& json);
/// The ids that were written; Exit::usage for what is none.
std::vector<Id> ids_of(const std::vector<std::string>& texts);

}  // namespace emptor::cli
