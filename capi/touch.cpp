#include "argument.hpp"
#include "document.hpp"
#include "emptor/core/phone.hpp"
#include "emptor/desk/contact_allowed.hpp"
#include "emptor/desk/interaction_log.hpp"
#include "emptor/model/json.hpp"
#include "guard.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

std::string_view text_in(const emptor_text& text) { return capi::text_in(text.data, text.size); }

Interaction interaction_in(const emptor_interaction& from) {
  Interaction what;
  what.customer_id = Id{from.customer};
  what.contact_id = Id{from.contact};
  what.channel = optional_name(from.channel);
  what.direction = optional_name(from.direction);
  if (from.at != 0) what.at = Instant{from.at};
  if (from.duration_seconds >= 0) what.duration_seconds = from.duration_seconds;
  what.user_id = Id{from.user};
  what.outcome = text_in(from.outcome);
  what.subject = text_in(from.subject);
  what.body = text_in(from.body);
  what.attachment = text_in(from.attachment);
  what.thread = text_in(from.thread);
  what.next_step = text_in(from.next_step);
  what.campaign_id = Id{from.campaign};
  what.opportunity_id = Id{from.opportunity};
  what.case_id = Id{from.case_id};
  return what;
}

InteractionLogOptions log_options(const emptor_interaction& from) {
  if (from.durability != EMPTOR_DURABLE && from.durability != EMPTOR_GROUPED)
    throw Error(Code::invalid, "there is no such durability", "use EMPTOR_DURABLE or EMPTOR_GROUPED");
  InteractionLogOptions options;
  options.call_id = text_in(from.call_id);
  if (from.durability == EMPTOR_GROUPED) options.durability = Durability::normal;
  return options;
}

ContactAnswer ask(emptor_session* session, std::int64_t customer, const char* channel, const char* purpose,
                  std::int64_t at) {
  const Lease<SessionObject> object(session);
  const Instant when = at != 0 ? Instant{at} : object->session.now();
  const std::string_view by = name_in(channel);
  return contact_allowed(object->session.view(), Id{customer}, by, name_in(purpose), when);
}

std::string phone_json(const PhoneNumber& number) {
  std::string json;
  const auto member = [&](std::string_view name, std::string_view text) {
    if (text.empty()) return;
    json += json.empty() ? '{' : ',';
    append_json_text(json, name);
    json += ':';
    append_json_text(json, text);
  };
  member("state", name_of(number.state()));
  member("e164", number.e164());
  if (number.calling_code() != 0) member("calling_code", std::to_string(number.calling_code()));
  member("region", number.region());
  member("national", number.national());
  member("extension", number.extension());
  if (number.valid()) member("kind", name_of(number.kind()));
  return json + '}';
}

}  // namespace

extern "C" {

emptor_status emptor_interaction_log(emptor_session* session, const emptor_interaction* what, int64_t* id,
                                     emptor_error* error) {
  return guarded(error, [&] {
    std::int64_t& out = output(id);
    const Lease<SessionObject> object(session);
    if (what == nullptr) throw Error(Code::misuse, "the interaction is NULL", "pass a pointer to a struct");
    const auto given = options_in(what, emptor_interaction EMPTOR_INTERACTION_INIT);
    out = log_interaction(object->session, interaction_in(given), log_options(given)).id.value;
  });
}

emptor_status emptor_contact_allowed(emptor_session* session, int64_t customer, const char* channel,
                                     const char* purpose, int64_t at, int32_t* allowed, emptor_error* error) {
  return guarded(error, [&] {
    std::int32_t& out = output(allowed);
    out = ask(session, customer, channel, purpose, at).allowed ? 1 : 0;
  });
}

emptor_status emptor_contact_explain(emptor_session* session, int64_t customer, const char* channel,
                                     const char* purpose, int64_t at, emptor_document** answer, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(answer);
    out = hand_out_document(to_json(ask(session, customer, channel, purpose, at)));
  });
}

emptor_status emptor_phone_format(const char* number, size_t size, const char* default_region,
                                  emptor_document** document, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(document);
    const std::string_view text = capi::text_in(number, size);
    out = hand_out_document(phone_json(parse_phone(text, optional_name(default_region))));
  });
}

emptor_status emptor_known_customer(emptor_session* session, const char* number_or_email, size_t size,
                                    const char* default_region, emptor_document** answer, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(answer);
    const Lease<SessionObject> object(session);
    const std::string_view text = capi::text_in(number_or_email, size);
    out = hand_out_document(to_json(known_customer(object->session, text, optional_name(default_region))));
  });
}

}  // extern "C"
