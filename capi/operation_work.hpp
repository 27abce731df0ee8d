/// What the operations do, one function each.
#pragma once

#include "emptor/insight/insight.hpp"
#include "operation_table.hpp"

namespace emptor {
class ReplacedFile;
}

namespace emptor::capi {

/// A text that must be given. Throws Code::invalid.
std::string needed(const OptionReader& options, std::string_view name);
/// Puts a file that was written in its place. Throws Code::io.
void finish(ReplacedFile& file);

OperationAnswer run_import(Session& session, const OptionReader& options, bool table);
/// What is wrong with files, without importing them.
OperationAnswer run_problems(Session& session, const OptionReader& options, bool table);
OperationAnswer run_export(Session& session, const OptionReader& options, bool table);
OperationAnswer run_verify(Session& session, const OptionReader& options, bool table);
OperationAnswer run_feed(Session& session, const OptionReader& options, bool table);
OperationAnswer run_feed_payloads(Session& session, const OptionReader& options, bool);
OperationAnswer run_feed_schema(Session& session, const OptionReader& options, bool);
OperationAnswer run_backup(Session& session, const OptionReader& options, bool table);
OperationAnswer run_copy(Session& session, const OptionReader& options, bool table);
OperationAnswer run_join_copy(Session& session, const OptionReader& options, bool table);
OperationAnswer run_seal_fields(Session& session, const OptionReader& options, bool table);
OperationAnswer run_rotate_keys(Session& session, const OptionReader& options, bool table);
OperationAnswer run_state_hash(Session& session, const OptionReader& options, bool table);
OperationAnswer run_report(Session& session, const OptionReader& options, bool table);
OperationAnswer run_generate(Session& session, const OptionReader& options, bool table);
OperationAnswer run_statistics(Session& session, const OptionReader& options, bool table);
OperationAnswer run_live(Session& session, const OptionReader& options, bool table);
OperationAnswer run_live_models(Session& session, const OptionReader& options, bool table);
OperationAnswer run_live_scores(Session& session, const OptionReader& options, bool table);
/// All insights, within budgets.
OperationAnswer run_analyse(Session& session, const OptionReader& options, bool table);
OperationAnswer run_one_insight(const InsightEntry& entry, Session& session, const OptionReader& options, bool table);

}  // namespace emptor::capi
