#include "emptor/insight/facts.hpp"

#include <algorithm>
#include <cstdio>

#include "core/long_call.hpp"
#include "insight/facts/facts_delta.hpp"
#include "insight/facts/facts_file.hpp"
#include "insight/facts/facts_rows.hpp"
#include "insight/facts/facts_scan.hpp"
#include "session/tell.hpp"

namespace emptor {
namespace {

/// Empty where the store has no file for a base to stand beside.
std::string base_path(const Session& session, const FactsOptions& options) {
  const std::string store = options.persist ? session.store().path() : std::string();
  return store.empty() ? store : store + "-facts";
}

FactsIdentity identity_of(const View& view) {
  const StoreInfo& info = view.info();
  return {info.store_id, info.schema_version, info.position, info.head};
}

/// Whether the journal still has the entry that the base was written at: a file restored from a backup
/// has the same id and another history.
bool same_history(Session& session, const FactsIdentity& base) {
  if (base.position == 0) return base.head == Hash{};
  const std::vector<JournalEntry> entries = session.store().read()->journal(base.position - 1, 1);
  return !entries.empty() && entries.front().position == base.position && entries.front().hash == base.head;
}

std::optional<Facts> usable_base(Session& session, const View& view, const std::string& path) {
  if (path.empty()) return std::nullopt;
  std::optional<StoredFacts> stored = load_facts(path, session.options().executor);
  if (!stored) return std::nullopt;
  const StoreInfo& info = view.info();
  const FactsIdentity& base = stored->identity;
  if (base.store_id != info.store_id || base.schema_version != info.schema_version) return std::nullopt;
  if (base.position > info.position || !same_history(session, base)) return std::nullopt;
  return std::move(stored->facts);
}

Facts scan_facts(const View& view, const FactsOptions& options) {
  ScannedPurchases scanned = scan_purchases(view, options.progress);
  Facts facts = lay_out(std::move(scanned.rows));
  facts.position = view.info().position;
  facts.data_version = scanned.data_version;
  facts.schema_version = view.info().schema_version;
  return facts;
}

Facts rebuild(Session& session, const View& view, const std::string& path, const FactsOptions& options) {
  Facts facts = scan_facts(view, options);
  tell(session, LogLevel::info, "facts built anew: " + std::to_string(facts.rows) + " rows");
  if (!path.empty()) save_facts(path, identity_of(view), facts, session.options().executor);
  return facts;
}

/// Facts that grew a large second part become a new base.
Facts settled(Session& session, const View& view, const std::string& path, Facts facts) {
  if (!wants_compaction(facts)) return facts;
  Facts base = compact(facts);
  if (!path.empty()) save_facts(path, identity_of(view), base, session.options().executor);
  return base;
}

}  // namespace

std::optional<std::size_t> Facts::find(Id customer) const noexcept {
  const auto found = std::lower_bound(customers.begin(), customers.end(), customer.value);
  if (found == customers.end() || *found != customer.value) return std::nullopt;
  return static_cast<std::size_t>(found - customers.begin());
}

Facts read_facts(Session& session, const FactsOptions& options) {
  const LongCall call(options.progress ? options.progress : session.options().progress);
  const View view = session.view();
  if (view.restricted()) return scan_facts(view, options);  // the base knows everything, and is everybody's
  const std::string path = base_path(session, options);
  if (const std::optional<Facts> base = usable_base(session, view, path)) {
    if (std::optional<Facts> merged = merge_changes(view, *base))
      return settled(session, view, path, std::move(*merged));
  }
  return rebuild(session, view, path, options);
}

Facts refresh_facts(Session& session, const Facts& old, const FactsOptions& options) {
  const LongCall call(options.progress ? options.progress : session.options().progress);
  const View view = session.view();
  if (view.restricted()) return scan_facts(view, options);  // the base knows everything, and is everybody's
  const std::string path = base_path(session, options);
  const bool same_schema = old.schema_version == view.info().schema_version;
  if (same_schema && old.position <= view.info().position) {
    if (std::optional<Facts> merged = merge_changes(view, old)) return settled(session, view, path, std::move(*merged));
  }
  return rebuild(session, view, path, options);
}

void drop_facts(Session& session) {
  const std::string path = base_path(session, {});
  if (!path.empty()) std::remove(path.c_str());
}

}  // namespace emptor
