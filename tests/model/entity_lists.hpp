// What the descriptions are held to: the numbers that were given, and the fields that must be sealed.
#pragma once

#include <string_view>
#include <utility>

namespace emptor {

// clang-format off
// Journals of every store ever written carry these numbers. A new entity gets a new line; a line that
// is here never changes, and a number is never given again.
inline constexpr std::pair<int, std::string_view> numbers_for_ever[] = {
    {1, "user"}, {2, "role"}, {3, "permission"}, {4, "user_role"}, {5, "team"}, {6, "territory"}, {10, "customer"},
    {11, "relationship"}, {12, "contact_point"}, {13, "consent"}, {14, "identity"}, {15, "tag"}, {16, "care_date"},
    {17, "credit"}, {18, "block"}, {19, "pool_rule"}, {30, "interaction"}, {31, "task"}, {32, "survey"},
    {33, "survey_question"},
    {34, "response"}, {35, "answer"}, {36, "feedback"}, {40, "product"}, {41, "price_list"}, {42, "price_list_item"},
    {43, "bundle_item"}, {44, "pipeline"}, {45, "pipeline_stage"}, {46, "opportunity"}, {47, "quote"}, {48, "order"},
    {49, "order_line"}, {50, "quote_line"}, {51, "contract"}, {52, "subscription"}, {53, "issue"}, {54, "payment"},
    {55, "return"}, {56, "target"}, {57, "competitor"}, {60, "campaign"}, {61, "membership"}, {62, "promotion"},
    {63, "coupon"}, {64, "programme"}, {65, "enrolment"}, {66, "advertisement"}, {67, "message"}, {70, "case"},
    {71, "service_level"}, {72, "calendar"}, {73, "shift"}, {74, "holiday"}, {75, "repair_order"}, {76, "asset"},
    {77, "article"}, {78, "workflow"}, {79, "workflow_state"}, {80, "model"}, {81, "score"}, {82, "segment"},
    {83, "alert"}, {84, "recommendation"}, {85, "segment_change"}, {90, "subject_key"}, {91, "customer_summary"}, {92, "exchange_rate"},
    {93, "erasure_receipt"}, {94, "customer_history"}, {95, "customer_read"}, {96, "segment_place"}, {97, "customer_segments"}, {98, "search_part"},
    {100, "workflow_transition"},
};

// What is told about a person, in the entities where it is told: sealed in the journal, never in a log.
inline constexpr std::pair<std::string_view, std::string_view> personal_for_sure[] = {
    {"user", "name"}, {"user", "email"}, {"user", "phone"}, {"team", "manager_name"}, {"territory", "manager_name"},
    {"customer", "name"}, {"customer", "name_key"}, {"customer", "given_name"}, {"customer", "family_name"},
    {"customer", "title"}, {"customer", "birth_date"}, {"customer", "gender"}, {"customer", "marital_status"},
    {"customer", "education"}, {"customer", "occupation"}, {"customer", "age"}, {"customer", "city"},
    {"customer", "postal_code"}, {"customer", "notes"}, {"identity", "external_id"}, {"relationship", "position"},
    {"contact_point", "value"}, {"contact_point", "value_key"}, {"contact_point", "street"},
    {"contact_point", "city"}, {"contact_point", "postal_code"}, {"consent", "evidence"}, {"care_date", "month"},
    {"care_date", "day"}, {"care_date", "year"}, {"care_date", "name"}, {"credit", "rating"}, {"credit", "score"},
    {"credit", "reason"}, {"block", "reason"}, {"interaction", "subject"}, {"interaction", "body"},
    {"interaction", "attachment"}, {"task", "subject"}, {"task", "body"}, {"task", "place"}, {"response", "comment"},
    {"answer", "text"}, {"feedback", "body"}, {"opportunity", "notes"}, {"payment", "reference"},
    {"membership", "answer"}, {"message", "subject"}, {"message", "body"}, {"case", "subject"},
    {"case", "description"}, {"case", "resolution"}, {"repair_order", "fault"}, {"asset", "serial_number"},
    {"asset", "place"}, {"alert", "reason"}, {"recommendation", "reason"},
};
// clang-format on

}  // namespace emptor
