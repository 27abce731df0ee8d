/// The people and organisations of a generated shop: each a function of (options, number).
#pragma once

#include <cstdint>
#include <string>

#include "desk/generated_life.hpp"
#include "desk/generated_phones.hpp"
#include "emptor/desk/generate.hpp"

namespace emptor {

/// How a customer stands to an earlier one.
enum class PersonRole : std::uint8_t {
  person,
  organisation,
  branch,     ///< of an organisation
  contact,    ///< a person at an organisation; never buys
  household,  ///< lives with another: family name, address and telephone are the same
  namesake,   ///< has another's name and nothing else of them
  twice       ///< is another, registered again
};
std::string_view name_of(PersonRole role);

struct Standing {
  PersonRole role = PersonRole::person;
  std::uint64_t other = 0;  ///< the earlier customer; 0 for none
};
Standing standing_of(const GenerateOptions& options, std::uint64_t customer);
bool is_contact_person(const GenerateOptions& options, std::uint64_t customer);
bool is_organisation(const GenerateOptions& options, std::uint64_t customer);

struct Persona {
  Standing standing;
  Tongue tongue = Tongue::english;
  PersonName name;   ///< of a person
  std::string firm;  ///< of an organisation
  Date born;         ///< of a person
  std::string town, street, postal_code;
  MadePhone phone, mobile;
};
/// Who they are, whatever the extract says of them: that of the original for one registered twice.
Persona persona_of(const GenerateOptions& options, std::uint64_t customer);

/// What the second registration of somebody has otherwise.
struct Retyping {
  Typing typing = Typing::same;
  bool moved = false, other_mail = false;
  std::size_t notation = 0;
};
Retyping retyping_of(const GenerateOptions& options, std::uint64_t customer);

bool has_suspect_name(const GenerateOptions& options, std::uint64_t customer);
/// Whether they were born from 1985 on. Organisations were not.
bool is_young(const GenerateOptions& options, std::uint64_t customer);
bool allows_marketing(const GenerateOptions& options, std::uint64_t customer);

/// "C0000042".
std::string customer_code(std::uint64_t customer);
/// "U003": who looks after them.
std::string owner_code(const GenerateOptions& options, std::uint64_t customer);
std::uint64_t user_count(const GenerateOptions& options);

/// Writes customers.csv; counts doubles and suspect names into `made`.
void write_customers(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made);
/// Writes contact_points.csv (what customers.csv has no column for) and consents.csv.
void write_contacts(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made);
void write_users(const std::string& folder, const GenerateOptions& options);

}  // namespace emptor
