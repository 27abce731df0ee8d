#include "support/capi_calls.hpp"

#include <fstream>
#include <iterator>
#include <utility>

namespace emptor::test {
namespace {

using A = CapiArguments;

// Places for results; the calls run one at a time.
struct Places {
  emptor_store* store;
  emptor_session* session;
  emptor_record* record;
  emptor_records* records;
  emptor_changes* changes;
  emptor_receipt* receipt;
  emptor_document* document;
  emptor_card* card;
  emptor_model* model;
  emptor_text text;
  std::size_t count;
  std::int64_t integer;
  std::int32_t small, smaller, smallest;
  double real;
  emptor_store_state state;
  emptor_field field;
  emptor_receipt_summary summary;
  emptor_card_view view;
  emptor_card_line line;
  ArrowArrayStream stream;
};
Places places;

template <class T>
T* out(const A& a, T& place) {
  return a.null_output ? nullptr : &place;
}
emptor_store* store(const A& a) { return static_cast<emptor_store*>(a.handle[capi_store]); }
emptor_session* session(const A& a) { return static_cast<emptor_session*>(a.handle[capi_session]); }
emptor_record* record(const A& a) { return static_cast<emptor_record*>(a.handle[capi_record]); }
emptor_records* records(const A& a) { return static_cast<emptor_records*>(a.handle[capi_records]); }
emptor_changes* changes(const A& a) { return static_cast<emptor_changes*>(a.handle[capi_changes]); }
emptor_receipt* receipt(const A& a) { return static_cast<emptor_receipt*>(a.handle[capi_receipt]); }
emptor_document* document(const A& a) { return static_cast<emptor_document*>(a.handle[capi_document]); }
emptor_card* card(const A& a) { return static_cast<emptor_card*>(a.handle[capi_card]); }

emptor_model* model(const A& a) { return static_cast<emptor_model*>(a.handle[capi_model]); }

const char* name(const A& a, const char* good) { return a.null_name ? nullptr : good; }
const char* text(const A& a, const char* good) { return a.hostile_text ? a.text : good; }
std::size_t size(const A& a) { return a.hostile_text ? a.text_size : EMPTOR_NUL; }

// A host that keeps nothing: a store is made there, and gone when it is closed.
emptor_host_calls nowhere() {
  emptor_host_calls calls = EMPTOR_HOST_CALLS_INIT;
  calls.get = [](void*, const void*, std::size_t, const void**, std::size_t*) { return 0; };
  calls.put = [](void*, const void*, std::size_t, const void*, std::size_t) { return 0; };
  calls.erase = [](void*, const void*, std::size_t) { return 0; };
  calls.range = [](void*, const void*, std::size_t, const void*, std::size_t, int, emptor_host_visit, void*) {
    return 0;
  };
  calls.commit = [](void*, emptor_host_commit) { return 0; };
  return calls;
}

std::vector<CapiCall> store_calls() {
  static emptor_store_options create = EMPTOR_STORE_OPTIONS_INIT;
  create.create = 1;
  return {
      {"emptor_store_open",
       {},
       true,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         const emptor_status status =
             emptor_store_open(text(a, ":memory:"), size(a), &create, out(a, places.store), a.error);
         if (status == EMPTOR_OK) emptor_store_close(places.store, nullptr);
         return status;
       }},
      {"emptor_store_open_host",
       {},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         const emptor_host_calls calls = nowhere();
         const emptor_status status = emptor_store_open_host(&calls, &create, out(a, places.store), a.error);
         if (status == EMPTOR_OK) emptor_store_close(places.store, nullptr);
         return status;
       }},
      {"emptor_store_close",
       {capi_store},
       false,
       false,
       false,
       true,
       EMPTOR_MISUSE,
       [](const A& a) { return emptor_store_close(store(a), a.error); }},
      {"emptor_store_info",
       {capi_store},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         places.state.size = sizeof places.state;
         return emptor_store_info(store(a), out(a, places.state), a.error);
       }},
      {"emptor_store_backup",
       {capi_store},
       true,
       false,
       false,
       false,
       EMPTOR_INVALID,
       [](const A& a) { return emptor_store_backup(store(a), text(a, "/"), size(a), a.error); }},
      {"emptor_store_sync",
       {capi_store},
       false,
       false,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_store_sync(store(a), a.error); }},
      {"emptor_session_open",
       {capi_store},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         const emptor_status status = emptor_session_open(store(a), nullptr, out(a, places.session), a.error);
         if (status == EMPTOR_OK) emptor_session_close(places.session, nullptr);
         return status;
       }},
      {"emptor_session_close",
       {capi_session},
       false,
       false,
       false,
       true,
       EMPTOR_OK,
       [](const A& a) { return emptor_session_close(session(a), a.error); }},
      {"emptor_session_adopt",
       {capi_session},
       false,
       false,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_session_adopt(session(a), a.error); }},
  };
}

std::vector<CapiCall> model_calls() {
  return {
      {"emptor_entity_count",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_entity_count(session(a), out(a, places.count), a.error); }},
      {"emptor_entity_name",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_entity_name(session(a), 0, out(a, places.text), a.error); }},
      {"emptor_field_count",
       {capi_session},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_field_count(session(a), name(a, "customer"), out(a, places.count), a.error); }},
      {"emptor_field_at",
       {capi_session},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         places.field.size = sizeof places.field;
         return emptor_field_at(session(a), name(a, "customer"), 0, out(a, places.field), a.error);
       }},
      {"emptor_define_field",
       {capi_session},
       true,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return emptor_define_field(session(a), "customer", name(a, "shoe_size"), EMPTOR_TYPE_INTEGER, 0,
                                    text(a, "size of shoes"), size(a), nullptr, a.error);
       }},
  };
}

std::vector<CapiCall> setter_calls() {
  return {
      {"emptor_record_set_text",
       {capi_record},
       true,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_set_text(record(a), name(a, "name"), text(a, "Bo"), size(a), a.error); }},
      {"emptor_record_set_integer",
       {capi_record},
       false,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_set_integer(record(a), name(a, "employees"), 3, a.error); }},
      {"emptor_record_set_decimal",
       {capi_record},
       false,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_set_decimal(record(a), name(a, "annual_revenue"), 125, 1, a.error); }},
      {"emptor_record_set_real",
       {capi_record},
       false,
       true,
       false,
       false,
       EMPTOR_INVALID,
       [](const A& a) { return emptor_record_set_real(record(a), name(a, "annual_revenue"), .5, a.error); }},
      {"emptor_record_set_boolean",
       {capi_record},
       false,
       true,
       false,
       false,
       EMPTOR_INVALID,
       [](const A& a) { return emptor_record_set_boolean(record(a), name(a, "name"), 1, a.error); }},
      {"emptor_record_set_date",
       {capi_record},
       false,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_set_date(record(a), name(a, "birth_date"), 1815, 12, 10, a.error); }},
      {"emptor_record_set_instant",
       {capi_record},
       false,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_set_instant(record(a), name(a, "since"), 1, a.error); }},
      {"emptor_record_set_id",
       {capi_record},
       false,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_set_id(record(a), name(a, "parent_id"), 1, a.error); }},
      {"emptor_record_clear",
       {capi_record},
       false,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_clear(record(a), name(a, "name"), a.error); }},
      {"emptor_record_from_json",
       {capi_record},
       true,
       false,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_from_json(record(a), text(a, R"({"name":"Bo"})"), size(a), a.error); }},
  };
}

std::vector<CapiCall> getter_calls() {
  return {
      {"emptor_record_get_text",
       {capi_record},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_get_text(record(a), name(a, "name"), out(a, places.text), a.error); }},
      {"emptor_record_get_integer",
       {capi_record},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return emptor_record_get_integer(record(a), name(a, "employees"), out(a, places.integer), nullptr, a.error);
       }},
      {"emptor_record_get_decimal",
       {capi_record},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return emptor_record_get_decimal(record(a), name(a, "annual_revenue"), out(a, places.integer), &places.small,
                                          nullptr, a.error);
       }},
      {"emptor_record_get_real",
       {capi_record},
       false,
       true,
       true,
       false,
       EMPTOR_INVALID,
       [](const A& a) {
         return emptor_record_get_real(record(a), name(a, "name"), out(a, places.real), nullptr, a.error);
       }},
      {"emptor_record_get_boolean",
       {capi_record},
       false,
       true,
       true,
       false,
       EMPTOR_INVALID,
       [](const A& a) {
         return emptor_record_get_boolean(record(a), name(a, "name"), out(a, places.small), nullptr, a.error);
       }},
      {"emptor_record_get_date",
       {capi_record},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return emptor_record_get_date(record(a), name(a, "birth_date"), out(a, places.small), &places.smaller,
                                       &places.smallest, nullptr, a.error);
       }},
      {"emptor_record_get_instant",
       {capi_record},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return emptor_record_get_instant(record(a), name(a, "since"), out(a, places.integer), nullptr, a.error);
       }},
      {"emptor_record_get_id",
       {capi_record},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return emptor_record_get_id(record(a), name(a, "parent_id"), out(a, places.integer), nullptr, a.error);
       }},
      {"emptor_record_to_json",
       {capi_record},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_to_json(record(a), out(a, places.text), a.error); }},
      {"emptor_record_entity",
       {capi_record},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_entity(record(a), out(a, places.text), a.error); }},
  };
}

// Frees the record that a call made, so that nothing is left open.
emptor_status free_made(emptor_status status) {
  if (status == EMPTOR_OK) emptor_record_free(places.record, nullptr);
  return status;
}

std::vector<CapiCall> read_calls() {
  return {
      {"emptor_record_new",
       {capi_session},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_made(emptor_record_new(session(a), name(a, "customer"), out(a, places.record), a.error));
       }},
      {"emptor_record_free",
       {capi_record},
       false,
       false,
       false,
       true,
       EMPTOR_OK,
       [](const A& a) { return emptor_record_free(record(a), a.error); }},
      {"emptor_get",
       {capi_session},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_made(emptor_get(session(a), name(a, "customer"), 1, out(a, places.record), a.error));
       }},
      {"emptor_find",
       {capi_session},
       true,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_made(emptor_find(session(a), "customer", name(a, "erp"), text(a, "A-1"), size(a),
                                      out(a, places.record), a.error));
       }},
      {"emptor_count",
       {capi_session},
       true,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         emptor_query query = EMPTOR_QUERY_INIT;
         query.field = "name";
         query.value = text(a, "Ada");
         query.value_size = size(a);
         return emptor_count(session(a), name(a, "customer"), &query, out(a, places.integer), a.error);
       }},
      {"emptor_select",
       {capi_session},
       true,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         emptor_query query = EMPTOR_QUERY_INIT;
         query.field = "name";
         query.value = text(a, "Ada");
         query.value_size = size(a);
         const emptor_status status =
             emptor_select(session(a), name(a, "customer"), &query, out(a, places.records), a.error);
         if (status == EMPTOR_OK) emptor_records_free(places.records, nullptr);
         return status;
       }},
      {"emptor_records_count",
       {capi_records},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_records_count(records(a), out(a, places.count), a.error); }},
      {"emptor_records_at",
       {capi_records},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return free_made(emptor_records_at(records(a), 0, out(a, places.record), a.error)); }},
      {"emptor_records_free",
       {capi_records},
       false,
       false,
       false,
       true,
       EMPTOR_OK,
       [](const A& a) { return emptor_records_free(records(a), a.error); }},
  };
}

std::vector<CapiCall> change_calls() {
  return {
      {"emptor_changes_new",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         const emptor_status status = emptor_changes_new(session(a), out(a, places.changes), a.error);
         if (status == EMPTOR_OK) emptor_changes_free(places.changes, nullptr);
         return status;
       }},
      {"emptor_changes_free",
       {capi_changes},
       false,
       false,
       false,
       true,
       EMPTOR_OK,
       [](const A& a) { return emptor_changes_free(changes(a), a.error); }},
      {"emptor_changes_count",
       {capi_changes},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_changes_count(changes(a), out(a, places.count), a.error); }},
      {"emptor_changes_put",
       {capi_changes, capi_record},
       false,
       false,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_changes_put(changes(a), record(a), nullptr, a.error); }},
      {"emptor_changes_put_by",
       {capi_changes, capi_record},
       true,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return emptor_changes_put_by(changes(a), record(a), name(a, "erp"), text(a, "A-2"), size(a), nullptr, a.error);
       }},
      {"emptor_changes_put_json",
       {capi_changes},
       true,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return emptor_changes_put_json(changes(a), name(a, "customer"), text(a, R"({"name":"Bo"})"), size(a), nullptr,
                                        a.error);
       }},
      {"emptor_changes_erase",
       {capi_changes},
       false,
       true,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_changes_erase(changes(a), name(a, "customer"), 1, 0, a.error); }},
      {"emptor_apply",
       {capi_session, capi_changes},
       false,
       false,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_apply(session(a), changes(a), nullptr, nullptr, a.error); }},
      {"emptor_receipt_read",
       {capi_receipt},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         places.summary.size = sizeof places.summary;
         return emptor_receipt_read(receipt(a), out(a, places.summary), a.error);
       }},
      {"emptor_receipt_change",
       {capi_receipt},
       false,
       false,
       false,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_receipt_change(receipt(a), 0, &places.integer, nullptr, a.error); }},
      {"emptor_receipt_free",
       {capi_receipt},
       false,
       false,
       false,
       true,
       EMPTOR_OK,
       [](const A& a) { return emptor_receipt_free(receipt(a), a.error); }},
  };
}

emptor_status free_document(emptor_status status) {
  if (status == EMPTOR_OK) emptor_document_free(places.document, nullptr);
  return status;
}

std::vector<CapiCall> work_calls() {
  return {
      {"emptor_document_text",
       {capi_document},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_document_text(document(a), out(a, places.text), a.error); }},
      {"emptor_document_free",
       {capi_document},
       false,
       false,
       false,
       true,
       EMPTOR_OK,
       [](const A& a) { return emptor_document_free(document(a), a.error); }},
      {"emptor_import",
       {capi_session},
       true,
       false,
       true,
       false,
       EMPTOR_NOT_FOUND,
       [](const A& a) {
         const emptor_text path{text(a, "no/such/file"), size(a)};
         return free_document(emptor_import(session(a), &path, 1, nullptr, out(a, places.document), a.error));
       }},
      {"emptor_insights",
       {},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return free_document(emptor_insights(out(a, places.document), a.error)); }},
      {"emptor_insight",
       {capi_session},
       true,
       true,
       true,
       false,
       EMPTOR_NOT_FOUND,
       [](const A& a) {
         emptor_insight_options options = EMPTOR_INSIGHT_OPTIONS_INIT;
         options.json = text(a, "{}");
         options.json_size = size(a);
         return free_document(
             emptor_insight(session(a), name(a, "no_such_insight"), &options, out(a, places.document), a.error));
       }},
      {"emptor_verify",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return free_document(emptor_verify(session(a), 1, out(a, places.document), a.error)); }},
      {"emptor_feed",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return free_document(emptor_feed(session(a), 0, 10, out(a, places.document), a.error)); }},
      {"emptor_feed_deliver",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         const auto take = [](void*, const char*, std::size_t) { return 1; };
         return emptor_feed_deliver(session(a), 0, 10, take, nullptr, out(a, places.integer), a.error);
       }},
  };
}

// A stream that allocates nothing, of one column that no field can take.
ArrowArrayStream refused_stream() {
  ArrowArrayStream stream{};
  stream.get_schema = [](ArrowArrayStream*, ArrowSchema* out) {
    static ArrowSchema child{};
    static ArrowSchema* children[] = {&child};
    child = {.format = "z", .name = "blob", .release = [](ArrowSchema* schema) { schema->release = nullptr; }};
    *out = {.format = "+s", .name = "", .n_children = 1, .children = children};
    out->release = child.release;
    return 0;
  };
  stream.get_next = [](ArrowArrayStream*, ArrowArray* out) {
    *out = {};
    return 0;
  };
  stream.release = [](ArrowArrayStream* given) { given->release = nullptr; };
  return stream;
}

emptor_status release_made(emptor_status status) {
  if (status == EMPTOR_OK) places.stream.release(&places.stream);
  return status;
}

std::vector<CapiCall> arrow_calls() {
  return {
      {"emptor_select_arrow",
       {capi_session},
       true,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         emptor_query query = EMPTOR_QUERY_INIT;
         query.field = "name";
         query.value = text(a, "Ada");
         query.value_size = size(a);
         return release_made(
             emptor_select_arrow(session(a), name(a, "customer"), &query, "id,name", out(a, places.stream), a.error));
       }},
      {"emptor_facts_arrow",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return release_made(emptor_facts_arrow(session(a), out(a, places.stream), a.error)); }},
      {"emptor_import_arrow",
       {capi_session},
       true,
       true,
       true,
       false,
       EMPTOR_UNSUPPORTED,
       [](const A& a) {
         ArrowArrayStream stream = refused_stream();
         emptor_import_options options = EMPTOR_IMPORT_OPTIONS_INIT;
         options.mapping = text(a, "");
         options.mapping_size = size(a);
         return free_document(emptor_import_arrow(session(a), name(a, "customers"), &stream, &options,
                                                  out(a, places.document), a.error));
       }},
      {"emptor_operations",
       {},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return free_document(emptor_operations(out(a, places.document), a.error)); }},
      {"emptor_run",
       {capi_session},
       true,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_document(
             emptor_run(session(a), name(a, "statistics"), text(a, "{}"), size(a), out(a, places.document), a.error));
       }},
      {"emptor_run_arrow",
       {capi_session},
       true,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return release_made(emptor_run_arrow(session(a), name(a, "statistics"), text(a, "{}"), size(a),
                                              out(a, places.stream), a.error));
       }},
      {"emptor_compute",
       {},
       true,
       true,
       false,
       false,
       EMPTOR_UNSUPPORTED,
       [](const A& a) {
         ArrowArrayStream stream = refused_stream();
         return emptor_compute(name(a, "rfm"), text(a, "{}"), size(a), &stream, nullptr, nullptr, nullptr, a.error);
       }},
      {"emptor_compute_batches",
       {},
       true,
       true,
       false,
       false,
       EMPTOR_UNSUPPORTED,
       [](const A& a) {
         emptor_tables batches = EMPTOR_TABLES_INIT;
         batches.rewind = [](void*) { return 0; };
         batches.next = [](void*, ArrowArrayStream* batch) { return *batch = refused_stream(), 1; };
         return emptor_compute_batches(name(a, "itemsets"), text(a, R"({"min_support":2})"), size(a), &batches, nullptr,
                                       nullptr, nullptr, a.error);
       }},
  };
}

emptor_status free_model(emptor_status status) {
  if (status == EMPTOR_OK) emptor_model_free(places.model, nullptr);
  return status;
}

// The bytes of the model that the world holds.
emptor_text model_bytes() {
  static const std::string kept = [] {
    const CapiWorld world;
    emptor_text bytes{};
    emptor_model_save(world.model, &bytes, nullptr);
    return std::string(bytes.data, bytes.size);
  }();
  return {kept.data(), kept.size()};
}

std::vector<CapiCall> mined_calls() {
  model_bytes();  // made now, and not where allocations fail
  return {
      {"emptor_model_fit",
       {},
       true,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         const emptor_matrix x = world_rows();
         return free_model(emptor_model_fit(name(a, "logistic"), text(a, "{}"), size(a), &x, world_targets(), nullptr,
                                            nullptr, nullptr, out(a, places.model), a.error));
       }},
      {"emptor_model_fit_batches",
       {},
       true,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         bool given = false;
         emptor_batches batches = EMPTOR_BATCHES_INIT;
         batches.columns = 2;
         batches.context = &given;
         batches.rewind = [](void* context) { return *static_cast<bool*>(context) = false, 0; };
         batches.next = [](void* context, emptor_batch* batch) {
           batch->x = world_rows();
           batch->y = world_targets();
           return std::exchange(*static_cast<bool*>(context), true) ? 0 : 1;
         };
         return free_model(emptor_model_fit_batches(name(a, "logistic"), text(a, "{}"), size(a), &batches, nullptr,
                                                    out(a, places.model), a.error));
       }},
      {"emptor_model_fit_table",
       {},
       true,
       true,
       true,
       false,
       EMPTOR_UNSUPPORTED,
       [](const A& a) {
         ArrowArrayStream stream = refused_stream();
         return free_model(emptor_model_fit_table(name(a, "markov_chain"), text(a, "{}"), size(a), &stream, nullptr,
                                                  out(a, places.model), a.error));
       }},
      {"emptor_model_ask",
       {capi_model},
       true,
       false,
       true,
       false,
       EMPTOR_UNSUPPORTED,
       [](const A& a) {
         return free_document(emptor_model_ask(model(a), text(a, "{}"), size(a), out(a, places.document), a.error));
       }},
      {"emptor_model_predict",
       {capi_model},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         const emptor_matrix x = world_rows();
         static double classes[4];
         return emptor_model_predict(model(a), &x, EMPTOR_VALUE, nullptr, a.null_output ? nullptr : classes, x.rows,
                                     a.error);
       }},
      {"emptor_model_explain",
       {capi_model},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         emptor_matrix x = world_rows();
         x.rows = 1;
         return free_document(emptor_model_explain(model(a), &x, out(a, places.document), a.error));
       }},
      {"emptor_model_info",
       {capi_model},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return free_document(emptor_model_info(model(a), out(a, places.document), a.error)); }},
      {"emptor_model_text",
       {capi_model},
       true,
       true,
       true,
       false,
       EMPTOR_UNSUPPORTED,
       [](const A& a) {
         return free_document(
             emptor_model_text(model(a), name(a, "words"), text(a, "{}"), size(a), out(a, places.document), a.error));
       }},
      {"emptor_model_save",
       {capi_model},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_model_save(model(a), out(a, places.text), a.error); }},
      {"emptor_model_load",
       {},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         const emptor_text bytes = model_bytes();
         return free_model(emptor_model_load(bytes.data, bytes.size, out(a, places.model), a.error));
       }},
      {"emptor_model_free",
       {capi_model},
       false,
       false,
       false,
       true,
       EMPTOR_OK,
       [](const A& a) { return emptor_model_free(model(a), a.error); }},
  };
}

emptor_status free_card(emptor_status status) {
  if (status == EMPTOR_OK) emptor_card_free(places.card, nullptr);
  return status;
}

std::vector<CapiCall> card_calls() {
  return {
      {"emptor_caller_card",
       {capi_session},
       true,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_card(
             emptor_caller_card(session(a), text(a, "+49 30 1"), size(a), nullptr, out(a, places.card), a.error));
       }},
      {"emptor_card_by_email",
       {capi_session},
       true,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_card(emptor_card_by_email(session(a), text(a, "ada@example.org"), size(a), nullptr,
                                               out(a, places.card), a.error));
       }},
      {"emptor_card_by_identity",
       {capi_session},
       true,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_card(emptor_card_by_identity(session(a), name(a, "erp"), text(a, "A-1"), size(a), nullptr,
                                                  out(a, places.card), a.error));
       }},
      {"emptor_card_of",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return free_card(emptor_card_of(session(a), 1, nullptr, out(a, places.card), a.error)); }},
      {"emptor_card_read",
       {capi_card},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         places.view.size = sizeof places.view;
         return emptor_card_read(card(a), out(a, places.view), a.error);
       }},
      {"emptor_card_line_at",
       {capi_card},
       false,
       false,
       true,
       false,
       EMPTOR_NOT_FOUND,
       [](const A& a) {
         places.line.size = sizeof places.line;
         return emptor_card_line_at(card(a), EMPTOR_SECTION_ORDERS, 0, out(a, places.line), a.error);
       }},
      {"emptor_card_json",
       {capi_card},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return emptor_card_json(card(a), out(a, places.text), a.error); }},
      {"emptor_card_free",
       {capi_card},
       false,
       false,
       false,
       true,
       EMPTOR_OK,
       [](const A& a) { return emptor_card_free(card(a), a.error); }},
  };
}

std::vector<CapiCall> touch_calls() {
  return {
      {"emptor_interaction_log",
       {capi_session},
       true,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         emptor_interaction what = EMPTOR_INTERACTION_INIT;
         what.customer = 1;
         what.subject = {text(a, "asked for tea"), size(a)};
         return emptor_interaction_log(session(a), &what, out(a, places.integer), a.error);
       }},
      {"emptor_contact_allowed",
       {capi_session},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return emptor_contact_allowed(session(a), 1, name(a, "email"), "marketing", 0, out(a, places.small), a.error);
       }},
      {"emptor_contact_explain",
       {capi_session},
       false,
       true,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_document(
             emptor_contact_explain(session(a), 1, "email", name(a, "marketing"), 0, out(a, places.document), a.error));
       }},
      {"emptor_known_customer",
       {capi_session},
       true,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_document(emptor_known_customer(session(a), text(a, "+49 30 1"), size(a), nullptr,
                                                    out(a, places.document), a.error));
       }},
      {"emptor_phone_format",
       {},
       true,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_document(
             emptor_phone_format(text(a, "+49 30 901820"), size(a), nullptr, out(a, places.document), a.error));
       }},
      {"emptor_profile",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) {
         return free_document(emptor_profile(session(a), 1, nullptr, out(a, places.document), a.error));
       }},
      {"emptor_statistics",
       {capi_session},
       false,
       false,
       true,
       false,
       EMPTOR_OK,
       [](const A& a) { return free_document(emptor_statistics(session(a), 1, out(a, places.document), a.error)); }},
  };
}

}  // namespace

const std::vector<CapiCall>& capi_calls() {
  static const std::vector<CapiCall> all = [] {
    std::vector<CapiCall> calls;
    for (auto* part : {store_calls, model_calls, setter_calls, getter_calls, read_calls, change_calls, work_calls,
                       card_calls, touch_calls, arrow_calls, mined_calls})
      for (CapiCall& call : part()) calls.push_back(std::move(call));
    return calls;
  }();
  return all;
}

std::set<std::string> functions_of_header() {
  std::ifstream file(EMPTOR_SOURCE_DIR "/capi/emptor.h");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::set<std::string> names;
  for (std::size_t at = text.find("\nEMPTOR_API "); at != std::string::npos; at = text.find("\nEMPTOR_API ", at + 1)) {
    const std::size_t open = text.find('(', at);
    const std::size_t begin = text.find_last_of(" *", open) + 1;
    names.insert(text.substr(begin, open - begin));
  }
  return names;
}

}  // namespace emptor::test
