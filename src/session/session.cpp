#include "emptor/session/session.hpp"

#include <algorithm>
#include <iterator>

#include "session/derive.hpp"
#include "session/session_state.hpp"
#include "session/tell.hpp"

namespace emptor {

Session::Session(Store& store, SessionOptions options) {
  if (!options.clock) options.clock = system_clock();
  if (!options.entropy) options.entropy = system_entropy();
  if (!options.executor.run) options.executor = serial_executor();
  state_ = std::make_unique<State>(store, std::move(options));
}

Session::~Session() = default;

Store& Session::store() const noexcept { return state_->store; }
const SessionOptions& Session::options() const noexcept { return state_->options; }
Instant Session::now() const { return state_->options.clock(); }
View Session::view() const { return View(state_->store.read(), {}); }

std::vector<ScoreNow> Session::scores_now(const View& view, Id customer) const {
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
  tell(*this, LogLevel::debug, "a large load is settled");
  state_->loading = false;
  // One index a commit: the log stays short and other writers get their turns.
  for (bool more = true; more;) {
    const std::unique_ptr<Writer> writer = state_->store.write();
    more = writer->restore_index();
    if (more) writer->commit();
  }
  const std::unique_ptr<Writer> writer = state_->store.write();
  if (!derivations_behind(*writer)) return;
  state_->cache.refresh(*writer);
  state_->doubt_memories();
  const TouchedRows rebuilt = prepare_derivations(*writer, false);
  if (any_touched(rebuilt)) state_->follow_rebuilt(*writer, rebuilt, write_time(*writer));
  writer->commit();
}

std::string Session::define_field(const CustomField& field) {
  const std::unique_ptr<Writer> writer = state_->store.write();
  const CatalogField declared = writer->schema()->custom(field);
  writer->add_field(declared);
  writer->commit();
  tell(*this, LogLevel::info, "field added: " + field.entity + "." + declared.name);
  return declared.name;
}

}  // namespace emptor
