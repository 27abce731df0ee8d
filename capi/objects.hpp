/// What the handles stand for.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "emptor.h"
#include "emptor/desk/caller_card.hpp"
#include "emptor/mine/algorithm.hpp"
#include "emptor/session/session.hpp"
#include "handle_table.hpp"

namespace emptor::capi {

/// A store and how many sessions it has; shared, so that it lives while one of them does.
struct OpenStore {
  std::unique_ptr<Store> store;
  std::atomic<int> sessions = 0;
};

struct StoreObject {
  static constexpr Kind kind = Kind::store;
  std::shared_ptr<OpenStore> open = std::make_shared<OpenStore>();
};

struct SessionObject {
  static constexpr Kind kind = Kind::session;
  SessionObject(std::shared_ptr<OpenStore> of, SessionOptions options)
      : store(std::move(of)), session(*store->store, std::move(options)) {
    ++store->sessions;
  }
  ~SessionObject() { --store->sessions; }

  /// The newest schema; kept, so that names read from it live as long as the session.
  const SchemaPtr& schema();

  std::shared_ptr<OpenStore> store;
  Session session;
  std::vector<SchemaPtr> schemas;
};

struct RecordObject {
  static constexpr Kind kind = Kind::record;
  explicit RecordObject(Record from) : record(std::move(from)), touched(record.row().size()) {}

  Record record;
  std::vector<bool> touched;  ///< by field number: set or cleared since it was made or read
  std::string json;
};

struct RecordsObject {
  static constexpr Kind kind = Kind::records;
  std::vector<Record> records;
};

struct ChangesObject {
  static constexpr Kind kind = Kind::changes;
  SchemaPtr schema;
  ChangeSet set;
  bool broken = false;  ///< a put ended in the middle
};

struct ReceiptObject {
  static constexpr Kind kind = Kind::receipt;
  Receipt receipt;
};

struct DocumentObject {
  static constexpr Kind kind = Kind::document;
  std::string json;
};

/// Used by many calls at once: nothing of it changes but what is made once, its bytes and its layout for single rows.
struct ModelObject {
  static constexpr Kind kind = Kind::model;
  explicit ModelObject(mine::AnyModel of) : model(std::move(of)) {}

  const mine::AnyModel model;
  std::once_flag saved;
  std::string bytes;
  std::once_flag laid_out;
  std::optional<mine::PackedTrees> packed;
};

struct CardObject {
  static constexpr Kind kind = Kind::card;
  CallerCard card;
  std::string json;
};

}  // namespace emptor::capi
