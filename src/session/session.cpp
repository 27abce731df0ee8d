#include "emptor/session/session.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "emptor/core/error.hpp"
#include "emptor/session/read_log.hpp"
#include "session/derive.hpp"
#include "session/past_reader.hpp"
#include "session/rights/guard.hpp"
#include "session/rights/rights_book.hpp"
#include "session/search/index.hpp"
#include "session/session_state.hpp"
#include "session/tell.hpp"

namespace emptor {
Session::Session(Store& store, SessionOptions options) {
  if (options.actor.user && options.actor.customer)
    throw Error(Code::misuse, "an actor is a user or a customer", "open a session for each");
  if (!options.clock) options.clock = system_clock();
  if (!options.entropy) options.entropy = system_entropy();
  if (!options.executor.run) options.executor = serial_executor();
  state_ = std::make_unique<State>(store, std::move(options));
}

Session::~Session() = default;

void Session::State::refuse_self_service() const {
  if (options.actor.customer)
    throw Error(Code::denied, "a customer acts on their own page only", "open the session without a customer");
}

Store& Session::store() const noexcept { return state_->store; }
const SessionOptions& Session::options() const noexcept { return state_->options; }
Instant Session::now() const { return state_->options.clock(); }

View Session::view() const {
  std::unique_ptr<Reader> reader = state_->store.read();
  RightsPtr known = rights(*reader);
  if (state_->as_of) state_->refuse_self_service();
  std::shared_ptr<ReadLog> log = state_->log_of(*reader);
  const auto logged = [&](View view) {
    view.log_ = std::move(log);
    return view;
  };
  if (!state_->as_of) return logged(View(std::move(reader), std::move(known), state_->purpose));
  return logged(View::partial(std::make_unique<PastReader>(std::move(reader), known, state_->purpose, *state_->as_of),
                              known, state_->purpose));
}

std::shared_ptr<ReadLog> Session::State::log_of(Reader& reader) {
  if (!options.actor.user) return nullptr;
  if (const std::int64_t position = reader.info().position; position != reads_position) {
    reads_count = reads_are_logged(reader);
    reads_position = position;
  }
  if (!reads_count) return nullptr;
  if (!reads) reads = std::make_shared<ReadLog>(store, options, reader.info().zone);
  return reads;
}

void Session::State::commit(Writer& writer) { reads ? reads->commit(writer) : writer.commit(); }

RightsPtr Session::rights(Reader& reader) const {
  const Actor& actor = state_->options.actor;
  if (!actor.user && !actor.customer) return nullptr;
  const auto book = state_->store.kept<RightsBook>();
  if (!actor.customer && !book->in_force(reader)) return nullptr;
  const Date today = Zone::of(reader.info().zone).date_of(now());
  return actor.customer ? book->of(reader, SelfService{actor.customer}, today) : book->of(reader, actor.user, today);
}

Purpose::Purpose(Session& session, Action action, std::string_view entity)
    : session_(session), before_(session.state_->purpose) {
  const std::unique_ptr<Reader> reader = session.store().read();
  const RightsPtr rights = session.rights(*reader);
  require_some(rights.get(), reader->schema()->entity(entity), action);
  session.state_->purpose = action;
}

Purpose::~Purpose() { session_.state_->purpose = before_; }

AsOf::AsOf(Session& session, Instant at) : session_(session), before_(session.state_->as_of) {
  session.state_->as_of = at;
}

AsOf::~AsOf() { session_.state_->as_of = before_; }

void Session::require_system(std::string_view refusal) const {
  state_->refuse_self_service();
  if (state_->options.actor.user) throw Error(Code::denied, std::string(refusal), "open the session without a user");
}

void Session::enforce_rights() {
  require_system("only the system puts rights in force");
  const std::unique_ptr<Writer> writer = state_->store.write();
  if (writer->setting(rights_setting) == "on") return;
  writer->set_setting(rights_setting, "on");
  writer->commit();
  tell(*this, LogLevel::info, "rights are in force");
}

std::vector<ScoreNow> Session::scores_now(const View& view, Id customer) const {
  // What is kept of a customer stands for all of their records, and for the present.
  if (view.restricted() || state_->as_of) return {};
  const auto all = derivations();
  State& state = *state_;
  state.seen.resize(all.size());
  if (state.seen_position != view.info().position)
    for (DerivationMemory& memory : state.seen) memory.current = false;
  state.seen_position = view.info().position;
  std::vector<ScoreNow> scores;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].scores_now)
      std::ranges::move(all[i].scores_now(view, customer, now(), state.seen[i]), std::back_inserter(scores));
  return scores;
}

void Session::begin_load(std::span<const std::string_view> entities) {
  state_->refuse_self_service();
  const std::unique_ptr<Writer> writer = state_->store.write();
  for (const std::string_view name : entities) writer->drop_indexes(writer->schema()->entity(name));
  mark_derivations_behind(*writer);
  writer->commit();
  state_->loading = true;
  tell(*this, LogLevel::debug, "a large load begins");
}

void Session::break_off_load() noexcept {
  state_->loading = false;
  state_->derivations_ready = false;
}

void Session::settle() {
  state_->refuse_self_service();
  tell(*this, LogLevel::debug, "what was left behind is settled");
  const bool load = std::exchange(state_->loading, false);
  // One index a commit: the log stays short and other writers get their turns.
  for (bool more = load; more;) {
    const std::unique_ptr<Writer> writer = state_->store.write();
    more = writer->restore_index();
    if (more) writer->commit();
  }
  // Nor is the search index more than a segment behind.
  for (bool more = true; more;) {
    const std::unique_ptr<Writer> writer = state_->store.write();
    more = seek::extend_index(*writer, *state_->store.kept<seek::SearchMemory>());
    if (more) writer->commit();
  }
  settle_load();
  for (bool more = true; more;) {
    const std::unique_ptr<Writer> writer = state_->store.write();
    state_->refresh(*writer);
    more = state_->settle_part(*writer, write_time(*writer));
    writer->commit();
    state_->cache.position = -1;
  }
}

// Derived records that a load left behind.
void Session::settle_load() {
  const std::unique_ptr<Writer> writer = state_->store.write();
  if (!derivations_behind(*writer)) return;
  state_->refresh(*writer);
  state_->doubt_memories();
  const TouchedRows rebuilt = prepare_derivations(*writer, false);
  if (any_touched(rebuilt)) state_->follow_rebuilt(*writer, rebuilt, write_time(*writer), follows_from_load);
  writer->commit();
}

std::string Session::define_field(const CustomField& field) {
  state_->refuse_self_service();
  const std::unique_ptr<Writer> writer = state_->store.write();
  const CatalogField declared = writer->schema()->custom(field);
  writer->add_field(declared);
  writer->commit();
  tell(*this, LogLevel::info, "field added: " + field.entity + "." + declared.name);
  return declared.name;
}

}  // namespace emptor
