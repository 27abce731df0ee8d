// A legal erasure: one write that empties what is personal, destroys the keys, takes words out of the search index and
// leaves a receipt; then the files are made clean of what they held.
#include "emptor/session/forget.hpp"

#include <algorithm>

#include "core/digest.hpp"
#include "core/long_call.hpp"
#include "core/varint.hpp"
#include "emptor/core/error.hpp"
#include "session/batch_row.hpp"
#include "session/forget/receipts.hpp"
#include "session/forget/subject.hpp"
#include "session/rights/guard.hpp"
#include "session/session_state.hpp"
#include "session/tell.hpp"

namespace emptor {
namespace {

using Counts = std::map<std::string, std::int64_t>;

class Stopwatch {
 public:
  std::chrono::microseconds passed() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration_cast<std::chrono::microseconds>(now - std::exchange(begin_, now));
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

void check_ground(const Schema& schema, const std::string& ground) {
  const Field& field = schema.entity(ErasureReceipt::entity_name).field("ground");
  if (std::ranges::find(field.choices, ground) != field.choices.end()) return;
  throw Error(Problem{Code::invalid,
                      "the value is not one of the allowed ones",
                      std::string(ErasureReceipt::entity_name),
                      field.name,
                      {},
                      "use request, withdrawn, expired, court or other"});
}

void count(const Subject& subject, Forgotten& forgotten) {
  for (const Subject::Found& found : subject.records())
    ++(is_wholly_personal(*found.entity) ? forgotten.emptied : forgotten.kept)[found.entity->name];
}

// {"consent":"2","order":"31"}
std::string counts_text(const Forgotten& forgotten) {
  Counts all = forgotten.kept;
  all.insert(forgotten.emptied.begin(), forgotten.emptied.end());
  std::string text = "{";
  for (const auto& [entity, number] : all)
    text += (text.size() > 1 ? ",\"" : "\"") + entity + "\":\"" + std::to_string(number) + '"';
  return text + "}";
}

std::string digest_of(const Subject& subject) {
  std::string numbers;
  for (const Subject::Found& found : subject.records()) {
    append_varint(numbers, found.entity->number);
    append_varint(numbers, static_cast<std::uint64_t>(found.id().value));
  }
  const Hash hash = blake2b(numbers);
  return std::string(view_of(hash));
}

void plan_rows(const Subject& subject, Instant at, Plan& plan) {
  for (const Subject::Found& found : subject.records()) {
    beat("records");
    const std::vector<Value> before = row_of(*found.batch, found.row);
    std::vector<Value> after = before;
    empty_row(*found.entity, at, after);
    plan.forget(*found.entity, before, after);
  }
}

// What cannot be told to who reads not all there is: it counts records that they may not see.
Forgotten told_to(const RightsPtr& rights, const Schema& schema, Forgotten forgotten) {
  if (!rights) return forgotten;
  std::erase_if(forgotten.emptied, [&](const auto& each) { return !rights->reads_all(schema.entity(each.first)); });
  std::erase_if(forgotten.kept, [&](const auto& each) { return !rights->reads_all(schema.entity(each.first)); });
  for (ErasureReceipt& receipt : forgotten.receipts) receipt = receipt_told_to(*rights, schema, std::move(receipt));
  return forgotten;
}

}  // namespace

// Rows, keys, index and receipts, in one commit.
void Session::State::erase(Writer& writer, const Subject& subject, Instant at, const std::string& ground,
                           Forgotten& forgotten) {
  Plan plan(writer, cache);
  plan_rows(subject, at, plan);
  follow_due(writer, at, plan);
  JournalEntry entry;
  entry.at = at;
  entry.actor = acting();
  entry.reason = std::string(erasure_reason) + ground;
  const std::int64_t version = writer.next_version();
  std::vector<std::string> origins;
  for (const Id customer : subject.customers()) origins.push_back(origin_of(writer, customer));
  keys.prepare(writer);
  keys.renew(writer, subject.customers(), version);
  write(writer, plan, entry, false);
  for (std::size_t i = 0; i < subject.customers().size(); ++i) {
    ErasureReceipt receipt;
    receipt.subject_id = subject.customers()[i];
    receipt.erased_at = at;
    receipt.user_id = options.actor.user;
    receipt.ground = ground;
    receipt.origin = origins[i];
    receipt.position = version;
    if (i == 0) {
      receipt.records = static_cast<std::int64_t>(subject.records().size());
      receipt.digest.value = digest_of(subject);
      receipt.counts = counts_text(forgotten);
    }
    forgotten.receipts.push_back(std::move(receipt));
  }
  keep_receipts(writer, forgotten.receipts);
  erased = std::to_string(version);
  writer.set_setting(erased_setting, erased);
  commit(writer);
}

Forgotten Session::forget_customer(Id customer, const ForgetOptions& options) {
  State& state = *state_;
  state.refuse_self_service();
  if (state.as_of) throw Error(Code::misuse, "the past cannot be written", "forget them in the present");
  if (state.loading) throw Error(Code::misuse, "nobody is forgotten while this session loads", "settle the load first");
  const LongCall call(options.progress ? options.progress : state.options.progress);
  Stopwatch watch;
  Forgotten forgotten;
  RightsPtr allowed;
  SchemaPtr schema;
  try {
    const std::unique_ptr<Writer> writer = state.store.write();
    schema = writer->schema();
    allowed = rights(*writer);
    require_erasing(allowed.get(), *schema);
    check_ground(*schema, options.ground);
    if (options.dry_run) {
      count(Subject(*writer, customer), forgotten);
      return told_to(allowed, *schema, std::move(forgotten));
    }
    prepare(*writer);
    const Subject subject(*writer, customer);
    count(subject, forgotten);
    state.erase(*writer, subject, write_time(*writer), options.ground, forgotten);
  } catch (...) {
    forget_what_was_learnt();
    throw;
  }
  forgotten.index_time = std::chrono::duration_cast<std::chrono::microseconds>(state.index_time);
  forgotten.records_time = watch.passed() - forgotten.index_time;
  drop_what_was_read();
  try {
    if (options.clean) forgotten.clean = clean_files(options.wait, forgotten.receipts);
  } catch (const Error& error) {  // the erasure stands: its receipt is to be had, and says what is left to do
    tell(*this, LogLevel::warning, "files could not be cleaned: " + error.first().message);
  }
  forgotten.purge_time = watch.passed();
  tell(*this, LogLevel::info, forgotten.clean ? "a customer was forgotten" : "a customer was forgotten; files wait");
  return told_to(allowed, *schema, std::move(forgotten));
}

// What this process has at hand of any customer is read again.
void Session::drop_what_was_read() {
  forget_what_was_learnt();
  state_->memories.clear();
  state_->seen.clear();
  state_->cache.batches.clear();
  state_->store.drop_kept();
}

// The receipts say so once the files are clean.
bool Session::clean_files(std::chrono::milliseconds wait, std::vector<ErasureReceipt>& receipts) {
  if (!state_->store.purge(wait)) return false;
  const std::unique_ptr<Writer> writer = state_->store.write();
  for (ErasureReceipt& receipt : receipts) receipt.cleaned_at = now();
  keep_receipts(*writer, receipts);
  writer->commit();
  return true;
}

std::size_t Session::finish_forgetting(std::chrono::milliseconds wait) {
  state_->refuse_self_service();
  std::vector<ErasureReceipt> waiting;
  {
    const std::unique_ptr<Reader> reader = state_->store.read();
    require_erasing(rights(*reader).get(), *reader->schema());
    waiting = all_receipts(*reader);
  }
  std::erase_if(waiting, [](const ErasureReceipt& receipt) { return receipt.cleaned_at.has_value(); });
  return waiting.empty() || clean_files(wait, waiting) ? 0 : waiting.size();
}

std::span<const std::string_view> beyond_erasure() noexcept {
  static constexpr std::string_view places[] = {
      "backups and copies made before: restore none of them without applying the receipts again",
      "on a PostgreSQL server: rows that were replaced until VACUUM has cleared them, its write-ahead log and archives",
      "in a host's own store: what it keeps of values that were replaced, until it is compacted",
      "files that were imported, exports, reports and files of refused lines made before",
      "what other systems took from the feed",
      "texts of the host's own in the journal: reasons and operation ids",
      "fields that are not described as personal, and their earlier values",
      "states of models fitted before that name groups by values of fields: run the insights again",
      "what notes of other customers say about them"};
  return places;
}

}  // namespace emptor
