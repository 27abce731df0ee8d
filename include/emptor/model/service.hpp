/// Service: cases and what was promised about them, repairs, assets, and what we know.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Case {
  EMPTOR_ENTITY(Case, "case", 70, "a request, complaint or enquiry, followed until it is closed")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer; missing for an anonymous one", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first opened for", refers_to("customer"))
  std::string number;
  EMPTOR_FIELD(number, "what the customer quotes", indexed | searched)
  std::string kind;
  EMPTOR_FIELD(kind, "what sort", one_of("request|complaint|enquiry|fault|order"))
  std::string category;
  EMPTOR_FIELD(category, "what it is about, as a class", indexed)
  std::string subject;
  EMPTOR_FIELD(subject, "what it is about, in a line", personal | searched)
  std::string description;
  EMPTOR_FIELD(description, "what the customer said", personal | searched)
  std::string channel;
  EMPTOR_FIELD(channel, "how it came",
               one_of("phone|mobile|sms|email|fax|mail|wechat|weibo|web|chat|visit|event|other"))
  std::string priority;
  EMPTOR_FIELD(priority, "how pressing", one_of("low|normal|high|urgent"))
  Id workflow_id;
  EMPTOR_FIELD(workflow_id, "the workflow that it follows", refers_to("workflow"))
  std::string state;
  EMPTOR_FIELD(state, "name of the state that it is in", indexed)
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who deals with it", indexed | responsible)
  Id team_id;
  EMPTOR_FIELD(team_id, "the team that deals with it", indexed | refers_to("team"))
  Id service_level_id;
  EMPTOR_FIELD(service_level_id, "what was promised", refers_to("service_level"))
  std::optional<Instant> opened_at;
  EMPTOR_FIELD(opened_at, "when it came", indexed | moment)
  std::optional<Instant> answer_due_at;
  EMPTOR_FIELD(answer_due_at, "promised time of the first answer")
  std::optional<Instant> answered_at;
  EMPTOR_FIELD(answered_at, "first answer")
  std::optional<Instant> due_at;
  EMPTOR_FIELD(due_at, "promised time of the solution", indexed)
  std::optional<Instant> resolved_at;
  EMPTOR_FIELD(resolved_at, "when it was solved")
  std::optional<Instant> closed_at;
  EMPTOR_FIELD(closed_at, "when the customer agreed, or nothing more was heard")
  std::optional<std::int64_t> reopened;
  EMPTOR_FIELD(reopened, "how often it was opened again")
  Id product_id;
  EMPTOR_FIELD(product_id, "the product that it is about", refers_to("product"))
  Id asset_id;
  EMPTOR_FIELD(asset_id, "the asset that it is about", refers_to("asset"))
  Id order_id;
  EMPTOR_FIELD(order_id, "the order that it is about", refers_to("order"))
  Id article_id;
  EMPTOR_FIELD(article_id, "the article that answered it", refers_to("article"))
  std::string cause;
  EMPTOR_FIELD(cause, "what was wrong, as a class")
  std::string resolution;
  EMPTOR_FIELD(resolution, "what was done or answered", personal | searched)
  std::optional<Decimal> cost;
  EMPTOR_FIELD(cost, "what it cost us, in the base currency")
};

struct ServiceLevel {
  EMPTOR_ENTITY(ServiceLevel, "service_level", 71, "how fast customers of a tier are answered and helped")
  std::string name;
  EMPTOR_FIELD(name, "name of the service level", required)
  std::string tier;
  EMPTOR_FIELD(tier, "service tier of the customers; missing is all")
  std::string priority;
  EMPTOR_FIELD(priority, "priority of the cases; missing is all", one_of("low|normal|high|urgent"))
  Id calendar_id;
  EMPTOR_FIELD(calendar_id, "when its clock runs; missing is always", refers_to("calendar"))
  std::optional<std::int64_t> answer_minutes;
  EMPTOR_FIELD(answer_minutes, "working minutes until the first answer")
  std::optional<std::int64_t> resolve_minutes;
  EMPTOR_FIELD(resolve_minutes, "working minutes until the solution")
  std::optional<Decimal> goal;
  EMPTOR_FIELD(goal, "share of the cases that should keep both, 0 to 1")
};

struct Calendar {
  EMPTOR_ENTITY(Calendar, "calendar", 72, "working hours: the shifts of a week, less the holidays")
  std::string name;
  EMPTOR_FIELD(name, "name of the calendar", required)
  std::string zone;
  EMPTOR_FIELD(zone, "IANA name of its time zone; the store's if missing")
};

struct Shift {
  EMPTOR_ENTITY(Shift, "shift", 73, "one span of working hours on a day of the week; a day may have several")
  Id calendar_id;
  EMPTOR_FIELD(calendar_id, "the calendar", required | refers_to("calendar"))
  std::optional<std::int64_t> weekday;
  EMPTOR_FIELD(weekday, "1 Monday to 7 Sunday", required)
  std::optional<std::int64_t> from_minute;
  EMPTOR_FIELD(from_minute, "beginning, in minutes after midnight", required)
  std::optional<std::int64_t> to_minute;
  EMPTOR_FIELD(to_minute, "end, in minutes after midnight; past 1440 it runs into the next day", required)
};

struct Holiday {
  EMPTOR_ENTITY(Holiday, "holiday", 74, "a day that differs from its weekday: free, or worked to make up for one")
  Id calendar_id;
  EMPTOR_FIELD(calendar_id, "the calendar; missing is every calendar", refers_to("calendar"))
  std::string name;
  EMPTOR_FIELD(name, "name of the day", required)
  std::optional<Date> day;
  EMPTOR_FIELD(day, "the day", required)
  std::optional<std::int64_t> works_as;
  EMPTOR_FIELD(works_as, "weekday whose shifts are worked, 1 to 7; missing is a free day")
};

struct RepairOrder {
  EMPTOR_ENTITY(RepairOrder, "repair_order", 75, "one repair, from received to confirmed by the customer")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first taken from", refers_to("customer"))
  std::string number;
  EMPTOR_FIELD(number, "number on the receipt", indexed | searched)
  Id case_id;
  EMPTOR_FIELD(case_id, "the case that it belongs to", indexed | refers_to("case"))
  Id asset_id;
  EMPTOR_FIELD(asset_id, "what is repaired", indexed | refers_to("asset"))
  Id workflow_id;
  EMPTOR_FIELD(workflow_id, "the workflow that it follows", refers_to("workflow"))
  std::string state;
  EMPTOR_FIELD(state, "name of the state that it is in (\"received\", \"dispatched\", \"confirmed\")", indexed)
  std::string fault;
  EMPTOR_FIELD(fault, "what the customer says is wrong", personal | searched)
  std::string diagnosis;
  EMPTOR_FIELD(diagnosis, "what was found", searched)
  std::string work;
  EMPTOR_FIELD(work, "what was done", searched)
  std::string parts;
  EMPTOR_FIELD(parts, "parts used, one a line")
  std::string place;
  EMPTOR_FIELD(place, "where it is done", one_of("workshop|at_customer|remote|manufacturer"))
  Id received_by_id;
  EMPTOR_FIELD(received_by_id, "the user who took it in", refers_to("user"))
  Id technician_id;
  EMPTOR_FIELD(technician_id, "the user who repairs it", indexed | responsible)
  std::optional<Instant> received_at;
  EMPTOR_FIELD(received_at, "when it was taken in", moment)
  std::optional<Instant> accepted_at;
  EMPTOR_FIELD(accepted_at, "when the repair was accepted")
  std::optional<Instant> dispatched_at;
  EMPTOR_FIELD(dispatched_at, "when somebody was sent or assigned")
  std::optional<Instant> due_at;
  EMPTOR_FIELD(due_at, "promised time", indexed)
  std::optional<Instant> finished_at;
  EMPTOR_FIELD(finished_at, "when it worked again")
  std::optional<Instant> confirmed_at;
  EMPTOR_FIELD(confirmed_at, "when the customer confirmed it")
  std::optional<bool> under_warranty;
  EMPTOR_FIELD(under_warranty, "the customer need not pay")
  std::optional<Decimal> cost;
  EMPTOR_FIELD(cost, "what it cost us, in the base currency")
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "what the customer pays, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
};

struct Asset {
  EMPTOR_ENTITY(Asset, "asset", 76, "a product as one customer has it: the installed base")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "who has it", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product", indexed | refers_to("product"))
  std::string serial_number;
  EMPTOR_FIELD(serial_number, "what tells it from others", indexed | personal)
  std::string name;
  EMPTOR_FIELD(name, "what the customer calls it", personal)
  std::string place;
  EMPTOR_FIELD(place, "where it stands", personal)
  Id order_id;
  EMPTOR_FIELD(order_id, "the order by which it was bought", refers_to("order"))
  Id contract_id;
  EMPTOR_FIELD(contract_id, "the contract under which it is served", refers_to("contract"))
  std::optional<Date> installed_on;
  EMPTOR_FIELD(installed_on, "first day of use", moment)
  std::optional<Date> warranty_to;
  EMPTOR_FIELD(warranty_to, "last day of warranty", indexed)
  std::optional<Date> retired_on;
  EMPTOR_FIELD(retired_on, "last day of use")
  std::string status;
  EMPTOR_FIELD(status, "how it is", one_of("in_use|in_repair|in_store|retired|sold_on"))
  std::string configuration;
  EMPTOR_FIELD(configuration, "version, options, settings")
};

struct Article {
  EMPTOR_ENTITY(Article, "article", 77,
                "a piece of the knowledge base: a fault and its remedy, a question and its answer")
  std::string title;
  EMPTOR_FIELD(title, "the question or symptom", required | searched)
  std::string category;
  EMPTOR_FIELD(category, "what it is about, as a class")
  Id product_id;
  EMPTOR_FIELD(product_id, "the product that it is about", refers_to("product"))
  std::string symptom;
  EMPTOR_FIELD(symptom, "how the fault shows", searched)
  std::string body;
  EMPTOR_FIELD(body, "the answer or remedy", searched)
  std::string keywords;
  EMPTOR_FIELD(keywords, "words under which it is sought, separated by commas", searched)
  std::string language;
  EMPTOR_FIELD(language, "BCP 47 tag of its language")
  std::string status;
  EMPTOR_FIELD(status, "who may read it", one_of("draft|staff|public|retired"))
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who answers for it", responsible)
  std::optional<Date> reviewed_on;
  EMPTOR_FIELD(reviewed_on, "when it was last found to be right")
};

}  // namespace emptor
