/// Portability: all that is recorded of one customer, as one JSON document or as CSV files, which a store takes back.
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

/// Makes the sink of a file, which is to have this name and ".csv".
using SinkOfEntity = std::function<TextSink(std::string_view name)>;
/// The same as CSV files: one for each entity of which anything goes along, of the fields that are filled, besides
/// `portability` (the format) and `custom_fields`. Deleted records are rows with a `deleted_at`. Texts that a
/// spreadsheet would run are guarded, as export_csv does. Returns how many records.
std::uint64_t export_customer_csv(const View& view, Id customer, const SinkOfEntity& sink_of,
                                  const PortabilityOptions& options = {});
/// Takes the folder that has these files into a store, as import_customer takes the document. Throws Code::invalid,
/// with file, column and line, for what was not so written.
Receipt import_customer_csv(Session& session, const std::string& folder, const ApplyOptions& options = {});

}  // namespace emptor
