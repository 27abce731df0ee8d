// Operations by name and records as JSON, as C and Python reach them.
#pragma once

#include <string>

#include "support/capi_world.hpp"
#include "support/taken_document.hpp"

namespace emptor::test {

inline emptor_status status_of(emptor_session* session, const char* operation, const std::string& options) {
  emptor_document* document = nullptr;
  const emptor_status status = emptor_run(session, operation, options.data(), options.size(), &document, nullptr);
  if (document != nullptr) emptor_document_free(document, nullptr);
  return status;
}

inline boost::json::value run(emptor_session* session, const char* operation, const std::string& options) {
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status = emptor_run(session, operation, options.data(), options.size(), &document, &error);
  REQUIRE_MESSAGE(status == EMPTOR_OK, operation, ": ", error.message);
  return take(document);
}

inline std::string put(emptor_session* session, const char* entity, const std::string& fields) {
  emptor_changes* changes = nullptr;
  emptor_receipt* receipt = nullptr;
  int64_t id = 0;
  REQUIRE(emptor_changes_new(session, &changes, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_changes_put_json(changes, entity, fields.data(), fields.size(), nullptr, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_apply(session, changes, nullptr, &receipt, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_receipt_change(receipt, 0, &id, nullptr, nullptr) == EMPTOR_OK);
  emptor_receipt_free(receipt, nullptr);
  emptor_changes_free(changes, nullptr);
  return std::to_string(id);
}

}  // namespace emptor::test
