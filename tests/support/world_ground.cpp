#include "support/world_ground.hpp"

#include <doctest/doctest.h>

#include "emptor/model/json.hpp"
#include "emptor/store/open.hpp"
#include "session/search/index.hpp"

namespace emptor::test {

CppGround::CppGround()
    : store_(open_memory({.create = true, .currency = *Currency::parse("EUR")})),
      system_(std::make_unique<Session>(*store_, options(no_id))) {
  store_->kept<seek::SearchMemory>()->set_segment_docs(4);  // so that some of the index is written
}

SessionOptions CppGround::options(Id user) {
  return {.actor = {.user = user, .name = "test"},
          .clock = [this] { return now; },
          .entropy =
              [this](std::span<std::byte> out) {
                for (auto& byte : out) byte = std::byte(entropy++);
              }};
}

std::unique_ptr<Session> CppGround::session(Id user) { return std::make_unique<Session>(*store_, options(user)); }

std::vector<Id> CppGround::apply(const std::vector<MadeRecord>& records, const std::string& reason) {
  ChangeSet set;
  for (const MadeRecord& record : records) {
    if (record.erase) {
      set.erase(record.entity, record.id);
      continue;
    }
    ChangeSet::Put put = set.put(record.entity, record.id);
    for (const auto& [field, value] : record.cells) put.set(field, value);
  }
  return system_->apply(set, {.reason = reason}).ids;
}

void CppGround::define_field(const std::string& entity, const std::string& name) {
  system_->define_field({.entity = entity, .name = name, .type = Type::integer});
}

void CppGround::enforce_rights() { system_->enforce_rights(); }

namespace {

emptor_session* open_session(emptor_store* store, WorldGround* ground, Id user) {
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.user = user.value;
  options.actor = "test";
  options.clock_context = options.random_context = ground;
  options.clock = [](void* context) -> std::int64_t { return static_cast<WorldGround*>(context)->now.micros; };
  options.random = [](void* context, void* bytes, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      static_cast<unsigned char*>(bytes)[i] = static_cast<unsigned char>(static_cast<WorldGround*>(context)->entropy++);
    return 1;
  };
  emptor_session* session = nullptr;
  REQUIRE(emptor_session_open(store, &options, &session, nullptr) == EMPTOR_OK);
  return session;
}

std::string json_of(const MadeRecord& record) {
  std::string json = record.id ? "{\"id\":\"" + std::to_string(record.id.value) + "\"" : "{";
  for (const auto& [field, value] : record.cells) {
    if (json.size() > 1) json += ',';
    append_json_text(json, field);
    json += ':';
    if (value.present())
      append_json(json, value);
    else
      json += "null";
  }
  return json + "}";
}

}  // namespace

CapiGround::CapiGround() {
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  options.create = 1;
  options.currency = "EUR";
  REQUIRE(emptor_store_open(":memory:", EMPTOR_NUL, &options, &store_, nullptr) == EMPTOR_OK);
  system_ = open_session(store_, this, no_id);
}

CapiGround::~CapiGround() {
  emptor_session_close(system_, nullptr);
  emptor_store_close(store_, nullptr);
}

emptor_session* CapiGround::session(Id user) { return open_session(store_, this, user); }

std::vector<Id> CapiGround::apply(const std::vector<MadeRecord>& records, const std::string& reason) {
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_changes* changes = nullptr;
  REQUIRE(emptor_changes_new(system_, &changes, nullptr) == EMPTOR_OK);
  for (const MadeRecord& record : records) {
    const std::string json = record.erase ? "" : json_of(record);
    const emptor_status status =
        record.erase
            ? emptor_changes_erase(changes, record.entity.c_str(), record.id.value, 0, &error)
            : emptor_changes_put_json(changes, record.entity.c_str(), json.data(), json.size(), nullptr, &error);
    INFO(json << error.message);
    REQUIRE(status == EMPTOR_OK);
  }
  emptor_apply_options options = EMPTOR_APPLY_OPTIONS_INIT;
  options.reason = reason.c_str();
  emptor_receipt* receipt = nullptr;
  const emptor_status status = emptor_apply(system_, changes, &options, &receipt, &error);
  INFO(error.message << " " << error.entity << "." << error.field);
  REQUIRE(status == EMPTOR_OK);
  std::vector<Id> ids;
  for (std::size_t i = 0; i < records.size(); ++i) {
    std::int64_t id = 0, version = 0;
    emptor_receipt_change(receipt, i, &id, &version, nullptr);
    ids.push_back(Id{id});
  }
  emptor_receipt_free(receipt, nullptr);
  emptor_changes_free(changes, nullptr);
  return ids;
}

void CapiGround::define_field(const std::string& entity, const std::string& name) {
  REQUIRE(emptor_define_field(system_, entity.c_str(), name.c_str(), EMPTOR_TYPE_INTEGER, 0, "", 0, nullptr, nullptr) ==
          EMPTOR_OK);
}

void CapiGround::enforce_rights() {
  emptor_document* document = nullptr;
  REQUIRE(emptor_run(system_, "enforce_rights", "{}", EMPTOR_NUL, &document, nullptr) == EMPTOR_OK);
  emptor_document_free(document, nullptr);
}

}  // namespace emptor::test
