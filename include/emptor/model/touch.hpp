/// Touch: what was said to and heard from customers, what is to be said next, and what they think.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Interaction {
  EMPTOR_ENTITY(Interaction, "interaction", 30, "one contact with a customer: a call, a message, a visit, a chat")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer; missing while nobody knows who called", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  Id contact_id;
  EMPTOR_FIELD(contact_id, "the person spoken to, where that is another record", refers_to("customer"))
  std::string channel;
  EMPTOR_FIELD(channel, "how", one_of("phone|mobile|sms|email|fax|mail|wechat|weibo|web|chat|visit|event|other"))
  std::string direction;
  EMPTOR_FIELD(direction, "who began: in is the customer, out is us", one_of("in|out"))
  Id user_id;
  EMPTOR_FIELD(user_id, "the user who took part", indexed | responsible)
  std::optional<Instant> at;
  EMPTOR_FIELD(at, "when it began", indexed | moment)
  std::optional<std::int64_t> duration_seconds;
  EMPTOR_FIELD(duration_seconds, "how long it took")
  std::string outcome;
  EMPTOR_FIELD(outcome, "what came of it (\"reached\", \"no answer\", \"sold\")")
  std::string subject;
  EMPTOR_FIELD(subject, "what it was about, in a line", personal | searched)
  std::string body;
  EMPTOR_FIELD(body, "what was said or written", personal | searched)
  std::string attachment;
  EMPTOR_FIELD(attachment, "where a recording, picture or document is kept", personal)
  std::string thread;
  EMPTOR_FIELD(thread, "conversation that it belongs to, as the host names it", indexed)
  std::string next_step;
  EMPTOR_FIELD(next_step, "what was agreed to do next", personal | searched)
  Id campaign_id;
  EMPTOR_FIELD(campaign_id, "the campaign that it belongs to", refers_to("campaign"))
  Id opportunity_id;
  EMPTOR_FIELD(opportunity_id, "the opportunity that it belongs to", refers_to("opportunity"))
  Id case_id;
  EMPTOR_FIELD(case_id, "the case that it belongs to", refers_to("case"))
  std::optional<Decimal> cost;
  EMPTOR_FIELD(cost, "what it cost us, in the base currency")
};

struct Task {
  EMPTOR_ENTITY(Task, "task", 31, "something to be done by a day: a visit, a call back, an appointment, a greeting")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer it is for; missing for one's own", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first planned for", refers_to("customer"))
  std::string kind;
  EMPTOR_FIELD(kind, "what sort of thing", one_of("visit|call|call_back|appointment|greeting|follow_up|other"))
  std::string subject;
  EMPTOR_FIELD(subject, "what to do, in a line", personal | searched)
  std::string body;
  EMPTOR_FIELD(body, "details", personal | searched)
  std::string place;
  EMPTOR_FIELD(place, "where", personal)
  Id user_id;
  EMPTOR_FIELD(user_id, "who is to do it", indexed | responsible)
  Id assigned_by_id;
  EMPTOR_FIELD(assigned_by_id, "who asked for it", refers_to("user"))
  std::string priority;
  EMPTOR_FIELD(priority, "how pressing", one_of("low|normal|high|urgent"))
  std::optional<Instant> starts_at;
  EMPTOR_FIELD(starts_at, "appointed time")
  std::optional<Instant> due_at;
  EMPTOR_FIELD(due_at, "latest time", indexed | moment)
  std::string status;
  EMPTOR_FIELD(status, "how far it is", one_of("open|doing|done|cancelled"))
  std::optional<Instant> done_at;
  EMPTOR_FIELD(done_at, "when it was done")
  std::string result;
  EMPTOR_FIELD(result, "what came of it", personal | searched)
  Id interaction_id;
  EMPTOR_FIELD(interaction_id, "the contact in which it was done", refers_to("interaction"))
  Id opportunity_id;
  EMPTOR_FIELD(opportunity_id, "the opportunity that it serves", refers_to("opportunity"))
  Id case_id;
  EMPTOR_FIELD(case_id, "the case that it serves", refers_to("case"))
  Id campaign_id;
  EMPTOR_FIELD(campaign_id, "the campaign that it serves", refers_to("campaign"))
};

struct Survey {
  EMPTOR_ENTITY(Survey, "survey", 32, "a set of questions put to customers")
  std::string name;
  EMPTOR_FIELD(name, "name of the survey", required)
  std::string kind;
  EMPTOR_FIELD(kind, "what it measures", one_of("nps|csat|ces|questionnaire"))
  std::string convention;
  EMPTOR_FIELD(convention, "how its score is computed, where usage differs (ces)")
  std::string introduction;
  EMPTOR_FIELD(introduction, "what respondents read first")
  Id campaign_id;
  EMPTOR_FIELD(campaign_id, "the campaign that it belongs to", refers_to("campaign"))
  std::optional<Date> starts_on;
  EMPTOR_FIELD(starts_on, "first day")
  std::optional<Date> ends_on;
  EMPTOR_FIELD(ends_on, "last day")
  std::optional<bool> active;
  EMPTOR_FIELD(active, "answers are taken")
};

struct SurveyQuestion {
  EMPTOR_ENTITY(SurveyQuestion, "survey_question", 33, "one question of a survey")
  Id survey_id;
  EMPTOR_FIELD(survey_id, "the survey", required | refers_to("survey"))
  std::optional<std::int64_t> position;
  EMPTOR_FIELD(position, "place in the survey, from 1")
  std::string text;
  EMPTOR_FIELD(text, "the question", required)
  std::string kind;
  EMPTOR_FIELD(kind, "form of the answer", one_of("scale|choice|choices|text|number|date|yes_no"))
  std::string choices;
  EMPTOR_FIELD(choices, "possible answers, one a line")
  std::optional<std::int64_t> lowest;
  EMPTOR_FIELD(lowest, "least value of a scale")
  std::optional<std::int64_t> highest;
  EMPTOR_FIELD(highest, "greatest value of a scale")
};

struct Response {
  EMPTOR_ENTITY(Response, "response", 34, "a survey as one customer filled it in")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer; missing for an anonymous one", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  Id survey_id;
  EMPTOR_FIELD(survey_id, "the survey", required | indexed | refers_to("survey"))
  std::string channel;
  EMPTOR_FIELD(channel, "how they answered", one_of("phone|mobile|sms|email|mail|wechat|weibo|web|visit|other"))
  std::optional<Instant> answered_at;
  EMPTOR_FIELD(answered_at, "when", moment)
  std::optional<Decimal> score;
  EMPTOR_FIELD(score, "the one figure asked for (nps 0 to 10, csat 1 to 5)")
  std::string comment;
  EMPTOR_FIELD(comment, "what they added", personal | searched)
  Id interaction_id;
  EMPTOR_FIELD(interaction_id, "the contact in which they were asked", refers_to("interaction"))
  Id case_id;
  EMPTOR_FIELD(case_id, "the case that it is about", refers_to("case"))
};

struct Answer {
  EMPTOR_ENTITY(Answer, "answer", 35, "the answer to one question in a response")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer, as on the response", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  Id response_id;
  EMPTOR_FIELD(response_id, "the response", required | indexed | refers_to("response"))
  Id question_id;
  EMPTOR_FIELD(question_id, "the question", required | indexed | refers_to("survey_question"))
  std::optional<Decimal> number;
  EMPTOR_FIELD(number, "value on the scale, or number")
  std::string text;
  EMPTOR_FIELD(text, "choice or free text", personal | searched)
};

struct Feedback {
  EMPTOR_ENTITY(Feedback, "feedback", 36, "an opinion that a customer gave, routed to those whom it concerns")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer; missing for an anonymous one", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  std::string kind;
  EMPTOR_FIELD(kind, "what sort of opinion", one_of("complaint|suggestion|praise|question|wish"))
  std::string topic;
  EMPTOR_FIELD(topic, "what it is about, as a class", indexed)
  std::string body;
  EMPTOR_FIELD(body, "what they said", personal | searched)
  std::optional<double> sentiment;
  EMPTOR_FIELD(sentiment, "tone, -1 to 1")
  std::optional<Instant> received_at;
  EMPTOR_FIELD(received_at, "when it came", moment)
  std::string channel;
  EMPTOR_FIELD(channel, "how it came",
               one_of("phone|mobile|sms|email|fax|mail|wechat|weibo|web|chat|visit|event|other"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product that it is about", refers_to("product"))
  std::string routed_to;
  EMPTOR_FIELD(routed_to, "function of the firm it was sent to (\"research\", \"quality\", \"personnel\")")
  Id team_id;
  EMPTOR_FIELD(team_id, "the team it was sent to", indexed | refers_to("team"))
  std::string status;
  EMPTOR_FIELD(status, "how far it is", one_of("new|routed|answered|closed"))
  std::string answer;
  EMPTOR_FIELD(answer, "what we answered", personal | searched)
  std::optional<Instant> answered_at;
  EMPTOR_FIELD(answered_at, "when")
  Id interaction_id;
  EMPTOR_FIELD(interaction_id, "the contact in which it was given", refers_to("interaction"))
  Id case_id;
  EMPTOR_FIELD(case_id, "the case that was opened for it", refers_to("case"))
};

}  // namespace emptor
