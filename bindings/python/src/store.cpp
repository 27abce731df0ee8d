#include "store.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <algorithm>

#include "bind.hpp"
#include "error.hpp"
#include "handle.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {

Store::Store(const std::string& path, HostPtr host, emptor_store_options options)
    : path_(path), host_(std::move(host)) {
  host_->join(options);
  check_call([&](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_store_open(path.data(), path.size(), &options, &handle_, error);
  });
}

emptor_store* Store::handle() const {
  if (handle_ == nullptr) raise(EMPTOR_MISUSE, "the store is closed", "open it again");
  return handle_;
}

void Store::close() {
  if (handle_ == nullptr) return;
  check_call([&](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_store_close(handle_, error);
  });
  handle_ = nullptr;
}

emptor_store_state Store::state() const {
  emptor_store_state state = EMPTOR_STORE_STATE_INIT;
  check_call([&, store = handle()](emptor_error* error) { return emptor_store_info(store, &state, error); });
  return state;
}

void Store::backup(const std::string& path) const {
  check_call([&, store = handle()](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_store_backup(store, path.data(), path.size(), error);
  });
}

void Store::sync() const {
  check_call([&, store = handle()](emptor_error* error) {
    const nb::gil_scoped_release free;
    return emptor_store_sync(store, error);
  });
}

namespace {

using Name = std::optional<std::string>;

// One key or several, one after another.
std::string keys_of(nb::handle keys) {
  if (keys.is_none()) return {};
  std::string all;
  const auto add = [&](nb::handle key) {
    const nb::bytes bytes = nb::cast<nb::bytes>(key);
    if (bytes.size() != EMPTOR_HOST_KEY_SIZE) raise(EMPTOR_INVALID, "a key has 32 bytes", "make it by os.urandom(32)");
    all.append(bytes.c_str(), bytes.size());
  };
  if (nb::isinstance<nb::bytes>(keys)) {
    add(keys);
  } else {
    for (const nb::handle key : keys) add(key);
  }
  return all;
}

StorePtr open(nb::handle path, bool create, const Name& currency, const Name& zone, bool read_only, double wait,
              nb::object log, nb::object keys) {
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  options.create = create ? 1 : 0;
  options.read_only = read_only ? 1 : 0;
  options.wait_ms = static_cast<std::int64_t>(wait * 1000);
  options.currency = name_or_null(currency);
  options.zone = name_or_null(zone);
  const std::string host_keys = keys_of(keys);
  options.host_keys = reinterpret_cast<const unsigned char*>(host_keys.data());
  options.host_key_count = host_keys.size() / EMPTOR_HOST_KEY_SIZE;
  HostPtr host = make_host();
  host->log = std::move(log);
  return std::make_shared<Store>(path_of(path), std::move(host), options);
}

// A URL may hold a password, before the host or among the parameters.
std::string told(std::string where) {
  const std::size_t server = where.find("://");
  if (server == where.npos) return where;
  where.erase(std::min(where.size(), where.find('?')));
  const std::size_t user = server + 3;
  const std::size_t host = where.rfind('@');
  if (host != where.npos && host > user) where.erase(user, host + 1 - user);
  return where;
}

std::string describe(const Store& store) {
  return "<emptor.Store " + told(store.path()) + (store.is_open() ? ">" : ", closed>");
}

}  // namespace

void bind_store(nb::module_& module) {
  nb::class_<Store>(module, "Store", nb::type_slots(Collected::slots<Store>),
                    "An open store. Any number of threads may use it, each with a session of its own. As a context\n"
                    "manager it closes itself, after its sessions.")
      .def("close", &Store::close, "Closes the store. Misuse while one of its sessions is open.")
      .def(
          "__enter__", [](nb::handle self) { return nb::borrow(self); }, nb::sig("def __enter__(self) -> Store"))
      .def("__exit__", [](Store& self, nb::args) { self.close(); })
      .def("__repr__", describe)
      .def(
          "backup", [](const Store& self, nb::handle path) { self.backup(path_of(path)); }, "path"_a,
          "Writes a consistent copy into a new file, while others read and write. Invalid where the file exists.")
      .def("sync", &Store::sync, "Makes commits that did not wait for the disk safe against loss of power.")
      .def_prop_ro("path", &Store::path, "Where the store is; \":memory:\" for one in memory.")
      .def_prop_ro(
          "position", [](const Store& self) { return self.state().position; },
          "Position of the newest journal entry, 0 before the first.")
      .def_prop_ro(
          "id", [](const Store& self) { return std::string(self.state().store_id); },
          "Random number of the store, 32 hexadecimal digits, given when it was made.")
      .def_prop_ro(
          "currency", [](const Store& self) { return std::string(self.state().currency); }, "Base currency, ISO 4217.")
      .def_prop_ro(
          "zone", [](const Store& self) { return std::string(self.state().zone); },
          "IANA name of the store's time zone.");

  module.def(
      "open", open, "path"_a, nb::kw_only(), "create"_a = false, "currency"_a = nb::none(), "zone"_a = nb::none(),
      "read_only"_a = false, "wait"_a = 30.0, "log"_a = nb::none(), "keys"_a = nb::none(),
      "Opens the store at a path, by a URL (postgres://...?schema=shop), or ':memory:'. `create` makes it where "
      "there is none, in the base currency\n"
      "(three letters) and time zone (IANA name) given. `wait` is how many seconds a write may wait for its\n"
      "turn. `log(level, line)` hears what opening and closing do. `keys` is the host's key (32 bytes) of a store\n"
      "with sealed fields, or several, of which the first seals. Raises NotFound where there is no such file, "
      "Corrupt where it is not a store.");
}

}  // namespace emptor::python
