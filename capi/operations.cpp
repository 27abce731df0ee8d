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

/// The caller's functions as computations call them.
PlainBatches batches_in(const emptor_tables* given) {
  if (given == nullptr) throw Error(Code::misuse, "the batches are NULL", "pass them, with their size set");
  const emptor_tables tables = options_in(given, emptor_tables EMPTOR_TABLES_INIT);
  if (tables.rewind == nullptr || tables.next == nullptr)
    throw Error(Code::misuse, "the batches lack a function", "both rewind and next are called");
  const auto check = [](int told) {
    if (told < 0) throw Error(Code::io, "the host's batches failed");
    return told != 0;
  };
  PlainBatches batches;
  batches.rewind = [=] { check(tables.rewind(tables.context)); };
  batches.next = [=](ArrowArrayStream& batch) { return check(tables.next(tables.context, &batch)); };
  return batches;
}

/// Both places may be NULL.
void hand_out_computed(ComputedResult computed, ArrowArrayStream* out, emptor_document** result) {
  ArrowArrayStream table{};
  const UnreadStream untaken(&table);
  if (out != nullptr) to_arrow(std::move(computed.table), &table);
  if (result != nullptr) *result = hand_out_document(std::move(computed.json));
  give(out, table);
  table.release = nullptr;
}

}  // namespace

extern "C" {

int32_t emptor_has(const char* module) {
  static constexpr std::array<std::string_view, 11> modules = {
      "memory", "sqlite", "host", "import", "export", "arrow", "insight", "compute", "report", "generate", "mine"};
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
    hand_out_computed(
        compute(name, {in, json.empty() ? "{}" : std::string(json), std::move(run.progress), std::move(run.executor)}),
        out, result);
  });
}

emptor_status emptor_compute_batches(const char* operation, const char* options, size_t size,
                                     const emptor_tables* batches, const emptor_host* host,
                                     struct ArrowArrayStream* out, emptor_document** result, emptor_error* error) {
  return guarded(error, [&] {
    give(result, static_cast<emptor_document*>(nullptr));
    give(out, ArrowArrayStream{});
    const std::string_view name = name_in(operation);
    const std::string_view json = text_in(options, size);
    PlainBatches data = batches_in(batches);
    mine::Run run = run_in(host);
    if (!json.empty()) data.json = json;
    data.progress = std::move(run.progress);
    data.executor = std::move(run.executor);
    hand_out_computed(compute(name, data), out, result);
  });
}

}  // extern "C"
