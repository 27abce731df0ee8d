#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind.hpp"
#include "changes.hpp"
#include "query.hpp"
#include "session.hpp"
#include "value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {
namespace {

using Name = std::optional<std::string>;
using SessionPtr = std::shared_ptr<Session>;

SessionPtr open_session(const StorePtr& store, const Name& actor, std::int64_t user, std::int64_t customer,
                        nb::object progress, nb::object clock, nb::object random, nb::object log,
                        bool accept_clock_jump) {
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.actor = name_or_null(actor);
  options.user = user;
  options.customer = customer;
  options.accept_clock_jump = accept_clock_jump ? 1 : 0;
  HostPtr host = make_host();
  host->progress = std::move(progress);
  host->clock = std::move(clock);
  host->random = std::move(random);
  host->log = std::move(log);
  return std::make_shared<Session>(store, std::move(host), options);
}

Record get(Session& session, const std::string& entity, std::int64_t id) {
  EntityPtr of = session.entity(entity);
  emptor_record* record = nullptr;
  session.run([&](auto* in, auto* error) { return emptor_get(in, entity.c_str(), id, &record, error); });
  return {RecordHandle(record), std::move(of)};
}

Record find(Session& session, const std::string& entity, const std::string& system, const std::string& id) {
  EntityPtr of = session.entity(entity);
  emptor_record* record = nullptr;
  session.run([&](auto* in, auto* error) {
    return emptor_find(in, entity.c_str(), system.c_str(), id.data(), id.size(), &record, error);
  });
  return {RecordHandle(record), std::move(of)};
}

std::vector<Record> take_all(const RecordsHandle& records, const EntityPtr& of) {
  std::size_t count = 0;
  check_call([&](emptor_error* error) { return emptor_records_count(records.get(), &count, error); });
  std::vector<Record> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    emptor_record* record = nullptr;
    check_call([&](emptor_error* error) { return emptor_records_at(records.get(), i, &record, error); });
    all.emplace_back(RecordHandle(record), of);
  }
  return all;
}

nb::list select(Session& session, const std::string& entity, nb::handle where, const Name& order_by, bool descending,
                bool with_deleted, std::uint64_t limit) {
  const Query query(where, order_by, descending, with_deleted, limit);
  const emptor_query view = query.view();
  const EntityPtr of = session.entity(entity);
  emptor_records* records = nullptr;
  session.run([&](auto* in, auto* error) { return emptor_select(in, entity.c_str(), &view, &records, error); });
  nb::list all;
  for (Record& record : take_all(RecordsHandle(records), of)) all.append(nb::cast(std::move(record)));
  return all;
}

std::int64_t count(Session& session, const std::string& entity, nb::handle where, bool with_deleted) {
  const Query query(where, {}, false, with_deleted, 0);
  const emptor_query view = query.view();
  std::int64_t count = 0;
  session.run([&](auto* in, auto* error) { return emptor_count(in, entity.c_str(), &view, &count, error); });
  return count;
}

Receipt apply(Session& session, const Changes& changes, const Name& op_id, const Name& reason, bool dry_run) {
  emptor_apply_options options = EMPTOR_APPLY_OPTIONS_INIT;
  options.op_id = name_or_null(op_id);
  options.reason = name_or_null(reason);
  options.dry_run = dry_run ? 1 : 0;
  emptor_receipt* receipt = nullptr;
  session.run([&](auto* in, auto* error) { return emptor_apply(in, changes.handle(), &options, &receipt, error); });
  return Receipt(ReceiptHandle(receipt));
}

std::int64_t put(const SessionPtr& session, const std::string& entity, nb::handle values, const ExternalId& by,
                 const Name& op_id, const Name& reason) {
  Changes changes(session);
  changes.put(entity, values, by);
  return apply(*session, changes, op_id, reason, false).change(0).first;
}

std::int64_t put_record(const SessionPtr& session, const Record& record, const ExternalId& by, const Name& op_id,
                        const Name& reason) {
  Changes changes(session);
  changes.put(record, by);
  return apply(*session, changes, op_id, reason, false).change(0).first;
}

std::vector<std::string> entities(Session& session) {
  std::vector<std::string> names;
  session.run([&](emptor_session* in, emptor_error*) {
    const nb::gil_scoped_acquire held;
    names = entity_names(in);
    return EMPTOR_OK;
  });
  return names;
}

std::string define_field(Session& session, const std::string& entity, const std::string& name, const std::string& type,
                         const std::string& doc, bool indexed, bool personal) {
  const std::uint32_t flags = (indexed ? EMPTOR_FIELD_INDEXED : 0) | (personal ? EMPTOR_FIELD_PERSONAL : 0);
  const emptor_type number = type_of_name(type);
  emptor_text stored{};
  session.run([&](auto* in, auto* error) {
    return emptor_define_field(in, entity.c_str(), name.c_str(), number, flags, doc.data(), doc.size(), &stored, error);
  });
  return string_of(stored);
}

void bind_records(nb::class_<Session>& session) {
  session
      .def("get", get, "entity"_a, "id"_a,
           "The record with this id. NotFound: there is none, it is deleted, or the actor may not see it.")
      .def("find", find, "entity"_a, "system"_a, "external_id"_a, "The record that another system knows by this id.")
      .def("select", select, "entity"_a, "where"_a = nb::none(), nb::kw_only(), "order_by"_a = nb::none(),
           "descending"_a = false, "with_deleted"_a = false, "limit"_a = 1000,
           "The records of one snapshot, by id or by the field `order_by`. `where` is a mapping of one field to the\n"
           "value it has ({'city': 'Bonn'}), the value None asking for records without one, or a rule (\"city = 'Bonn' "
           "and\n"
           "employees > 5\"). `limit` is the most\n"
           "records, up to 1,000,000; for more of them, and for columns, see table().",
           nb::sig("def select(self, entity: str, where: collections.abc.Mapping[str, object] | str | None = None, *, "
                   "order_by: str | None = None, descending: bool = False, with_deleted: bool = False, "
                   "limit: int = 1000) -> list[Record]"))
      .def("count", count, "entity"_a, "where"_a = nb::none(), nb::kw_only(), "with_deleted"_a = false,
           "How many records a query has.",
           nb::sig("def count(self, entity: str, where: collections.abc.Mapping[str, object] | str | None = None, *, "
                   "with_deleted: bool = False) -> int"))
      .def("new", &Session::make, "entity"_a, "A record without an id, all fields missing, to be filled and put.");
}

void bind_writing(nb::class_<Session>& session) {
  session
      .def(
          "changes", [](const SessionPtr& self) { return Changes(self); }, "An empty set of changes.")
      .def(
          "apply", apply, "changes"_a, nb::kw_only(), "op_id"_a = nb::none(), "reason"_a = nb::none(),
          "dry_run"_a = false,
          "Validates, writes, journals and commits all changes as one. With an `op_id` they are applied once, however\n"
          "often they are sent. `reason` is kept in the journal and must not hold personal data.")
      .def("put", put, "entity"_a, "values"_a, nb::kw_only(), "by"_a = nb::none(), "op_id"_a = nb::none(),
           "reason"_a = nb::none(),
           "Puts one record and applies it: see Changes.put and apply. Returns the record's id.",
           nb::sig("def put(self, entity: str, values: collections.abc.Mapping[str, object], *, "
                   "by: tuple[str, str] | None = None, op_id: str | None = None, reason: str | None = None) -> int"))
      .def("put", put_record, "record"_a, nb::kw_only(), "by"_a = nb::none(), "op_id"_a = nb::none(),
           "reason"_a = nb::none(), "Puts one record that was read or made, and applies it. Returns its id.");
}

void bind_model(nb::class_<Session>& session) {
  session.def("entities", entities, "Names of all entities.")
      .def(
          "fields", [](Session& self, const std::string& entity) { return self.entity(entity)->fields; }, "entity"_a,
          "The described fields of an entity: id, version, deleted_at, then its own.")
      .def("define_field", define_field, "entity"_a, "name"_a, "type"_a, nb::kw_only(), "doc"_a = "",
           "indexed"_a = false, "personal"_a = false,
           "Declares a custom field, usable at once. Its name is [a-z][a-z0-9_]*, and is kept with the prefix 'x_';\n"
           "returns the kept name. Types: id, integer, decimal, real, boolean, text, date, instant.");
}

}  // namespace

void bind_session(nb::module_& module) {
  nb::class_<Session> session(
      module, "Session", nb::type_slots(Collected::slots<Session>),
      "Who acts on a store. One call at a time: Misuse while another thread is using it. As a context manager it\n"
      "closes itself. Long calls do not hold the GIL, and end with KeyboardInterrupt on Ctrl-C.");
  session.def("close", &Session::close, "Closes the session. Records that it gave stay good.")
      .def(
          "__enter__", [](nb::handle self) { return nb::borrow(self); }, nb::sig("def __enter__(self) -> Session"))
      .def("__exit__", [](Session& self, nb::args) { self.close(); })
      .def("__repr__",
           [](const Session& self) { return self.is_open() ? "<emptor.Session>" : "<emptor.Session, closed>"; });
  bind_records(session);
  bind_writing(session);
  bind_model(session);
  bind_work(session);
  bind_desk(session);
  bind_tables(session);
  nb::cast<nb::class_<Store>>(module.attr("Store"))
      .def("session", open_session, nb::kw_only(), "actor"_a = nb::none(), "user"_a = 0, "customer"_a = 0,
           "progress"_a = nb::none(), "clock"_a = nb::none(), "random"_a = nb::none(), "log"_a = nb::none(),
           "accept_clock_jump"_a = false,
           "Opens a session. `actor` is the name of who acts ('system' unless given), `user` the id of their user "
           "record,\n"
           "`customer` the id of a customer who acts for themselves, on their own page.\n"
           "`progress` is called as progress(stage, done, total) by long calls, in their thread; total is 0 when\n"
           "unknown, and a result of False stops the call (Cancelled). `clock()` tells the time in the place of the\n"
           "system's clock, an aware datetime; `random(n)` gives n random bytes that nobody can guess; `log(level, "
           "line)`\n"
           "hears what the library does, without personal data. None of them may use the session. A write is\n"
           "refused while the clock is behind the journal, unless `accept_clock_jump`.");
}

}  // namespace emptor::python
