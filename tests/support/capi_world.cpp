#include "support/capi_world.hpp"

#include <doctest/doctest.h>

namespace emptor::test {

emptor_matrix world_rows() {
  static const double numbers[] = {0, 1, 2, 1.5, 10, 9, 12, 11};
  emptor_matrix rows = EMPTOR_MATRIX_INIT;
  rows.data = numbers;
  rows.rows = 4;
  rows.columns = 2;
  return rows;
}

const double* world_targets() {
  static const double targets[] = {0, 0, 1, 1};
  return targets;
}

void CapiWorld::open() {
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  options.create = 1;
  options.currency = "EUR";
  REQUIRE(emptor_store_open(":memory:", EMPTOR_NUL, &options, &store, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_session_open(store, nullptr, &session, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_record_new(session, "customer", &record, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_record_set_text(record, "name", "Ada", EMPTOR_NUL, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_changes_new(session, &changes, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_changes_put_by(changes, record, "erp", "A-1", EMPTOR_NUL, nullptr, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_apply(session, changes, nullptr, &receipt, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_select(session, "customer", nullptr, &records, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_feed(session, 0, 10, &document, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_card_of(session, 1, nullptr, &card, nullptr) == EMPTOR_OK);
  const emptor_matrix x = world_rows();
  REQUIRE(emptor_model_fit("logistic", nullptr, 0, &x, world_targets(), nullptr, nullptr, nullptr, &model, nullptr) ==
          EMPTOR_OK);
}

CapiHandles CapiWorld::handles() const {
  return {store, session, record, records, changes, receipt, document, card, model};
}

CapiWorld::CapiWorld() {
  open();
  closed_ = handles();
  CHECK(emptor_model_free(model, nullptr) == EMPTOR_OK);
  CHECK(emptor_card_free(card, nullptr) == EMPTOR_OK);
  CHECK(emptor_document_free(document, nullptr) == EMPTOR_OK);
  CHECK(emptor_receipt_free(receipt, nullptr) == EMPTOR_OK);
  CHECK(emptor_changes_free(changes, nullptr) == EMPTOR_OK);
  CHECK(emptor_records_free(records, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_free(record, nullptr) == EMPTOR_OK);
  CHECK(emptor_session_close(session, nullptr) == EMPTOR_OK);
  CHECK(emptor_store_close(store, nullptr) == EMPTOR_OK);
  open();
}

// A test may have closed some of them: what is left is closed, and the rest is refused.
CapiWorld::~CapiWorld() {
  emptor_model_free(model, nullptr);
  emptor_card_free(card, nullptr);
  emptor_document_free(document, nullptr);
  emptor_receipt_free(receipt, nullptr);
  emptor_changes_free(changes, nullptr);
  emptor_records_free(records, nullptr);
  emptor_record_free(record, nullptr);
  emptor_session_close(session, nullptr);
  emptor_store_close(store, nullptr);
}

}  // namespace emptor::test
