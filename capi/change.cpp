#include "argument.hpp"
#include "emptor/model/json.hpp"
#include "guard.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

/// A set that is being added to: broken from the first step on, until all steps are done.
class Adding {
 public:
  explicit Adding(ChangesObject& changes) : changes_(changes) {
    if (changes.broken)
      throw Error(Code::misuse, "an earlier put into these changes ran out of memory", "free them and start again");
    changes_.broken = true;
  }
  void done() noexcept { changes_.broken = false; }

 private:
  ChangesObject& changes_;
};

struct ExternalId {
  std::string_view system, id;
};

void check_external(const ExternalId& external) {
  if (external.system.empty() || external.id.empty())
    throw Error(Code::invalid, "the system or the external id is empty");
}

std::int64_t put(ChangesObject& changes, const Record& record, const std::vector<bool>& fields,
                 const ExternalId* external) {
  Adding adding(changes);
  ChangeSet::Put change = changes.set.put(record.entity().name, record.id());
  if (external != nullptr) change.by(external->system, external->id);
  if (record.version() != 0) change.expect(record.version());
  for (const Field& field : record.entity().fields) {
    if (field.number >= system_field::count && fields[field.number]) change.set(field.name, record[field.number]);
  }
  adding.done();
  return change.id().value;
}

/// The record that a JSON object describes, and which fields it names.
RecordObject read_json(const ChangesObject& changes, std::string_view entity, std::string_view json) {
  RecordObject read(Record(changes.schema, changes.schema->entity(entity).number));
  for (const FieldNumber number : set_from_json(read.record, json)) read.touched[number] = true;
  if (read.record.id().value < 0) throw Error(Code::invalid, "the id of a record is negative");
  return read;
}

ApplyOptions apply_options(const emptor_apply_options& options) {
  ApplyOptions apply;
  apply.op_id = optional_name(options.op_id);
  apply.reason = optional_name(options.reason);
  apply.dry_run = options.dry_run != 0;
  return apply;
}

}  // namespace

extern "C" {

emptor_status emptor_changes_new(emptor_session* session, emptor_changes** changes, emptor_error* error) {
  return guarded(error, [&] {
    emptor_changes*& out = output(changes);
    const Lease<SessionObject> object(session);
    auto fresh = std::make_unique<ChangesObject>();
    fresh->schema = object->schema();
    out = hand_out<emptor_changes>(std::move(fresh));
  });
}

emptor_status emptor_changes_free(emptor_changes* changes, emptor_error* error) {
  return guarded(error, [&] { take_back<ChangesObject>(changes); });
}

emptor_status emptor_changes_count(emptor_changes* changes, size_t* count, emptor_error* error) {
  return guarded(error, [&] {
    std::size_t& out = output(count);
    out = Lease<ChangesObject>(changes)->set.size();
  });
}

emptor_status emptor_changes_put(emptor_changes* changes, emptor_record* record, int64_t* id, emptor_error* error) {
  return guarded(error, [&] {
    give(id, std::int64_t{0});
    const Lease<ChangesObject> object(changes);
    const Lease<RecordObject> from(record);
    give(id, put(*object, from->record, from->touched, nullptr));
  });
}

emptor_status emptor_changes_put_by(emptor_changes* changes, emptor_record* record, const char* system,
                                    const char* external_id, size_t external_id_size, int64_t* id,
                                    emptor_error* error) {
  return guarded(error, [&] {
    give(id, std::int64_t{0});
    const Lease<ChangesObject> object(changes);
    const Lease<RecordObject> from(record);
    const ExternalId external{name_in(system), text_in(external_id, external_id_size)};
    check_external(external);
    give(id, put(*object, from->record, from->touched, &external));
  });
}

emptor_status emptor_changes_put_json(emptor_changes* changes, const char* entity, const char* json, size_t size,
                                      int64_t* id, emptor_error* error) {
  return guarded(error, [&] {
    give(id, std::int64_t{0});
    const Lease<ChangesObject> object(changes);
    const std::string_view name = name_in(entity);
    const RecordObject read = read_json(*object, name, text_in(json, size));
    give(id, put(*object, read.record, read.touched, nullptr));
  });
}

emptor_status emptor_changes_erase(emptor_changes* changes, const char* entity, int64_t id, int64_t expected_version,
                                   emptor_error* error) {
  return guarded(error, [&] {
    const Lease<ChangesObject> object(changes);
    const Entity& of = object->schema->entity(name_in(entity));
    if (id <= 0 || expected_version < 0) throw Error(Code::invalid, "an id is above 0, a version not below it");
    Adding adding(*object);
    object->set.erase(of.name, Id{id}, expected_version);
    adding.done();
  });
}

emptor_status emptor_apply(emptor_session* session, emptor_changes* changes, const emptor_apply_options* options,
                           emptor_receipt** receipt, emptor_error* error) {
  return guarded(error, [&] {
    give(receipt, static_cast<emptor_receipt*>(nullptr));
    const Lease<SessionObject> object(session);
    const Lease<ChangesObject> from(changes);
    const auto apply = apply_options(options_in(options, emptor_apply_options EMPTOR_APPLY_OPTIONS_INIT));
    if (from->broken) throw Error(Code::misuse, "an earlier put into these changes ran out of memory", "free them");
    // The place for the receipt is made before the write: what was written is never told as a failure.
    auto result = std::make_unique<ReceiptObject>();
    ReceiptObject& filled = *result;
    emptor_receipt* handle = receipt != nullptr ? hand_out<emptor_receipt>(std::move(result)) : nullptr;
    try {
      filled.receipt = object->session.apply(from->set, apply);
    } catch (...) {
      if (handle != nullptr) take_back<ReceiptObject>(handle);
      throw;
    }
    give(receipt, handle);
  });
}

emptor_status emptor_receipt_read(emptor_receipt* receipt, emptor_receipt_summary* summary, emptor_error* error) {
  return guarded(error, [&] {
    emptor_receipt_summary& out = struct_out(summary);
    const Lease<ReceiptObject> object(receipt);
    const Receipt& from = object->receipt;
    out.position = from.position;
    out.inserted = from.inserted;
    out.updated = from.updated;
    out.erased = from.erased;
    out.unchanged = from.unchanged;
    out.count = from.ids.size();
    out.repeated = from.repeated ? 1 : 0;
  });
}

emptor_status emptor_receipt_change(emptor_receipt* receipt, size_t index, int64_t* id, int64_t* version,
                                    emptor_error* error) {
  return guarded(error, [&] {
    give(id, std::int64_t{0});
    give(version, std::int64_t{0});
    const Lease<ReceiptObject> object(receipt);
    if (index >= object->receipt.ids.size()) throw Error(Code::not_found, "the index is not below the count");
    give(id, object->receipt.ids[index].value);
    give(version, object->receipt.versions[index]);
  });
}

emptor_status emptor_receipt_free(emptor_receipt* receipt, emptor_error* error) {
  return guarded(error, [&] { take_back<ReceiptObject>(receipt); });
}

}  // extern "C"
