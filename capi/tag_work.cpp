#include "tag_work.hpp"

#include "emptor/desk/tags.hpp"

namespace emptor::capi {
namespace {

constexpr std::string_view put_schema = R"({"type":"object","required":["customer_id","name"],"properties":{
"customer_id":{"type":"integer","minimum":1},
"name":{"type":"string","description":"the mark"},
"source":{"type":"string","description":"who or what says so"},
"confidence":{"type":"number","minimum":0,"maximum":1,"description":"certain without it"},
"valid_from":{"type":"string","description":"YYYY-MM-DD, first day; always without it"},
"valid_to":{"type":"string","description":"YYYY-MM-DD, last day; for ever without it"}}})";

constexpr std::string_view remove_schema = R"({"type":"object","required":["customer_id","name"],"properties":{
"customer_id":{"type":"integer","minimum":1},
"name":{"type":"string","description":"the mark, whoever put it"},
"from":{"type":"string","description":"YYYY-MM-DD, first day without it; today without this"}}})";

constexpr std::string_view tags_schema = R"({"type":"object","required":["customer_id"],"properties":{
"customer_id":{"type":"integer","minimum":1},
"day":{"type":"string","description":"YYYY-MM-DD, on which they are in force; today without it"}}})";

OperationAnswer run_put(Session& session, const OptionReader& options, bool) {
  const Id tag = put_tag(session, {.customer = Id{options.integer("customer_id")},
                                   .name = options.text("name"),
                                   .source = options.text("source"),
                                   .confidence = options.number("confidence"),
                                   .valid_from = options.day("valid_from"),
                                   .valid_to = options.day("valid_to")});
  return {"{\"id\":\"" + std::to_string(tag.value) + "\"}"};
}

OperationAnswer run_remove(Session& session, const OptionReader& options, bool) {
  const std::size_t ended =
      remove_tag(session, Id{options.integer("customer_id")}, options.text("name"), options.day("from"));
  return {"{\"removed\":\"" + std::to_string(ended) + "\"}"};
}

OperationAnswer run_tags(Session& session, const OptionReader& options, bool) {
  return {to_json(tags_of(session, Id{options.integer("customer_id")}, options.day("day")))};
}

}  // namespace

std::vector<Operation> tag_operations() {
  return {
      {"put_tag", "a mark on a customer, with its source, how sure it is, and from when to when it holds",
       std::string(put_schema), false, run_put},
      {"remove_tag", "from a day on the customer has no tag of this name", std::string(remove_schema), false,
       run_remove},
      {"tags", "the tags of a customer that are in force on a day", std::string(tags_schema), false, run_tags},
  };
}

}  // namespace emptor::capi
