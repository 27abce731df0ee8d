#include "argument.hpp"
#include "emptor/desk/caller_card.hpp"
#include "guard.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

CardOptions card_options(const emptor_card_options* from) {
  const auto given = options_in(from, emptor_card_options EMPTOR_CARD_OPTIONS_INIT);
  CardOptions options;
  options.default_region = optional_name(given.default_region);
  options.deadline_us = given.deadline_us;
  if (given.max_lines < 0) throw Error(Code::invalid, "max_lines is negative");
  if (given.max_lines > 0) options.max_lines = static_cast<std::size_t>(given.max_lines);
  return options;
}

/// The common frame of the four ways to a card.
template <class Read>
emptor_status give_card(emptor_session* session, const emptor_card_options* options, emptor_card** card,
                        emptor_error* error, const Read& read) {
  return guarded(error, [&] {
    emptor_card*& out = output(card);
    const Lease<SessionObject> object(session);
    auto fresh = std::make_unique<CardObject>();
    fresh->card = read(object->session, card_options(options));
    out = hand_out<emptor_card>(std::move(fresh));
  });
}

void tell_moment(const std::optional<Instant>& from, std::int64_t& at, std::int32_t& present) {
  present = from ? 1 : 0;
  at = from ? from->micros : 0;
}

std::uint32_t mask_of(const std::array<bool, card_sections>& marks) {
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < card_sections; ++i) mask |= static_cast<std::uint32_t>(marks[i]) << i;
  return mask;
}

void tell(const CallerCard& card, emptor_card_view& out) {
  out.state = static_cast<std::int32_t>(card.state);
  out.complete = card.complete ? 1 : 0;
  out.position = card.position;
  out.customer = card.customer.value;
  out.name = text_out(card.name);
  out.kind = text_out(card.kind);
  out.stage = text_out(card.stage);
  out.tier = text_out(card.tier);
  out.segment = text_out(card.segment);
  out.country = text_out(card.country);
  out.language = text_out(card.language);
  out.preferred_channel = text_out(card.preferred_channel);
  out.matched = text_out(card.matched);
  out.owner = card.owner.value;
  out.owner_name = text_out(card.owner_name);
  tell_moment(card.since, out.since, out.has_since);
  tell_moment(card.last_touch_at, out.last_touch_at, out.has_last_touch);
  out.last_user = card.last_user.value;
  out.last_user_name = text_out(card.last_user_name);
  out.more = mask_of(card.more);
  out.cut = mask_of(card.cut);
  for (std::size_t i = 0; i < card_sections; ++i) out.counts[i] = card.sections[i].size();
}

void tell(const CardLine& line, emptor_card_line& out) {
  out.entity = text_out(line.entity);
  out.id = line.id.value;
  tell_moment(line.at, out.at, out.has_at);
  out.title = text_out(line.title);
  out.state = text_out(line.state);
  out.channel = text_out(line.channel);
  out.direction = text_out(line.direction);
  out.note = text_out(line.note);
  out.user = line.user.value;
  out.user_name = text_out(line.user_name);
  out.has_amount = line.amount ? 1 : 0;
  out.amount_micros = line.amount ? line.amount->micros() : 0;
  out.has_value = line.value ? 1 : 0;
  out.value = line.value.value_or(0);
}

}  // namespace

extern "C" {

emptor_status emptor_caller_card(emptor_session* session, const char* number, size_t number_size,
                                 const emptor_card_options* options, emptor_card** card, emptor_error* error) {
  return give_card(session, options, card, error, [&](const Session& from, const CardOptions& chosen) {
    return caller_card(from, text_in(number, number_size), chosen);
  });
}

emptor_status emptor_card_by_email(emptor_session* session, const char* email, size_t email_size,
                                   const emptor_card_options* options, emptor_card** card, emptor_error* error) {
  return give_card(session, options, card, error, [&](const Session& from, const CardOptions& chosen) {
    return card_by_email(from, text_in(email, email_size), chosen);
  });
}

emptor_status emptor_card_by_identity(emptor_session* session, const char* system, const char* external_id,
                                      size_t external_id_size, const emptor_card_options* options, emptor_card** card,
                                      emptor_error* error) {
  return give_card(session, options, card, error, [&](const Session& from, const CardOptions& chosen) {
    const std::string_view of = name_in(system);
    return card_by_identity(from, of, text_in(external_id, external_id_size), chosen);
  });
}

emptor_status emptor_card_of(emptor_session* session, int64_t customer, const emptor_card_options* options,
                             emptor_card** card, emptor_error* error) {
  return give_card(session, options, card, error,
                   [&](const Session& from, const CardOptions& chosen) { return card_of(from, Id{customer}, chosen); });
}

emptor_status emptor_card_read(emptor_card* card, emptor_card_view* view, emptor_error* error) {
  return guarded(error, [&] {
    emptor_card_view& out = struct_out(view);
    tell(Lease<CardObject>(card)->card, out);
  });
}

emptor_status emptor_card_line_at(emptor_card* card, int32_t section, size_t index, emptor_card_line* line,
                                  emptor_error* error) {
  return guarded(error, [&] {
    emptor_card_line& out = struct_out(line);
    const Lease<CardObject> object(card);
    if (section < 0 || static_cast<std::size_t>(section) >= card_sections)
      throw Error(Code::invalid, "a card has no such section");
    const auto& lines = object->card.sections[static_cast<std::size_t>(section)];
    if (index >= lines.size()) throw Error(Code::not_found, "the index is not below the count");
    tell(lines[index], out);
  });
}

emptor_status emptor_card_json(emptor_card* card, emptor_text* json, emptor_error* error) {
  return guarded(error, [&] {
    emptor_text& out = output(json);
    const Lease<CardObject> object(card);
    if (object->json.empty()) object->json = to_json(object->card);
    out = text_out(object->json);
  });
}

emptor_status emptor_card_free(emptor_card* card, emptor_error* error) {
  return guarded(error, [&] { take_back<CardObject>(card); });
}

}  // extern "C"
