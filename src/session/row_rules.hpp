// What the library itself sets in a row, and what every row must satisfy: worked out once a schema.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/model/record.hpp"

namespace emptor {

/// The rules of one entity, as field numbers.
struct RowRules {
  struct Folded {
    FieldNumber source, key;
  };
  std::vector<Folded> folded;  ///< name -> name_key, value -> value_key
  /// Of a contact point, whose key is a telephone number's where its channel is a telephone's.
  struct Phone {
    FieldNumber channel, value, key;
    std::optional<FieldNumber> country;
  };
  std::optional<Phone> phone;
  std::vector<FieldNumber> required;
  std::vector<FieldNumber> with_choices;
  std::vector<FieldNumber> references;
  std::optional<FieldNumber> reference_entity;  ///< names the entity that a "*" reference points to
  std::optional<FieldNumber> customer, origin;
  std::optional<FieldNumber> amount, base_amount, currency;
};

RowRules rules_of(const Entity& entity);

/// A field that the library fills from others of the same record, and tells of them.
struct DerivedField {
  FieldNumber field;
  std::vector<FieldNumber> sources;
};
/// What `complete_row` sets.
std::vector<DerivedField> derived_fields(const RowRules& rules);

/// What rows are completed with from outside of them.
struct RowGround {
  std::string_view base_currency;
  std::string_view region;  ///< where the customer's telephone numbers are dialled, ISO 3166 alpha-2; empty if unknown
};

/// Sets what follows from other fields: folded keys, telephone keys, the first customer, amounts in base currency.
void complete_row(const RowRules& rules, const RowGround& ground, std::span<Value> row, Arena& text);

/// Whether a value may stand in a field, after the widenings that lose nothing (integer to decimal, real
/// or id). Nothing where it may not.
std::optional<Value> accept(const Field& field, const Value& value);

/// Appends a problem for everything wrong with the row itself.
void check_values(const Entity& entity, const RowRules& rules, Row row, std::int64_t change,
                  std::vector<Problem>& problems);

/// Longest text of a field, in bytes.
inline constexpr std::size_t longest_text = 16 * 1024 * 1024;

}  // namespace emptor
