/// Marketing: campaigns and who was in them, promotions, programmes, advertisements and messages.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Campaign {
  EMPTOR_ENTITY(Campaign, "campaign", 60,
                "an activity to win, keep or win back customers, with a plan to measure it by")
  std::string name;
  EMPTOR_FIELD(name, "name of the campaign", required | searched)
  Id parent_id;
  EMPTOR_FIELD(parent_id, "the campaign that it is a wave or part of", refers_to("campaign"))
  std::string kind;
  EMPTOR_FIELD(kind, "what it is to do", one_of("acquire|nurture|sell|retain|win_back|survey|event|exhibition"))
  std::string channel;
  EMPTOR_FIELD(channel, "how customers are reached",
               one_of("phone|mobile|sms|email|fax|mail|wechat|weibo|web|chat|visit|event|other"))
  std::string status;
  EMPTOR_FIELD(status, "how far it is", one_of("planned|running|paused|done|cancelled"))
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who runs it", responsible)
  Id segment_id;
  EMPTOR_FIELD(segment_id, "the segment that it was aimed at", refers_to("segment"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product that it is for", refers_to("product"))
  std::optional<Date> starts_on;
  EMPTOR_FIELD(starts_on, "first day")
  std::optional<Date> ends_on;
  EMPTOR_FIELD(ends_on, "last day")
  std::optional<Decimal> budget;
  EMPTOR_FIELD(budget, "what it may cost, in the base currency")
  std::optional<Decimal> cost;
  EMPTOR_FIELD(cost, "what it cost besides its contacts, in the base currency")
  std::optional<Decimal> contact_cost;
  EMPTOR_FIELD(contact_cost, "what one contact costs, in the base currency")
  std::optional<Decimal> expected_revenue;
  EMPTOR_FIELD(expected_revenue, "what the plan expects it to bring, in the base currency")
  std::optional<Decimal> expected_rate;
  EMPTOR_FIELD(expected_rate, "share of those reached that the plan expects to convert, 0 to 1")
  std::optional<Decimal> hold_out;
  EMPTOR_FIELD(hold_out, "share of the members left alone for comparison, 0 to 1")
  std::string variants;
  EMPTOR_FIELD(variants, "names of the versions under test, separated by commas")
  std::string goal;
  EMPTOR_FIELD(goal, "what counts as converted")
  std::string description;
  EMPTOR_FIELD(description, "free text", searched)
};

struct Membership {
  EMPTOR_ENTITY(Membership, "membership", 61, "a customer in a campaign, from assigned to converted")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer who was first assigned", refers_to("customer"))
  Id campaign_id;
  EMPTOR_FIELD(campaign_id, "the campaign", required | indexed | refers_to("campaign"))
  std::string variant;
  EMPTOR_FIELD(variant, "the version they got")
  std::optional<bool> held_out;
  EMPTOR_FIELD(held_out, "left alone for comparison")
  std::string status;
  EMPTOR_FIELD(status, "how far they came", one_of("assigned|contacted|responded|converted|declined|unreachable"))
  std::optional<Instant> assigned_at;
  EMPTOR_FIELD(assigned_at, "when they were chosen", moment)
  std::optional<Instant> contacted_at;
  EMPTOR_FIELD(contacted_at, "first contact")
  std::optional<std::int64_t> contacts;
  EMPTOR_FIELD(contacts, "number of contacts")
  std::optional<Instant> responded_at;
  EMPTOR_FIELD(responded_at, "when they answered")
  std::optional<Instant> converted_at;
  EMPTOR_FIELD(converted_at, "when they did what the campaign wants")
  std::optional<Decimal> revenue;
  EMPTOR_FIELD(revenue, "what they bought because of it, in the base currency")
  std::optional<Decimal> cost;
  EMPTOR_FIELD(cost, "what it cost to reach them, in the base currency")
  std::optional<double> predicted;
  EMPTOR_FIELD(predicted, "response or uplift that the model promised when they were chosen")
  std::string answer;
  EMPTOR_FIELD(answer, "what they said", personal)
};

struct Promotion {
  EMPTOR_ENTITY(Promotion, "promotion", 62, "a price reduction, gift or rebate offered for some time")
  std::string name;
  EMPTOR_FIELD(name, "name of the promotion", required)
  std::string kind;
  EMPTOR_FIELD(kind, "what is given", one_of("percent|amount|gift|rebate|bundle|points"))
  Id campaign_id;
  EMPTOR_FIELD(campaign_id, "the campaign that it belongs to", refers_to("campaign"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product that it is on; missing is any", refers_to("product"))
  std::string category;
  EMPTOR_FIELD(category, "the category that it is on; missing is any")
  std::optional<Decimal> share;
  EMPTOR_FIELD(share, "share taken off, 0 to 1")
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "amount taken off or paid back, in `currency`")
  std::optional<Decimal> least_amount;
  EMPTOR_FIELD(least_amount, "purchase from which on it holds, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Date> valid_from;
  EMPTOR_FIELD(valid_from, "first day; missing is always")
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day; missing is for ever")
};

struct Coupon {
  EMPTOR_ENTITY(Coupon, "coupon", 63, "a promotion as one customer holds and redeems it")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer; missing while anybody may use it", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first given to", refers_to("customer"))
  Id promotion_id;
  EMPTOR_FIELD(promotion_id, "the promotion", required | indexed | refers_to("promotion"))
  std::string code;
  EMPTOR_FIELD(code, "what is entered or scanned", unique)
  std::optional<Instant> issued_at;
  EMPTOR_FIELD(issued_at, "when it was given", moment)
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day; that of the promotion if missing")
  std::optional<Instant> redeemed_at;
  EMPTOR_FIELD(redeemed_at, "when it was used")
  Id order_id;
  EMPTOR_FIELD(order_id, "the order that it was used for", refers_to("order"))
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "what it came to, in the base currency")
};

struct Programme {
  EMPTOR_ENTITY(Programme, "programme", 64, "a course, event or club that customers enrol in")
  std::string name;
  EMPTOR_FIELD(name, "name of the programme", required)
  std::string kind;
  EMPTOR_FIELD(kind, "what sort", one_of("course|seminar|event|exhibition|club|loyalty"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product under which it is sold", refers_to("product"))
  Id campaign_id;
  EMPTOR_FIELD(campaign_id, "the campaign that it belongs to", refers_to("campaign"))
  std::string content;
  EMPTOR_FIELD(content, "what is taught, shown or offered")
  std::string place;
  EMPTOR_FIELD(place, "where")
  std::optional<Instant> starts_at;
  EMPTOR_FIELD(starts_at, "beginning")
  std::optional<Instant> ends_at;
  EMPTOR_FIELD(ends_at, "end")
  std::optional<std::int64_t> places;
  EMPTOR_FIELD(places, "most that can take part")
  std::optional<Decimal> price;
  EMPTOR_FIELD(price, "price of one place, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
};

struct Enrolment {
  EMPTOR_ENTITY(Enrolment, "enrolment", 65, "a customer in a programme")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer who first enrolled", refers_to("customer"))
  Id programme_id;
  EMPTOR_FIELD(programme_id, "the programme", required | indexed | refers_to("programme"))
  std::string number;
  EMPTOR_FIELD(number, "number of the member or place", indexed)
  std::optional<Instant> enrolled_at;
  EMPTOR_FIELD(enrolled_at, "when", moment)
  std::optional<Date> ends_on;
  EMPTOR_FIELD(ends_on, "last day, where it ends")
  std::string status;
  EMPTOR_FIELD(status, "how far it is", one_of("interested|enrolled|waiting|attended|completed|absent|cancelled"))
  std::optional<Decimal> points;
  EMPTOR_FIELD(points, "points held in a loyalty programme")
  Id order_id;
  EMPTOR_FIELD(order_id, "the order by which it was paid", refers_to("order"))
};

struct Advertisement {
  EMPTOR_ENTITY(Advertisement, "advertisement", 66, "publicity that is not aimed at single customers")
  std::string name;
  EMPTOR_FIELD(name, "name of the advertisement", required)
  Id campaign_id;
  EMPTOR_FIELD(campaign_id, "the campaign that it belongs to", refers_to("campaign"))
  std::string medium;
  EMPTOR_FIELD(medium, "where it appears",
               one_of("press|radio|television|outdoor|exhibition|search|display|social|mail|other"))
  std::string publisher;
  EMPTOR_FIELD(publisher, "paper, station, site or fair")
  std::string content;
  EMPTOR_FIELD(content, "what it says, or where it is kept")
  Id territory_id;
  EMPTOR_FIELD(territory_id, "where it is seen", refers_to("territory"))
  std::optional<Date> starts_on;
  EMPTOR_FIELD(starts_on, "first day")
  std::optional<Date> ends_on;
  EMPTOR_FIELD(ends_on, "last day")
  std::optional<Decimal> cost;
  EMPTOR_FIELD(cost, "what it cost, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<std::int64_t> impressions;
  EMPTOR_FIELD(impressions, "how often it was seen")
  std::optional<std::int64_t> clicks;
  EMPTOR_FIELD(clicks, "how often it was followed")
};

struct Message {
  EMPTOR_ENTITY(Message, "message", 67, "something written to a customer: made here, sent by the host")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first written to", refers_to("customer"))
  Id campaign_id;
  EMPTOR_FIELD(campaign_id, "the campaign that it belongs to", indexed | refers_to("campaign"))
  Id care_date_id;
  EMPTOR_FIELD(care_date_id, "the day that it is for", refers_to("care_date"))
  Id contact_point_id;
  EMPTOR_FIELD(contact_point_id, "where it goes", refers_to("contact_point"))
  std::string channel;
  EMPTOR_FIELD(channel, "how it goes", required | one_of("sms|email|fax|mail|wechat|weibo|web|chat"))
  std::string purpose;
  EMPTOR_FIELD(purpose, "what for: the consent that it needs", one_of("marketing|service|survey|care"))
  std::string language;
  EMPTOR_FIELD(language, "BCP 47 tag of its language")
  std::string subject;
  EMPTOR_FIELD(subject, "heading", personal | searched)
  std::string body;
  EMPTOR_FIELD(body, "the text as it is sent", personal | searched)
  std::string status;
  EMPTOR_FIELD(status, "how far it is",
               indexed | one_of("rendered|queued|sent|delivered|opened|clicked|bounced|failed|suppressed"))
  std::optional<Instant> due_at;
  EMPTOR_FIELD(due_at, "when it is to go", indexed)
  std::optional<Instant> sent_at;
  EMPTOR_FIELD(sent_at, "when the host sent it", moment)
  std::optional<Instant> delivered_at;
  EMPTOR_FIELD(delivered_at, "when it arrived")
  std::optional<Instant> opened_at;
  EMPTOR_FIELD(opened_at, "when it was first read")
  std::string failure;
  EMPTOR_FIELD(failure, "why it was not sent or came back, as a class")
};

}  // namespace emptor
