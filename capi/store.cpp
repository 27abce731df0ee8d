#include <cstring>

#include "argument.hpp"
#include "emptor/store/open.hpp"
#include "guard.hpp"
#include "host.hpp"
#include "host_store.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

#define EMPTOR_TEXT_OF(number) #number
#define EMPTOR_NUMBER_TEXT(number) EMPTOR_TEXT_OF(number)

namespace {

constexpr std::size_t most_host_keys = 16;

Currency currency_in(std::string_view code) {
  if (code.empty()) return {};
  const auto currency = Currency::parse(code);
  if (!currency) throw Error(Code::invalid, "a currency is three letters (ISO 4217)");
  return *currency;
}

std::vector<HostKey> keys_in(const unsigned char* bytes, std::size_t count) {
  static_assert(sizeof(HostKey) == EMPTOR_HOST_KEY_SIZE);
  if (count > 0 && bytes == nullptr) throw Error(Code::misuse, "host_keys is NULL");
  if (count > most_host_keys) throw Error(Code::invalid, "there are more than 16 host keys");
  std::vector<HostKey> keys(count);
  if (count > 0) std::memcpy(keys.data(), bytes, count * sizeof(HostKey));
  return keys;
}

OpenOptions open_options(const emptor_store_options& options) {
  OpenOptions open;
  open.create = options.create != 0;
  open.read_only = options.read_only != 0;
  if (options.wait_ms < 0) throw Error(Code::invalid, "wait_ms is negative");
  if (options.wait_ms > 0) open.wait = std::chrono::milliseconds(options.wait_ms);
  open.currency = currency_in(optional_name(options.currency));
  if (options.zone != nullptr) open.zone = name_in(options.zone);
  open.host_keys = keys_in(options.host_keys, options.host_key_count);
  return open;
}

template <std::size_t size>
void fill(char (&to)[size], std::string_view from) {
  std::memcpy(to, from.data(), std::min(from.size(), size - 1));
}

}  // namespace

extern "C" {

const char* emptor_version(void) {
  return EMPTOR_NUMBER_TEXT(EMPTOR_VERSION_MAJOR) "." EMPTOR_NUMBER_TEXT(EMPTOR_VERSION_MINOR) "." EMPTOR_NUMBER_TEXT(
      EMPTOR_VERSION_PATCH);
}

const char* emptor_status_name(emptor_status status) {
  if (status < EMPTOR_OK || status > EMPTOR_INTERNAL) return "unknown";
  return name_of(static_cast<Code>(status)).data();  // views of literals end with a NUL
}

emptor_status emptor_store_open(const char* where, size_t where_size, const emptor_store_options* options,
                                emptor_store** store, emptor_error* error) {
  return guarded(error, [&] {
    emptor_store*& out = output(store);
    const auto given = options_in(options, emptor_store_options EMPTOR_STORE_OPTIONS_INIT);
    const OpenOptions open = open_options(given);
    const Log log = log_in(given.log, given.log_context, given.log_level);
    const std::string_view path = text_in(where, where_size);
    if (path.empty()) throw Error(Code::invalid, "the path of the store is empty", "\":memory:\" opens one in memory");
    auto object = std::make_unique<StoreObject>();
    object->open->store = open_store(std::string(path), open, log);
    out = hand_out<emptor_store>(std::move(object));
  });
}

emptor_status emptor_store_open_host(const emptor_host_calls* calls, const emptor_store_options* options,
                                     emptor_store** store, emptor_error* error) {
  return guarded(error, [&] {
    emptor_store*& out = output(store);
    HostCalls functions = host_calls_in(calls);
    const auto given = options_in(options, emptor_store_options EMPTOR_STORE_OPTIONS_INIT);
    const OpenOptions open = open_options(given);
    const Log log = log_in(given.log, given.log_context, given.log_level);
    auto object = std::make_unique<StoreObject>();
    object->open->store = open_host(std::move(functions), open, log);
    out = hand_out<emptor_store>(std::move(object));
  });
}

emptor_status emptor_store_close(emptor_store* store, emptor_error* error) {
  return guarded(error, [&] {
    if (store == nullptr) return;
    if (Lease<StoreObject>(store)->open->sessions > 0)
      throw Error(Code::misuse, "the store has open sessions", "close them first");
    take_back<StoreObject>(store);
  });
}

emptor_status emptor_store_info(emptor_store* store, emptor_store_state* state, emptor_error* error) {
  return guarded(error, [&] {
    emptor_store_state& out = struct_out(state);
    const Lease<StoreObject> object(store);
    const auto reader = object->open->store->read();
    const StoreInfo& info = reader->info();
    out.position = info.position;
    out.schema_version = static_cast<std::int64_t>(info.schema_version);
    fill(out.store_id, info.store_id);
    fill(out.currency, info.currency.code());
    fill(out.zone, info.zone);
  });
}

emptor_status emptor_store_sync(emptor_store* store, emptor_error* error) {
  return guarded(error, [&] { Lease<StoreObject>(store)->open->store->sync(); });
}

emptor_status emptor_store_backup(emptor_store* store, const char* path, size_t path_size, emptor_error* error) {
  return guarded(error, [&] {
    const Lease<StoreObject> object(store);
    const std::string_view to = text_in(path, path_size);
    if (to.empty()) throw Error(Code::invalid, "the path of the copy is empty");
    object->open->store->backup(std::string(to), {});
  });
}

}  // extern "C"
