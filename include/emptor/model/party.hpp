/// Parties: who our customers are, how they are reached, and who belongs to whom.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Customer {
  EMPTOR_ENTITY(Customer, "customer", 10, "a person or an organisation that buys, has bought or may buy")
  static constexpr bool finds_deleted = true;
  std::string kind;
  EMPTOR_FIELD(kind, "person or organisation", one_of("person|organisation"))
  std::string name;
  EMPTOR_FIELD(name, "full name as it is written to the customer", personal | searched)
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
               one_of("phone|mobile|sms|email|fax|mail|wechat|weibo|web|visit"))
  std::string tier;
  EMPTOR_FIELD(tier, "service tier", indexed)
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who looks after this customer", indexed | responsible)
  Id team_id;
  EMPTOR_FIELD(team_id, "the team of the owner", indexed | refers_to("team"))
  Id territory_id;
  EMPTOR_FIELD(territory_id, "sales territory", indexed | refers_to("territory"))
  std::optional<Instant> since;
  EMPTOR_FIELD(since, "first known contact")
  std::string source;
  EMPTOR_FIELD(source, "where the record came from")
  std::string notes;
  EMPTOR_FIELD(notes, "free text", personal | searched)
};

struct Relationship {
  EMPTOR_ENTITY(Relationship, "relationship", 11, "how one customer stands to another: contact of, household, partner")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer whose contact, household or partner this is", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  Id related_id;
  EMPTOR_FIELD(related_id, "the other customer (the contact person)", required | indexed | refers_to("customer"))
  Id related_origin_id;
  EMPTOR_FIELD(related_origin_id, "the other customer it was first booked for", refers_to("customer"))
  std::string kind;
  EMPTOR_FIELD(kind, "what the other is to the customer",
               required | one_of("contact|employee|household|family|partner|supplier|referrer|guardian|other"))
  std::string position;
  EMPTOR_FIELD(position, "job or place of the other there (\"head of purchasing\", \"daughter\")", personal)
  std::string influence;
  EMPTOR_FIELD(influence, "part in the customer's decisions", one_of("decides|influences|uses|pays|blocks|gatekeeper"))
  std::optional<bool> key_contact;
  EMPTOR_FIELD(key_contact, "one of those who matter most: greeted and cared for by name")
  std::optional<Date> valid_from;
  EMPTOR_FIELD(valid_from, "first day")
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day; missing while it lasts")
};

struct ContactPoint {
  EMPTOR_ENTITY(ContactPoint, "contact_point", 12, "a way to reach a customer: a number, an address, an account")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  std::string channel;
  EMPTOR_FIELD(channel, "what kind of way", required | one_of("phone|mobile|email|fax|address|wechat|weibo|web|other"))
  std::string value;
  EMPTOR_FIELD(value, "number, address or account, as it was given", required | personal)
  std::string value_key;
  EMPTOR_FIELD(value_key, "normalised value, for look-up; set by the library",
               FieldOptions{field_flag::system | field_flag::indexed | field_flag::personal, {}, {}})
  std::string label;
  EMPTOR_FIELD(label, "what it is for (\"home\", \"delivery\", \"invoice\")")
  std::string street;
  EMPTOR_FIELD(street, "street and house of a postal address", personal)
  std::string city;
  EMPTOR_FIELD(city, "town of a postal address", personal)
  std::string region;
  EMPTOR_FIELD(region, "state or province of a postal address")
  std::string postal_code;
  EMPTOR_FIELD(postal_code, "postal code, as text (leading zeros count)", personal)
  std::string country;
  EMPTOR_FIELD(country, "country of a postal address")
  std::optional<bool> preferred;
  EMPTOR_FIELD(preferred, "the one to use among those of its channel")
  std::optional<Instant> verified_at;
  EMPTOR_FIELD(verified_at, "when the customer last confirmed it")
  std::optional<Instant> bounced_at;
  EMPTOR_FIELD(bounced_at, "when something sent there last came back")
};

struct Consent {
  EMPTOR_ENTITY(Consent, "consent", 13, "whether a customer may be written to or called, by channel and purpose")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer who gave or refused it", refers_to("customer"))
  std::string channel;
  EMPTOR_FIELD(channel, "the channel; missing is every channel",
               one_of("phone|mobile|sms|email|fax|mail|wechat|weibo|web|visit"))
  std::string purpose;
  EMPTOR_FIELD(purpose, "what for; missing is every purpose", one_of("marketing|service|survey|care|profiling|sharing"))
  std::string state;
  EMPTOR_FIELD(state, "what the customer said", required | one_of("granted|refused|withdrawn"))
  std::optional<Instant> stated_at;
  EMPTOR_FIELD(stated_at, "when they said so; the newest statement holds", moment)
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day; missing is until withdrawn")
  std::string source;
  EMPTOR_FIELD(source, "form, call or page where it was said")
  std::string evidence;
  EMPTOR_FIELD(evidence, "where the proof is kept (recording, letter)", personal)
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

struct Tag {
  EMPTOR_ENTITY(Tag, "tag", 15, "a mark on a customer, set by people, rules or models; a list of customers is a tag")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first put on", refers_to("customer"))
  std::string name;
  EMPTOR_FIELD(name, "the mark (\"class.vip\", \"likes tea\")", required | indexed)
  std::string source;
  EMPTOR_FIELD(source, "who or what put it there: an insight, an import, a person")
  std::optional<double> confidence;
  EMPTOR_FIELD(confidence, "how sure that is, 0 to 1; missing is certain")
  std::optional<Date> valid_from;
  EMPTOR_FIELD(valid_from, "first day; missing is always", moment)
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day; missing is for ever")
  Id model_id;
  EMPTOR_FIELD(model_id, "the model that put it there", refers_to("model"))
};

struct CareDate {
  EMPTOR_ENTITY(CareDate, "care_date", 16, "a day to remember: birthday, anniversary, feast; solar or lunar")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first noted for", refers_to("customer"))
  std::string kind;
  EMPTOR_FIELD(kind, "what is remembered", required | one_of("birthday|wedding|foundation|first_purchase|feast|other"))
  std::string name;
  EMPTOR_FIELD(name, "in words, where the kind does not say it", personal)
  std::string calendar;
  EMPTOR_FIELD(calendar, "calendar of month and day; missing is solar", one_of("solar|lunar"))
  std::optional<std::int64_t> month;
  EMPTOR_FIELD(month, "month, 1 to 12", required | personal)
  std::optional<std::int64_t> day;
  EMPTOR_FIELD(day, "day of the month, 1 to 31 (lunar: 30)", required | personal)
  std::optional<bool> leap_month;
  EMPTOR_FIELD(leap_month, "the leap month of that number (lunar only)", personal)
  std::optional<std::int64_t> year;
  EMPTOR_FIELD(year, "year of the first one, where it is known", personal)
  std::optional<std::int64_t> days_ahead;
  EMPTOR_FIELD(days_ahead, "days before it that the task to greet is due")
};

struct Credit {
  EMPTOR_ENTITY(Credit, "credit", 17, "what a customer may owe and how they are rated, from a day on")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first granted to", refers_to("customer"))
  std::optional<Decimal> limit;
  EMPTOR_FIELD(limit, "most that may be owed at a time, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<std::int64_t> payment_days;
  EMPTOR_FIELD(payment_days, "days to pay an invoice")
  std::string rating;
  EMPTOR_FIELD(rating, "grade, in the words of who rates", personal)
  std::optional<double> score;
  EMPTOR_FIELD(score, "the grade as a number", personal)
  std::string rated_by;
  EMPTOR_FIELD(rated_by, "agency, model or colleague that rated")
  std::optional<Date> valid_from;
  EMPTOR_FIELD(valid_from, "first day; the newest one holds, older ones are the history", moment)
  std::string reason;
  EMPTOR_FIELD(reason, "why it is so", personal)
};

struct Block {
  EMPTOR_ENTITY(Block, "block", 18, "a customer who is not served, or only in a set way, and why")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first set on", refers_to("customer"))
  std::string kind;
  EMPTOR_FIELD(kind, "what is withheld", required | one_of("no_service|no_credit|no_marketing|prepay|ask_first"))
  std::string cause;
  EMPTOR_FIELD(cause, "the reason as a class", one_of("unprofitable|competitor|fraud|abuse|unpaid|law|other"))
  std::string reason;
  EMPTOR_FIELD(reason, "the reason in words", personal)
  Id user_id;
  EMPTOR_FIELD(user_id, "who decided it", refers_to("user"))
  std::optional<Date> valid_from;
  EMPTOR_FIELD(valid_from, "first day; missing is always", moment)
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day; missing is until lifted")
};

}  // namespace emptor
