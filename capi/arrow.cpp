#include "argument.hpp"
#include "core/arrow_table.hpp"
#include "document.hpp"
#include "emptor/desk/table_arrow.hpp"
#include "emptor/insight/facts_arrow.hpp"
#include "emptor/session/select_arrow.hpp"
#include "guard.hpp"
#include "import_options.hpp"
#include "objects.hpp"
#include "query.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

/// "id,name" as its names; none for NULL.
std::vector<std::string> fields_in(const char* fields) {
  std::vector<std::string> names;
  if (fields == nullptr) return names;
  const std::string_view all = text_in(fields, EMPTOR_NUL);
  for (std::size_t at = 0; at <= all.size();) {
    const std::size_t end = std::min(all.find(',', at), all.size());
    names.emplace_back(all.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

/// What a stream keeps: the store, the text of the value that its query compares with, and its rule.
struct SelectionMemory {
  std::shared_ptr<OpenStore> store;
  std::string value;
  std::shared_ptr<const Rule> rule;
};

}  // namespace

extern "C" {

emptor_status emptor_select_arrow(emptor_session* session, const char* entity, const emptor_query* query,
                                  const char* fields, struct ArrowArrayStream* out, emptor_error* error) {
  return guarded(error, [&] {
    ArrowArrayStream& stream = output(out);
    const Lease<SessionObject> object(session);
    emptor_query given = options_in(query, emptor_query EMPTOR_QUERY_INIT);
    auto memory = std::make_shared<SelectionMemory>(SelectionMemory{
        object->store, std::string(text_in(given.value, given.field == nullptr ? 0 : given.value_size)), nullptr});
    given.value = memory->value.data();
    given.value_size = memory->value.size();
    View view = object->session.view();
    auto [all, rule] = unlimited_query_in(object->session, view.schema(), entity, given);
    memory->rule = std::move(rule);
    all.fields = fields_in(fields);
    SelectArrowOptions options{.keep = std::move(memory), .progress = object->session.options().progress};
    if (given.limit != 0) options.limit = given.limit;
    select_arrow(std::move(view), std::move(all), &stream, std::move(options));
  });
}

emptor_status emptor_facts_arrow(emptor_session* session, struct ArrowArrayStream* out, emptor_error* error) {
  return guarded(error, [&] {
    ArrowArrayStream& stream = output(out);
    const Lease<SessionObject> object(session);
    facts_to_arrow(read_facts(object->session), &stream, object->session.options().progress);
  });
}

emptor_status emptor_import_arrow(emptor_session* session, const char* name, struct ArrowArrayStream* in,
                                  const emptor_import_options* options, emptor_document** report, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(report);
    const Lease<SessionObject> object(session);
    check_stream(in);
    const UnreadStream unread(in);
    ImportOptions given = import_options(options);
    const std::string table(name_in(name));
    if (table.empty()) throw Error(Code::invalid, "the table has no name");
    if (!given.progress) given.progress = object->session.options().progress;
    Tables tables;
    tables.sources.push_back(open_arrow_table(table, in, given.progress));
    out = hand_out_document(to_json(import_tables(object->session, tables, given)));
  });
}

}  // extern "C"
