#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <cstdint>

#include "bind.hpp"
#include "document.hpp"
#include "session.hpp"
#include "value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {
namespace {

using Name = std::optional<std::string>;
using CardHandle = std::unique_ptr<emptor_card, Closing<emptor_card_free>>;

/// How much of a card is read.
struct CardSettings {
  Name region;
  double deadline = 0;
  std::int32_t lines = 0;

  emptor_card_options view() const {
    emptor_card_options options = EMPTOR_CARD_OPTIONS_INIT;
    options.default_region = name_or_null(region);
    options.deadline_us = static_cast<std::int64_t>(deadline * 1'000'000);
    options.max_lines = lines;
    return options;
  }
};

/// Reads a card by call(session, &options, &card, &error).
template <class Call>
Answer card_of(Session& session, const CardSettings& settings, Call&& call) {
  const emptor_card_options options = settings.view();
  emptor_card* card = nullptr;
  session.run([&](emptor_session* in, emptor_error* error) { return call(in, &options, &card, error); });
  const CardHandle handle(card);
  emptor_text json{};
  check_call([&](emptor_error* error) { return emptor_card_json(card, &json, error); });
  return nb::cast<Answer>(report_of(view_of(json)));
}

Answer card_by_number(Session& session, const std::string& number, const Name& region, double deadline,
                      std::int32_t lines) {
  return card_of(session, {region, deadline, lines}, [&](auto* in, auto* options, auto** card, auto* error) {
    return emptor_caller_card(in, number.data(), number.size(), options, card, error);
  });
}

Answer card_by_email(Session& session, const std::string& email, double deadline, std::int32_t lines) {
  return card_of(session, {{}, deadline, lines}, [&](auto* in, auto* options, auto** card, auto* error) {
    return emptor_card_by_email(in, email.data(), email.size(), options, card, error);
  });
}

Answer card_by_identity(Session& session, const std::string& system, const std::string& id, double deadline,
                        std::int32_t lines) {
  return card_of(session, {{}, deadline, lines}, [&](auto* in, auto* options, auto** card, auto* error) {
    return emptor_card_by_identity(in, system.c_str(), id.data(), id.size(), options, card, error);
  });
}

Answer card_of_customer(Session& session, std::int64_t customer, double deadline, std::int32_t lines) {
  return card_of(session, {{}, deadline, lines}, [&](auto* in, auto* options, auto** card, auto* error) {
    return emptor_card_of(in, customer, options, card, error);
  });
}

Answer profile(Session& session, std::int64_t customer, const Name& entity, const Name& after, nb::handle from,
               nb::handle until, std::int32_t page_size) {
  emptor_profile_options options = EMPTOR_PROFILE_OPTIONS_INIT;
  options.entity = name_or_null(entity);
  options.after = name_or_null(after);
  if (!from.is_none()) options.from = micros_of(from);
  if (!until.is_none()) options.until = micros_of(until);
  options.page_size = page_size;
  return document_of(session, [&](auto* in, auto** document, auto* error) {
    return emptor_profile(in, customer, &options, document, error);
  });
}

Answer known_customer(Session& session, const std::string& who, const Name& region) {
  return document_of(session, [&](auto* in, auto** answer, auto* error) {
    return emptor_known_customer(in, who.data(), who.size(), name_or_null(region), answer, error);
  });
}

std::int64_t micros_or_now(nb::handle at) { return at.is_none() ? 0 : micros_of(at); }

bool contact_allowed(Session& session, std::int64_t customer, const std::string& channel, const std::string& purpose,
                     nb::handle at) {
  const std::int64_t when = micros_or_now(at);
  std::int32_t allowed = 0;
  session.run([&](auto* in, auto* error) {
    return emptor_contact_allowed(in, customer, channel.c_str(), purpose.c_str(), when, &allowed, error);
  });
  return allowed != 0;
}

Answer contact_explain(Session& session, std::int64_t customer, const std::string& channel, const std::string& purpose,
                       nb::handle at) {
  const std::int64_t when = micros_or_now(at);
  return document_of(session, [&](auto* in, auto** answer, auto* error) {
    return emptor_contact_explain(in, customer, channel.c_str(), purpose.c_str(), when, answer, error);
  });
}

emptor_text text_of(const Name& text) { return text ? emptor_text{text->data(), text->size()} : emptor_text{"", 0}; }

std::int64_t log_interaction(Session& session, const Name& call_id, std::int64_t customer, std::int64_t contact,
                             const Name& channel, const Name& direction, nb::handle at,
                             std::optional<std::int64_t> duration, std::int64_t user, const Name& outcome,
                             const Name& subject, const Name& body, const Name& attachment, const Name& thread,
                             const Name& next_step, std::int64_t campaign, std::int64_t opportunity,
                             std::int64_t case_id, bool durable) {
  emptor_interaction what = EMPTOR_INTERACTION_INIT;
  what.call_id = text_of(call_id);
  what.customer = customer;
  what.contact = contact;
  what.channel = name_or_null(channel);
  what.direction = name_or_null(direction);
  what.at = micros_or_now(at);
  what.duration_seconds = duration.value_or(-1);
  what.user = user;
  what.outcome = text_of(outcome);
  what.subject = text_of(subject);
  what.body = text_of(body);
  what.attachment = text_of(attachment);
  what.thread = text_of(thread);
  what.next_step = text_of(next_step);
  what.campaign = campaign;
  what.opportunity = opportunity;
  what.case_id = case_id;
  what.durability = durable ? EMPTOR_DURABLE : EMPTOR_GROUPED;
  std::int64_t id = 0;
  session.run([&](auto* in, auto* error) { return emptor_interaction_log(in, &what, &id, error); });
  return id;
}

Answer statistics(Session& session, bool revenue) {
  return document_of(session, [&](auto* in, auto** answer, auto* error) {
    return emptor_statistics(in, revenue ? 1 : 0, answer, error);
  });
}

void bind_cards(nb::class_<Session>& session) {
  session
      .def(
          "card", card_by_number, "number"_a, nb::kw_only(), "region"_a = nb::none(), "deadline"_a = 0.0, "lines"_a = 0,
          "Who is on the line: state (unknown, known, ambiguous, withheld, blocked), identity, last orders and "
          "touches,\n"
          "open cases, blocks, consents, scores and next steps, from one snapshot. The number may be in any notation;\n"
          "`region` (ISO 3166) is where numbers without a country are at home. After `deadline` seconds (0: none) the\n"
          "card is given as far as it is. `lines` is the most lines of each section, up to 100; 0 means 5.")
      .def("card_by_email", card_by_email, "email"_a, nb::kw_only(), "deadline"_a = 0.0, "lines"_a = 0,
           "The card of whoever has this address.")
      .def("card_by_identity", card_by_identity, "system"_a, "external_id"_a, nb::kw_only(), "deadline"_a = 0.0,
           "lines"_a = 0, "The card of the customer whom another system knows by this id.")
      .def("card_of", card_of_customer, "customer"_a, nb::kw_only(), "deadline"_a = 0.0, "lines"_a = 0,
           "The card of a customer by id.")
      .def("known_customer", known_customer, "number_or_email"_a, nb::kw_only(), "region"_a = nb::none(),
           "Whether somebody is known by a number or an address, and who dealt with them last.")
      .def("profile", profile, "customer"_a, nb::kw_only(), "entity"_a = nb::none(), "after"_a = nb::none(),
           "start"_a = nb::none(), "until"_a = nb::none(), "page_size"_a = 0,
           "Everything that is recorded about a customer, in sections, newest first. `entity` asks for one section, "
           "`after`\n"
           "goes on where it ended (its 'next'); `start` and `until` are aware datetimes. `page_size` is the most\n"
           "records of each section, up to 10,000; 0 means 20.");
}

void bind_contacts(nb::class_<Session>& session) {
  session
      .def("log_interaction", log_interaction, nb::kw_only(), "call_id"_a = nb::none(), "customer"_a = 0,
           "contact"_a = 0, "channel"_a = nb::none(), "direction"_a = nb::none(), "at"_a = nb::none(),
           "duration"_a = nb::none(), "user"_a = 0, "outcome"_a = nb::none(), "subject"_a = nb::none(),
           "body"_a = nb::none(), "attachment"_a = nb::none(), "thread"_a = nb::none(), "next_step"_a = nb::none(),
           "campaign"_a = 0, "opportunity"_a = 0, "case_id"_a = 0, "durable"_a = true,
           "Logs a contact as one commit and returns the interaction's id. `call_id` is what the telephone system "
           "calls\n"
           "it: it is logged once, however often. `at` is an aware datetime (now unless given), `duration` is in\n"
           "seconds. Unless `durable`, the commit does not wait for the disk: it survives the end of the process, and\n"
           "loss of power after a later commit or Store.sync().")
      .def("contact_allowed", contact_allowed, "customer"_a, "channel"_a, "purpose"_a, "at"_a = nb::none(),
           "Whether a customer may be contacted by this channel for this purpose at an instant (now unless given), by "
           "what\n"
           "they stated and by blocks.")
      .def("contact_explain", contact_explain, "customer"_a, "channel"_a, "purpose"_a, "at"_a = nb::none(),
           "The same with its reason, and the record that says so.")
      .def("statistics", statistics, "revenue"_a = false,
           "How much there is of everything. `revenue` also sums the lines of every month, which reads all of them.");
}

}  // namespace

void bind_desk(nb::class_<Session>& session) {
  bind_cards(session);
  bind_contacts(session);
}

}  // namespace emptor::python
