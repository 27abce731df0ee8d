#include "segment_work.hpp"

#include "emptor/desk/segments.hpp"
#include "emptor/model/json.hpp"
#include "insight/facts/mapped_file.hpp"
#include "operation_work.hpp"
#include "session/rights/guard.hpp"

namespace emptor::capi {
namespace {

constexpr std::string_view put_schema = R"({"type":"object","required":["name","rule"],"properties":{
"name":{"type":"string","description":"a segment of this name is changed"},
"rule":{"type":"string","description":"whom it has, in the language of docs/rule.md, as text or as JSON"},
"description":{"type":"string"},
"watched":{"type":"boolean","description":"who enters or leaves is noted, as records of segment_change"},
"forgets":{"type":"boolean","description":"whom it has is due to be forgotten by law, by forget_due"}}})";

constexpr std::string_view name_schema = R"({"type":"object","required":["name"],"properties":{
"name":{"type":"string"}}})";

constexpr std::string_view members_schema = R"({"type":"object","required":["name"],"properties":{
"name":{"type":"string"},
"after":{"type":"integer","minimum":0,"description":"only customers after this id: the last of the page before"},
"limit":{"type":"integer","minimum":1,"maximum":100000,"description":"1000 without it"}}})";

constexpr std::string_view sample_schema = R"({"type":"object","required":["name"],"properties":{
"name":{"type":"string"},
"size":{"type":"integer","minimum":1,"maximum":100000,"description":"100 without it"},
"seed":{"type":"integer","minimum":0,"description":"the same draws the same; 0 without it"}}})";

constexpr std::string_view overlap_schema = R"({"type":"object","required":["first","second"],"properties":{
"first":{"type":"string"},"second":{"type":"string","description":"names of segments"}}})";

constexpr std::string_view growth_schema = R"({"type":"object","required":["name"],"properties":{
"name":{"type":"string"},
"points":{"type":"integer","minimum":1,"maximum":100,"description":"12 without it"},
"every":{"type":"integer","minimum":1,"maximum":3660,"description":"days between them; 7 without it"}}})";

constexpr std::string_view explain_schema = R"({"type":"object","required":["name"],"properties":{
"name":{"type":"string"},
"customer_id":{"type":"integer","minimum":1,"description":"why they are in it, or not; the rule alone without it"},
"language":{"type":"string","enum":["en","zh"]}}})";

constexpr std::string_view of_schema = R"({"type":"object","required":["customer_id"],"properties":{
"customer_id":{"type":"integer","minimum":1}}})";

constexpr std::string_view audience_schema = R"({"type":"object","required":["name","path"],"properties":{
"name":{"type":"string"},
"path":{"type":"string","description":"file for the rows, CSV with hashed e-mail and phone"},
"form":{"type":"string","enum":["google","meta"],"description":"google without it"}}})";

Id named(const View& view, const OptionReader& options, std::string_view option = "name") {
  return segment_named(view, options.text(option));
}

Language language_of(const OptionReader& options) {
  return options.text("language", "en") == "zh" ? Language::chinese : Language::english;
}

std::string ids_json(const std::vector<Id>& ids) {
  std::string json = "{\"customer_ids\":[";
  for (const Id id : ids) json += (json.back() == '[' ? "\"" : ",\"") + std::to_string(id.value) + '"';
  return json + "]}";
}

OperationAnswer run_put(Session& session, const OptionReader& options, bool) {
  const Id id = put_segment(session, {.name = options.text("name"),
                                      .rule = options.text("rule"),
                                      .description = options.text("description"),
                                      .watched = options.flag("watched"),
                                      .forgets = options.flag("forgets")});
  return {"{\"id\":\"" + std::to_string(id.value) + "\"}"};
}

OperationAnswer run_remove(Session& session, const OptionReader& options, bool) {
  remove_segment(session, options.text("name"));
  return {"{}"};
}

OperationAnswer run_segments(Session& session, const OptionReader&, bool) {
  return {to_json(segments(session, session.view()))};
}

OperationAnswer run_members(Session& session, const OptionReader& options, bool) {
  const View view = session.view();
  return {ids_json(segment_members(session, view, named(view, options), Id{options.integer("after")},
                                   static_cast<std::size_t>(options.integer("limit", 1'000))))};
}

OperationAnswer run_sample(Session& session, const OptionReader& options, bool) {
  const View view = session.view();
  return {ids_json(segment_sample(session, view, named(view, options),
                                  static_cast<std::size_t>(options.integer("size", 100)),
                                  static_cast<std::uint64_t>(options.integer("seed"))))};
}

OperationAnswer run_overlap(Session& session, const OptionReader& options, bool) {
  const View view = session.view();
  return {to_json(segment_overlap(session, view, named(view, options, "first"), named(view, options, "second")))};
}

OperationAnswer run_growth(Session& session, const OptionReader& options, bool) {
  return {to_json(segment_growth(session, named(session.view(), options),
                                 static_cast<std::size_t>(options.integer("points", 12)),
                                 static_cast<std::int32_t>(options.integer("every", 7))))};
}

OperationAnswer run_explain(Session& session, const OptionReader& options, bool) {
  const View view = session.view();
  const Id segment = named(view, options);
  const std::string text =
      options.has("customer_id")
          ? explain_membership(session, segment, Id{options.integer("customer_id")}, language_of(options))
          : explain_segment(view, segment, language_of(options));
  std::string json = "{\"text\":";
  append_json_text(json, text);
  return {json + "}"};
}

OperationAnswer run_audience(Session& session, const OptionReader& options, bool) {
  const View view = session.view();
  const AudienceForm form = options.text("form", "google") == "meta" ? AudienceForm::meta : AudienceForm::google;
  ReplacedFile file(options.text("path"));
  const TextSink sink = [&](std::string_view text) { file.write(std::as_bytes(std::span(text))); };
  const AudienceCounts counts = export_audience(session, view, named(view, options), form, sink);
  finish(file);
  return {to_json(counts)};
}

OperationAnswer run_segments_of(Session& session, const OptionReader& options, bool) {
  return {to_json(segments_with(session, session.view(), Id{options.integer("customer_id")}))};
}

OperationAnswer run_settle(Session& session, const OptionReader&, bool) {
  require_whole(session, "settle the store");
  session.settle();
  return {"{}"};
}

}  // namespace

std::vector<Operation> segment_operations() {
  return {
      {"put_segment", "a segment: the customers to whom a rule applies, at any moment", std::string(put_schema), false,
       run_put},
      {"remove_segment", "the segment is no more", std::string(name_schema), false, run_remove},
      {"segments", "every segment with its rule and how many customers it has", R"({"type":"object","properties":{}})",
       false, run_segments},
      {"segment_members", "a page of the ids of a segment's customers", std::string(members_schema), false,
       run_members},
      {"segment_sample", "some of a segment's customers, drawn at random", std::string(sample_schema), false,
       run_sample},
      {"segment_overlap", "how many customers two segments share", std::string(overlap_schema), false, run_overlap},
      {"segment_growth", "how many customers a segment had at the end of past days", std::string(growth_schema), false,
       run_growth},
      {"segment_explain", "a segment's rule in words, and why a customer is in it or not", std::string(explain_schema),
       false, run_explain},
      {"segment_audience", "a segment's customers for an advertising platform: hashed e-mail and phone",
       std::string(audience_schema), false, run_audience},
      {"segments_of", "the segments that have a customer", std::string(of_schema), false, run_segments_of},
      {"settle", "brings up to date what imports, days that passed and new segments left to be told",
       R"({"type":"object","properties":{}})", false, run_settle},
  };
}

}  // namespace emptor::capi
