// One good handle of each kind, and one closed one, for tests of the C API.
#pragma once

#include <array>
#include <cstdint>

#include "emptor.h"

namespace emptor::test {

enum CapiKind {
  capi_store,
  capi_session,
  capi_record,
  capi_records,
  capi_changes,
  capi_receipt,
  capi_document,
  capi_card,
  capi_model
};
inline constexpr int capi_kinds = 9;
using CapiHandles = std::array<void*, capi_kinds>;

// Four rows of two numbers, and their classes.
emptor_matrix world_rows();
const double* world_targets();

// A logistic model of those rows, and a store in memory with one customer (id 1, name "Ada", known to "erp" as "A-1").
class CapiWorld {
 public:
  CapiWorld();
  ~CapiWorld();
  CapiWorld(const CapiWorld&) = delete;
  CapiWorld& operator=(const CapiWorld&) = delete;

  CapiHandles handles() const;
  // The same kinds, already closed.
  CapiHandles closed() const { return closed_; }

  emptor_store* store = nullptr;
  emptor_session* session = nullptr;
  emptor_record* record = nullptr;
  emptor_records* records = nullptr;
  emptor_changes* changes = nullptr;
  emptor_receipt* receipt = nullptr;
  emptor_document* document = nullptr;
  emptor_card* card = nullptr;
  emptor_model* model = nullptr;

 private:
  CapiHandles closed_{};
  void open();
};

}  // namespace emptor::test
