// Questions to a store with sealed fields, answered as if they were not: texts are opened on the way out and sealed on
// the way in, and equality is asked of blind indexes. What is kept encrypted answers no other question.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>

#include "emptor/store/store.hpp"
#include "store/sealed/sealing.hpp"
#include "store/secret_settings.hpp"

namespace emptor::sealed {

/// A snapshot, or what a writer sees.
class SealedSide {
 public:
  /// All must outlive it.
  SealedSide(Reader& kept, const KeyRing& keys, StoreSecret& secret)
      : kept_(kept), keys_(keys), secret_(secret), is_sealed_(kept.schema()->seals()) {}

  /// Throws Code::denied where the keys do not open what the store's newest key has wrapped: they are of another store,
  /// or from before a rotation.
  void require_keys();

  void get(const Entity& entity, std::span<const Id> ids, Batch& out);
  bool scan(const Query& query, ScanKey& key, Batch& out);
  Groups aggregate(const AggregateQuery& query);
  std::string setting(std::string_view name);

  /// Rows as they are kept. Valid until the next call. `entity` says which fields are sealed.
  std::span<const Row> sealed(const Entity& entity, std::span<const Row> rows);
  /// A setting as it is kept.
  std::string sealed(std::string_view name, std::string_view value);
  /// Secrets of customers that a writer has put, or erased.
  void keep(const Entity& entity, std::span<const Row> secrets);
  void forget(std::span<const Id> customers);

 private:
  bool touches(const Entity& entity, const Where& where) const;
  Where asked(const Entity& entity, const Where& where, Arena& text);
  Where asked_of_sealed(const Entity& entity, const Field& field, const Where& where, Arena& text);
  Where equal_to(const Entity& entity, const Field& field, const Value& value, Arena& text);
  bool find_at_once(Query& kept, const Field& by, Batch& out);
  void open(const Entity& entity, Batch& batch);
  void open(const Entity& entity, const Batch& batch, std::span<const Id> owners, Column& column);
  std::optional<std::string> opened_text(const Entity& entity, const Place& place, Id owner, std::string_view kept);
  void open_secrets(const Entity& entity, Batch& batch);
  std::vector<Id> owners_of(const Entity& entity, const Batch& batch) const;
  void load(std::span<const Id> customers);
  const SubjectSeal* of(Id customer);
  const SubjectSeal& seal_for(Id customer);
  const std::string& store_secret();

  Reader& kept_;
  const KeyRing& keys_;
  StoreSecret& secret_;
  bool is_sealed_;  // before anything is written: what is found is there for good
  boost::unordered_flat_map<std::int64_t, std::optional<SubjectSeal>> seals_;
  std::string store_secret_;
  std::vector<Value> values_;
  std::vector<Row> rows_;
  Arena text_;
};

}  // namespace emptor::sealed
