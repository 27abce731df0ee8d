#include "argument.hpp"
#include "document.hpp"
#include "emptor/desk/feed_payload.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/model/json.hpp"
#include "emptor/session/session_json.hpp"
#include "guard.hpp"
#include "import_options.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

constexpr std::size_t max_paths = 100'000;

std::vector<std::string> paths_in(const emptor_text* paths, std::size_t count) {
  if (count == 0) throw Error(Code::invalid, "there is nothing to import");
  if (paths == nullptr) throw Error(Code::misuse, "the paths are NULL although their number is not 0");
  if (count > max_paths) throw Error(Code::invalid, "more than 100,000 paths", "import folders");
  std::vector<std::string> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.emplace_back(text_in(paths[i].data, paths[i].size));
    if (all.back().empty()) throw Error(Code::invalid, "a path is empty");
  }
  return all;
}

InsightOptions insight_options(const emptor_insight_options& from) {
  InsightOptions options;
  if (from.as_of != nullptr) {
    options.as_of = parse_date(name_in(from.as_of));
    if (!options.as_of) throw Error(Code::invalid, "as_of is no date", "write YYYY-MM-DD");
  }
  if (const auto json = text_in(from.json, from.json_size); !json.empty()) options.json = json;
  options.write_back = from.no_write == 0;
  return options;
}

std::string list_insights() {
  std::string json = "[";
  for (const InsightEntry& entry : insights()) {
    json += json.size() > 1 ? ",{\"name\":" : "{\"name\":";
    append_json_text(json, entry.name);
    json += ",\"doc\":";
    append_json_text(json, entry.doc);
    json += ",\"options\":";
    json += entry.options_schema;
    json += '}';
  }
  return json += ']';
}

}  // namespace

extern "C" {

emptor_status emptor_document_text(emptor_document* document, emptor_text* json, emptor_error* error) {
  return guarded(error, [&] {
    emptor_text& out = output(json);
    out = text_out(Lease<DocumentObject>(document)->json);
  });
}

emptor_status emptor_document_free(emptor_document* document, emptor_error* error) {
  return guarded(error, [&] { take_back<DocumentObject>(document); });
}

emptor_status emptor_import(emptor_session* session, const emptor_text* paths, size_t path_count,
                            const emptor_import_options* options, emptor_document** report, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(report);
    const Lease<SessionObject> object(session);
    const auto given = import_options(options);
    const auto from = paths_in(paths, path_count);
    out = hand_out_document(to_json(import_tables(object->session, from, given)));
  });
}

emptor_status emptor_insights(emptor_document** list, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(list);
    out = hand_out_document(list_insights());
  });
}

emptor_status emptor_insight(emptor_session* session, const char* name, const emptor_insight_options* options,
                             emptor_document** result, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(result);
    const Lease<SessionObject> object(session);
    const std::string_view which = name_in(name);
    const auto given = insight_options(options_in(options, emptor_insight_options EMPTOR_INSIGHT_OPTIONS_INIT));
    out = hand_out_document(run_insight(object->session, which, given).json);
  });
}

emptor_status emptor_verify(emptor_session* session, int32_t deep, emptor_document** result, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(result);
    const Lease<SessionObject> object(session);
    out = hand_out_document(to_json(object->session.verify(deep != 0)));
  });
}

emptor_status emptor_feed(emptor_session* session, int64_t after, size_t limit, emptor_document** changes,
                          emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(changes);
    const Lease<SessionObject> object(session);
    if (after < 0) throw Error(Code::invalid, "a feed position is not below 0");
    out = hand_out_document(to_json(object->session.view().feed(after, limit_in(limit, 1000))));
  });
}

emptor_status emptor_feed_deliver(emptor_session* session, int64_t after, size_t limit, emptor_take take, void* context,
                                  int64_t* position, emptor_error* error) {
  return guarded(error, [&] {
    std::int64_t& out = output(position);
    const Lease<SessionObject> object(session);
    if (after < 0) throw Error(Code::invalid, "a feed position is not below 0");
    if (take == nullptr) throw Error(Code::misuse, "there is nobody who takes the changes", "pass a function");
    const auto told = [&](const FeedEvent&, std::string_view payload) {
      return take(context, payload.data(), payload.size()) != 0;
    };
    out = deliver(object->session, after, told, {.limit = limit}).position;
  });
}

}  // extern "C"
