/// Parties: who our customers are, how they are reached, and who belongs to whom.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Customer {
  EMPTOR_ENTITY(Customer, "customer", 10, "a person or an organisation that buys, has bought or may buy")
  std::string kind;
  EMPTOR_FIELD(kind, "person or organisation", one_of("person|organisation"))
  std::string name;
  EMPTOR_FIELD(name, "full name as it is written to the customer", personal)
  std::string name_key;
  EMPTOR_FIELD(name_key, "folded name, for look-up and order; set by the library",
               FieldOptions{field_flag::system | field_flag::indexed | field_flag::personal, {}, {}})
  std::string given_name;
  EMPTOR_FIELD(given_name, "given name of a person", personal)
  std::string family_name;
  EMPTOR_FIELD(family_name, "family name of a person", personal)
  std::string title;
  EMPTOR_FIELD(title, "form of address or job title", personal)
  Id parent_id;
  EMPTOR_FIELD(parent_id, "the organisation that this branch or office belongs to", indexed | refers_to("customer"))
  std::string stage;
  EMPTOR_FIELD(stage, "place in the life of the relation", indexed | one_of("prospect|new|active|regular|dormant|lost"))
  std::string segment;
  EMPTOR_FIELD(segment, "market segment as the host's own classification names it")
  std::string industry;
  EMPTOR_FIELD(industry, "industry of an organisation", indexed)
  std::string supply_position;
  EMPTOR_FIELD(supply_position, "position in the supply chain",
               one_of("end_user|retailer|wholesaler|manufacturer|supplier|partner"))
  std::optional<Date> birth_date;
  EMPTOR_FIELD(birth_date, "day of birth, or of foundation", personal)
  std::optional<std::int64_t> founded_year;
  EMPTOR_FIELD(founded_year, "year an organisation was founded")
  std::optional<std::int64_t> employees;
  EMPTOR_FIELD(employees, "number of employees of an organisation")
  std::optional<Decimal> annual_revenue;
  EMPTOR_FIELD(annual_revenue, "yearly revenue or income, in the base currency")
  std::string gender;
  EMPTOR_FIELD(gender, "as the customer states it", personal)
  std::string marital_status;
  EMPTOR_FIELD(marital_status, "as the customer states it", personal)
  std::string education;
  EMPTOR_FIELD(education, "highest level of education", personal)
  std::string occupation;
  EMPTOR_FIELD(occupation, "profession or position", personal)
  std::optional<std::int64_t> age;
  EMPTOR_FIELD(age, "age in years when the source was written; prefer birth_date", personal)
  std::string country;
  EMPTOR_FIELD(country, "country of residence or registration", indexed)
  std::string region;
  EMPTOR_FIELD(region, "state, province or sales region")
  std::string city;
  EMPTOR_FIELD(city, "town", personal)
  std::string postal_code;
  EMPTOR_FIELD(postal_code, "postal code, as text (leading zeros count)", personal)
  std::string language;
  EMPTOR_FIELD(language, "BCP 47 tag of the language to write in")
  std::string preferred_channel;
  EMPTOR_FIELD(preferred_channel, "how the customer wants to be reached",
               one_of("phone|mobile|sms|email|fax|mail|wechat|web|visit"))
  std::string tier;
  EMPTOR_FIELD(tier, "service tier", indexed)
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who looks after this customer", indexed | refers_to("user"))
  Id team_id;
  EMPTOR_FIELD(team_id, "the team of the owner", indexed | refers_to("team"))
  Id territory_id;
  EMPTOR_FIELD(territory_id, "sales territory", indexed | refers_to("territory"))
  std::optional<Instant> since;
  EMPTOR_FIELD(since, "first known contact")
  std::string source;
  EMPTOR_FIELD(source, "where the record came from")
  std::string notes;
  EMPTOR_FIELD(notes, "free text", personal)
};

struct Identity {
  EMPTOR_ENTITY(Identity, "identity", 14, "a record's id in another system: upserts and idempotence")
  static constexpr std::string_view unique_keys[] = {"entity|system|external_id"};
  std::string entity;
  EMPTOR_FIELD(entity, "entity of the record", required)
  Id record_id;
  EMPTOR_FIELD(record_id, "the record", required | indexed | refers_to("*"))
  std::string system;
  EMPTOR_FIELD(system, "name of the other system", required)
  std::string external_id;
  EMPTOR_FIELD(external_id, "the id there, as text, exactly", required | personal)
};

}  // namespace emptor
