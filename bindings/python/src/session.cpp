#include "session.hpp"

namespace nb = nanobind;

namespace emptor::python {

Session::Session(StorePtr store, HostPtr host, emptor_session_options options)
    : store_(std::move(store)), host_(std::move(host)) {
  host_->join(options);
  check_call([&](emptor_error* error) { return emptor_session_open(store_->handle(), &options, &handle_, error); });
}

Session::~Session() {
  // The last reference may go in any thread, in that of the garbage collector too.
  if (owner_ != std::this_thread::get_id()) emptor_session_adopt(handle_, nullptr);
  emptor_session_close(handle_, nullptr);
}

Session::Turn::Turn(Session& session) : session_(session) {
  if (session.handle_ == nullptr) raise(EMPTOR_MISUSE, "the session is closed", "open another");
  if (session.busy_)
    raise(EMPTOR_MISUSE, "the session is at work", "open a session for each thread, and use none in its own callbacks");
  if (session.owner_ != std::this_thread::get_id()) {
    check_call([&](emptor_error* error) { return emptor_session_adopt(session.handle_, error); });
    session.owner_ = std::this_thread::get_id();
  }
  session.busy_ = true;
}

void Session::close() {
  if (handle_ == nullptr) return;
  run([](emptor_session* session, emptor_error* error) { return emptor_session_close(session, error); });
  handle_ = nullptr;
}

EntityPtr Session::entity(const std::string& name) {
  const Turn turn(*this);
  return entities_.get(handle_, name);
}

Record Session::make(const std::string& name) {
  EntityPtr of = entity(name);
  const Turn turn(*this);
  return new_record(handle_, std::move(of));
}

}  // namespace emptor::python
