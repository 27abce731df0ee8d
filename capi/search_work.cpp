#include "search_work.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/moment.hpp"
#include "emptor/session/search.hpp"

namespace emptor::capi {
namespace {

constexpr std::string_view search_schema = R"({"type":"object","required":["text"],"properties":{
"text":{"type":"string","description":"words, \"quoted texts\", field:word, word* for a beginning, -word to exclude; docs/search.md"},
"entities":{"type":"array","items":{"type":"string"},"description":"only these; every one that has searched fields without it"},
"customer_id":{"type":"integer","minimum":1,"description":"only what is theirs, and they themselves"},
"since":{"type":"string","description":"an instant, or a day YYYY-MM-DD for its beginning"},
"until":{"type":"string","description":"an instant, or a day for its end"},
"any":{"type":"boolean","description":"one of the words is enough"},
"ranked":{"type":"boolean","description":"the best first, of the newest that match; else the newest first"},
"limit":{"type":"integer","minimum":1,"maximum":1000,"description":"hits at most; 20 without it"},
"candidates":{"type":"integer","minimum":1,"maximum":100000,"description":"how many of the newest are ranked; 2000 without it"},
"snippet":{"type":"integer","minimum":1,"maximum":10000,"description":"characters of it at most; 120 without it"},
"after_entity":{"type":"string","description":"goes on behind a page: what its next says"},
"after_id":{"type":"integer","minimum":1},
"after_at":{"type":"string","description":"an instant; missing where next has none"}}})";

std::optional<Instant> moment_in(const Session& session, const OptionReader& options, std::string_view name,
                                 DayEdge edge) {
  if (!options.has(name)) return std::nullopt;
  const std::optional<Instant> moment = parse_moment(options.text(name), Zone::of(session.view().info().zone), edge);
  if (!moment)
    throw Error(Problem{Code::invalid,
                        "the option is neither an instant nor a day",
                        {},
                        std::string(name),
                        {},
                        "write 2024-05-31T12:00:00Z or 2024-05-31"});
  return moment;
}

OperationAnswer run_search(Session& session, const OptionReader& options, bool) {
  SearchQuery query{.text = options.text("text"),
                    .entities = options.texts("entities"),
                    .customer = Id{options.integer("customer_id")},
                    .from = moment_in(session, options, "since", DayEdge::begin),
                    .until = moment_in(session, options, "until", DayEdge::end),
                    .any = options.flag("any"),
                    .ranked = options.flag("ranked"),
                    .limit = static_cast<std::size_t>(options.integer("limit", 20)),
                    .candidates = static_cast<std::size_t>(options.integer("candidates", 2'000)),
                    .snippet = static_cast<std::size_t>(options.integer("snippet", 120))};
  if (options.has("after_entity"))
    query.after = SearchKey{moment_in(session, options, "after_at", DayEdge::begin), options.text("after_entity"),
                            Id{options.integer("after_id")}};
  return {to_json(search(session, query))};
}

}  // namespace

std::vector<Operation> search_operations() {
  return {{"search", "records that hold words, in any language, the newest or the best first",
           std::string(search_schema), false, run_search}};
}

}  // namespace emptor::capi
