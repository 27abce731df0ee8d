// What one customer takes along, between a store and the texts that it travels in: one JSON document, or CSV files.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/belongings.hpp"
#include "emptor/desk/portability.hpp"

namespace emptor::desk {

/// The format that the texts say they are in.
inline constexpr std::string_view document_format = "emptor customer 1";

/// What was read. Ids are those of the store that it came from. Its records need a schema that has the custom fields.
struct CustomerDocument {
  std::string currency;
  std::vector<CustomField> custom_fields;
  std::function<std::vector<Record>(const SchemaPtr&)> records;
};

/// The custom fields of a schema, as a document lists them.
std::vector<CustomField> custom_fields_of(const Schema& schema);
/// Throws Code::invalid, as all that read do.
Type type_of_name(std::string_view name);

std::string to_customer_json(const Schema& schema, const Belongings& all, std::string_view currency, Id customer,
                             bool with_deleted);
CustomerDocument from_customer_json(std::string_view text);

/// Returns how many records were written.
std::uint64_t write_customer_csv(const Schema& schema, const Belongings& all, std::string_view currency, Id customer,
                                 bool with_deleted, const SinkOfEntity& sink_of);
CustomerDocument read_customer_csv(const std::string& folder);

}  // namespace emptor::desk
