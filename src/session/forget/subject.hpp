// What a store keeps of one customer: their records, found by whose they are, and what an erasure leaves of each.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "emptor/store/store.hpp"

namespace emptor {

/// Whether records of the entity are personal as a whole: of the others, fields are.
bool is_wholly_personal(const Entity& entity) noexcept;
/// Leaves nothing personal in a row: of one that is personal as a whole only whose it was, and that it is deleted.
void empty_row(const Entity& entity, Instant at, std::span<Value> row);
/// Digest of the journal entry that made a customer, as 32 hexadecimal digits; empty where it was forgotten.
std::string origin_of(Reader& reader, Id customer);

class Subject {
 public:
  struct Found {
    const Entity* entity = nullptr;
    const Batch* batch = nullptr;
    std::size_t row = 0;
    Id id() const { return batch->ids[row]; }
  };

  /// Throws Code::not_found for a customer who is not there.
  Subject(Reader& reader, Id customer);

  /// The customer, and deleted ones whose records are theirs: those were merged into them.
  std::span<const Id> customers() const noexcept { return customers_; }
  /// Deleted ones too, each once. Rows live as long as the subject.
  std::span<const Found> records() const noexcept { return records_; }
  /// Something personal is left.
  bool holds_personal() const;

 private:
  void add_customer(Id customer);
  void add(const Entity& entity, Where where);
  void add_records_of(Id customer);
  void add_records_from(Id customer);
  void add_merged(std::size_t first);
  void add_relationships();
  void add_identities();
  bool is_subject(Id customer) const;
  bool is_deleted(Id customer) const;

  Reader& reader_;
  SchemaPtr schema_;
  std::vector<Id> customers_;
  std::deque<Batch> batches_;
  std::vector<Found> records_;
  std::set<std::pair<EntityNumber, Id>> known_;
};

}  // namespace emptor
