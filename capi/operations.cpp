#include <algorithm>
#include <array>

#include "argument.hpp"
#include "core/arrow_table.hpp"
#include "core/long_call.hpp"
#include "document.hpp"
#include "emptor/insight/compute.hpp"
#include "guard.hpp"
#include "host.hpp"
#include "objects.hpp"
#include "operation_table.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

OperationAnswer run_operation(Session& session, const Operation& which, std::string_view options, bool table) {
  const LongCall call(session.options().progress);
  return which.run(session, OptionReader(which.options_schema, options), table);
}

}  // namespace

extern "C" {

int32_t emptor_has(const char* module) {
  static constexpr std::array<std::string_view, 10> modules = {"memory",  "sqlite",  "import", "export",   "arrow",
                                                               "insight", "compute", "report", "generate", "mine"};
  return module != nullptr && std::find(modules.begin(), modules.end(), std::string_view(module)) != modules.end();
}

emptor_status emptor_operations(emptor_document** list, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(list);
    out = hand_out_document(list_operations());
  });
}

emptor_status emptor_run(emptor_session* session, const char* operation, const char* options, size_t size,
                         emptor_document** result, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(result);
    const Lease<SessionObject> object(session);
    const Operation& which = capi::operation(name_in(operation));
    out = hand_out_document(run_operation(object->session, which, text_in(options, size), false).json);
  });
}

emptor_status emptor_run_arrow(emptor_session* session, const char* operation, const char* options, size_t size,
                               struct ArrowArrayStream* out, emptor_error* error) {
  return guarded(error, [&] {
    ArrowArrayStream& stream = output(out);
    const Lease<SessionObject> object(session);
    const Operation& which = capi::operation(name_in(operation));
    const std::string_view json = text_in(options, size);
    if (!which.gives_table) throw Error(Code::unsupported, "this operation gives no table", "call emptor_run");
    to_arrow(run_operation(object->session, which, json, true).table, &stream);
  });
}

emptor_status emptor_compute(const char* operation, const char* options, size_t size, struct ArrowArrayStream* in,
                             const emptor_host* host, struct ArrowArrayStream* out, emptor_document** result,
                             emptor_error* error) {
  return guarded(error, [&] {
    give(result, static_cast<emptor_document*>(nullptr));
    give(out, ArrowArrayStream{});
    check_stream(in);
    const UnreadStream unread(in);
    const std::string_view name = name_in(operation);
    const std::string_view json = text_in(options, size);
    mine::Run run = run_in(host);
    ComputedResult computed =
        compute(name, {in, json.empty() ? "{}" : std::string(json), std::move(run.progress), std::move(run.executor)});
    ArrowArrayStream table{};
    const UnreadStream untaken(&table);
    if (out != nullptr) to_arrow(std::move(computed.table), &table);
    if (result != nullptr) *result = hand_out_document(std::move(computed.json));
    give(out, table);
    table.release = nullptr;
  });
}

}  // extern "C"
