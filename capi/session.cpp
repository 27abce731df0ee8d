#include "argument.hpp"
#include "guard.hpp"
#include "host.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace emptor::capi {

const SchemaPtr& SessionObject::schema() {
  SchemaPtr now = session.view().schema_pointer();
  if (schemas.empty() || schemas.back()->version() != now->version()) schemas.push_back(std::move(now));
  return schemas.back();
}

}  // namespace emptor::capi

extern "C" {

emptor_status emptor_session_open(emptor_store* store, const emptor_session_options* options, emptor_session** session,
                                  emptor_error* error) {
  return guarded(error, [&] {
    emptor_session*& out = output(session);
    SessionOptions open = session_options(options_in(options, emptor_session_options EMPTOR_SESSION_OPTIONS_INIT));
    const Lease<StoreObject> object(store);
    out = hand_out<emptor_session>(std::make_unique<SessionObject>(object->open, std::move(open)));
  });
}

emptor_status emptor_session_close(emptor_session* session, emptor_error* error) {
  return guarded(error, [&] { take_back<SessionObject>(session); });
}

emptor_status emptor_session_adopt(emptor_session* session, emptor_error* error) {
  return guarded(error, [&] { adopt(reinterpret_cast<std::uintptr_t>(session)); });
}

}  // extern "C"
