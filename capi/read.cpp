#include "argument.hpp"
#include "guard.hpp"
#include "objects.hpp"
#include "query.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

void hand_out_found(std::optional<Record>&& found, const char* entity, emptor_record*& out) {
  if (!found) throw Error(Problem{Code::not_found, "there is no such record", std::string(entity), {}, {}, {}});
  out = hand_out<emptor_record>(std::make_unique<RecordObject>(std::move(*found)));
}

}  // namespace

extern "C" {

emptor_status emptor_get(emptor_session* session, const char* entity, int64_t id, emptor_record** record,
                         emptor_error* error) {
  return guarded(error, [&] {
    emptor_record*& out = output(record);
    const Lease<SessionObject> object(session);
    const std::string_view name = name_in(entity);
    hand_out_found(object->session.view().get(name, Id{id}), entity, out);
  });
}

emptor_status emptor_find(emptor_session* session, const char* entity, const char* system, const char* external_id,
                          size_t external_id_size, emptor_record** record, emptor_error* error) {
  return guarded(error, [&] {
    emptor_record*& out = output(record);
    const Lease<SessionObject> object(session);
    const std::string_view name = name_in(entity);
    const std::string_view of = name_in(system);
    hand_out_found(object->session.view().find(name, of, text_in(external_id, external_id_size)), entity, out);
  });
}

emptor_status emptor_count(emptor_session* session, const char* entity, const emptor_query* query, int64_t* count,
                           emptor_error* error) {
  return guarded(error, [&] {
    std::int64_t& out = output(count);
    const Lease<SessionObject> object(session);
    const View view = object->session.view();
    const Asked asked = query_in(object->session, view.schema(), entity, query);
    const Query& all = asked.query;
    if (!all.with_deleted) {
      out = view.count(all.entity, all.where);
      return;
    }
    const Groups groups = view.aggregate({all.entity, all.where, {}, {{Measure::count, {}}}, true});
    out = groups.groups.empty() ? 0 : groups.groups.front().results.front().integer();
  });
}

emptor_status emptor_select(emptor_session* session, const char* entity, const emptor_query* query,
                            emptor_records** records, emptor_error* error) {
  return guarded(error, [&] {
    emptor_records*& out = output(records);
    const Lease<SessionObject> object(session);
    const View view = object->session.view();
    auto found = std::make_unique<RecordsObject>();
    found->records = view.select(query_in(object->session, view.schema(), entity, query).query);
    out = hand_out<emptor_records>(std::move(found));
  });
}

emptor_status emptor_records_count(emptor_records* records, size_t* count, emptor_error* error) {
  return guarded(error, [&] {
    std::size_t& out = output(count);
    out = Lease<RecordsObject>(records)->records.size();
  });
}

emptor_status emptor_records_at(emptor_records* records, size_t index, emptor_record** record, emptor_error* error) {
  return guarded(error, [&] {
    emptor_record*& out = output(record);
    const Lease<RecordsObject> object(records);
    if (index >= object->records.size()) throw Error(Code::not_found, "the index is not below the count");
    out = hand_out<emptor_record>(std::make_unique<RecordObject>(object->records[index]));
  });
}

emptor_status emptor_records_free(emptor_records* records, emptor_error* error) {
  return guarded(error, [&] { take_back<RecordsObject>(records); });
}

}  // extern "C"
