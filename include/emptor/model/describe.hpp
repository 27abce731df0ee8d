/// How an entity is described, once: each member is followed by the line that describes it.
///
///     struct Customer {
///       EMPTOR_ENTITY(Customer, "customer", 1, "a person or an organisation we deal with")
///       std::string name;
///       EMPTOR_FIELD(name, "what the customer is called", personal | indexed)
///     };
///
/// SQL tables and migrations, binding, JSON, CSV, the C API's field access and the reference docs are
/// derived from these lines; a new field is its member and its line, and nothing else. The order of
/// the lines carries no meaning: a store numbers fields in the order in which it first met them.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "emptor/core/id.hpp"
#include "emptor/model/value.hpp"

namespace emptor {

/// What a field is besides its type; joined with `|`.
struct FieldOptions {
  std::uint32_t flags = 0;
  std::string_view reference;  ///< the entity that an id points to; "*" for any (see `entity` beside it)
  std::string_view choices;    ///< the allowed texts, separated by '|'; empty allows any
};
constexpr FieldOptions operator|(FieldOptions a, FieldOptions b) {
  return {a.flags | b.flags, a.reference.empty() ? b.reference : a.reference,
          a.choices.empty() ? b.choices : a.choices};
}

namespace field_flag {
inline constexpr std::uint32_t required = 1;       ///< may not be missing
inline constexpr std::uint32_t indexed = 2;        ///< found and ordered without a scan
inline constexpr std::uint32_t unique = 4;         ///< no two records share it (implies indexed)
inline constexpr std::uint32_t personal = 8;       ///< personal data: sealed in the journal, never in a log
inline constexpr std::uint32_t owner = 16;         ///< names the customer whose record this is (`customer_id`)
inline constexpr std::uint32_t custom = 32;        ///< declared at run time
inline constexpr std::uint32_t system = 64;        ///< set by the library: id, version, deleted_at, folded keys
inline constexpr std::uint32_t moment = 128;       ///< when the record happened: orders a customer's records in time
inline constexpr std::uint32_t responsible = 256;  ///< names the user whose own record it is: rights are told by it
inline constexpr std::uint32_t searched = 512;     ///< text that `search` looks into
inline constexpr std::uint32_t sealed = 1024;      ///< kept encrypted in this store (session/sealing.hpp)
}  // namespace field_flag

inline constexpr FieldOptions plain{};
inline constexpr FieldOptions required{field_flag::required, {}, {}};
inline constexpr FieldOptions indexed{field_flag::indexed, {}, {}};
inline constexpr FieldOptions unique{field_flag::unique | field_flag::indexed, {}, {}};
inline constexpr FieldOptions personal{field_flag::personal, {}, {}};
/// Of a text: its words are kept in the search index (session/search.hpp).
inline constexpr FieldOptions searched{field_flag::searched, {}, {}};
/// Of an instant or a date; one a child of a customer. Records are found by (customer, moment) together, at the
/// price of the index by customer alone.
inline constexpr FieldOptions moment{field_flag::moment, {}, {}};
/// Of a reference to a user; one an entity.
inline constexpr FieldOptions responsible{field_flag::responsible, "user", {}};
constexpr FieldOptions refers_to(std::string_view entity) { return {0, entity, {}}; }
constexpr FieldOptions one_of(std::string_view choices) { return {0, {}, choices}; }
/// The reference that makes a record a child of a customer.
inline constexpr FieldOptions of_customer{field_flag::owner | field_flag::indexed, "customer", {}};

struct FieldDescription {
  std::string_view name;
  std::string_view doc;
  Type type = Type::text;
  FieldOptions options;
  std::size_t offset = 0;  ///< of the member in its struct
  bool optional = false;   ///< the member is a std::optional
};

/// How records of an entity are kept.
enum class Keeping : std::uint8_t {
  journalled,  ///< an ordinary record: versioned, audited, in the feed
  derived,     ///< a function of other records, kept by a derivation: neither versioned nor journalled
  system,      ///< the library's own: written only by the library
};

struct EntityDescription {
  std::string_view name;
  std::string_view doc;
  std::uint16_t number = 0;  ///< stable for ever; written in journals
  Keeping keeping = Keeping::journalled;
  std::span<const FieldDescription> fields;
  std::span<const std::string_view> keys;  ///< compound unique keys: "system|external_id"
  bool finds_deleted = false;              ///< its deleted records are found without a scan
};

template <int N>
struct Line {};

/// Opaque bytes as a member; empty is missing.
struct Octets {
  std::string value;
  friend bool operator==(const Octets&, const Octets&) = default;
};

/// The C++ types a member may have, and the field type each means.
template <class Member>
struct MemberType;
template <>
struct MemberType<Id> {
  static constexpr Type type = Type::id;
};
template <>
struct MemberType<std::string> {
  static constexpr Type type = Type::text;
};
template <>
struct MemberType<Octets> {
  static constexpr Type type = Type::bytes;
};
template <>
struct MemberType<std::optional<std::int64_t>> {
  static constexpr Type type = Type::integer;
};
template <>
struct MemberType<std::optional<Decimal>> {
  static constexpr Type type = Type::decimal;
};
template <>
struct MemberType<std::optional<double>> {
  static constexpr Type type = Type::real;
};
template <>
struct MemberType<std::optional<bool>> {
  static constexpr Type type = Type::boolean;
};
template <>
struct MemberType<std::optional<Date>> {
  static constexpr Type type = Type::date;
};
template <>
struct MemberType<std::optional<Instant>> {
  static constexpr Type type = Type::instant;
};

template <class Member>
constexpr FieldDescription describe_member(std::string_view name, std::size_t offset, std::string_view doc,
                                           FieldOptions options = plain) {
  return {name,
          doc,
          MemberType<Member>::type,
          options,
          offset,
          !std::same_as<Member, Id> && !std::same_as<Member, std::string> && !std::same_as<Member, Octets>};
}

/// An entity description spans at most so many lines of its header.
inline constexpr int max_entity_lines = 160;

template <class T, int N>
concept DescribesLine = requires {
  T::describe(Line<N>{});
};

template <class T>
constexpr std::size_t count_fields() {
  return []<int... N>(std::integer_sequence<int, N...>) {
    return (std::size_t{0} + ... + (DescribesLine<T, T::first_line + N> ? 1 : 0));
  }
  (std::make_integer_sequence<int, max_entity_lines>{});
}

/// The descriptions of a struct's fields, in the order of their lines.
template <class T>
constexpr auto fields_of() {
  std::array<FieldDescription, count_fields<T>()> fields{};
  std::size_t at = 0;
  [&]<int... N>(std::integer_sequence<int, N...>) {
    (..., [&] {
      if constexpr (DescribesLine<T, T::first_line + N>) fields[at++] = T::describe(Line<T::first_line + N>{});
    }());
  }
  (std::make_integer_sequence<int, max_entity_lines>{});
  return fields;
}

template <class T>
concept Described = requires {
  { T::entity_name } -> std::convertible_to<std::string_view>;
  { T::first_line } -> std::convertible_to<int>;
};

}  // namespace emptor

/// Opens the description of an entity: its struct, name, stable number and meaning. Every record has an
/// id (0 until the store gives one), a version (the journal position of its last change) and, once it
/// is softly deleted, the instant of that.
#define EMPTOR_ENTITY(Struct, name, number, doc)         \
  using Self = Struct;                                   \
  static constexpr std::string_view entity_name = name;  \
  static constexpr std::string_view entity_doc = doc;    \
  static constexpr std::uint16_t entity_number = number; \
  static constexpr int first_line = __LINE__;            \
  ::emptor::Id id;                                       \
  std::int64_t version = 0;                              \
  std::optional<::emptor::Instant> deleted_at;

/// Describes the member declared on the line before: its meaning, then its options.
#define EMPTOR_FIELD(member, ...)                                                                           \
  static constexpr ::emptor::FieldDescription describe(::emptor::Line<__LINE__>) {                          \
    return ::emptor::describe_member<decltype(Self::member)>(#member, offsetof(Self, member), __VA_ARGS__); \
  }
