/// Portability: all that is recorded of one customer, as one JSON document that a store takes back, or as CSV files.
///
///     const std::string document = export_customer(session.view(), ada);
///     const Receipt taken = import_customer(elsewhere, document);
///
/// Everything the actor may export: the customer, what is theirs (tags, consents, custom fields and identities
/// included) and, so that it means something elsewhere, the products, campaigns and the like that it refers to. What
/// was computed about them (scores, alerts ...) is not theirs to carry; other people are not in it
/// (docs/forgetting.md).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "emptor/desk/export.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct PortabilityOptions {
  bool with_deleted = true;  ///< list deleted records too: they are still kept; no store takes them back
};

/// {"format":"emptor customer 1","customer":"5","currency":"EUR","custom_fields":[..],"records":[{"entity":"customer",
/// "id":"5","fields":{..}},..],"referred":[..],"deleted":[..]}. Throws Code::not_found, and Code::denied as export_csv.
std::string export_customer(const View& view, Id customer, const PortabilityOptions& options = {});
/// Takes such a document into a store, as one change set; custom fields that are missing are defined first. Products
/// and the like that the store knows by their identities are those of the store. A reference to what is not in it is
/// left out, and so is a record that cannot be without one (a relationship). Throws Code::invalid for a text that is no
/// such document, Code::duplicate where the customer is there already by an identity, Code::denied for an actor without
/// the permission `import`, and what `Session::apply` throws.
Receipt import_customer(Session& session, std::string_view document, const ApplyOptions& options = {});

/// Makes the sink of a file that is named after its entity.
using SinkOfEntity = std::function<TextSink(std::string_view entity)>;
/// The customer's records as CSV, as export_csv writes them: one file for each entity that they have any of, of the
/// fields that are filled, for spreadsheets and other systems. Identities are in the document alone. Returns how many
/// records.
std::uint64_t export_customer_csv(const View& view, Id customer, const SinkOfEntity& sink_of);

}  // namespace emptor
