// The records that segments ask, of some customers: a column a cell.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "emptor/store/store.hpp"
#include "session/segments/cells.hpp"

namespace emptor::segments {

/// Some customers by number: their ids ascend.
class Customers {
 public:
  void assign(std::span<const Id> ids) { ids_.assign(ids.begin(), ids.end()); }
  std::span<const Id> ids() const noexcept { return ids_; }
  std::size_t size() const noexcept { return ids_.size(); }
  /// Nothing for one who is not among them.
  std::optional<std::size_t> number(Id id) const noexcept;
  /// That a field holds the id of one of them, or of one between the first and the last.
  Where own(const std::string& field) const;

 private:
  std::vector<Id> ids_;
};

/// Filled anew for each lot of customers; its memory is kept.
class Gathered {
 public:
  /// Both must be alive.
  Gathered(const AskedRecords& asked, const Schema& schema);

  void read(Reader& reader, const Customers& customers, const Zone& zone);
  std::size_t rows() const noexcept { return owners_.size(); }
  /// Of each row the number of its customer.
  std::span<const std::uint32_t> owners() const noexcept { return owners_; }
  const Column& cell(std::size_t number) const noexcept { return columns_[number]; }
  /// Of each row the day of its moment; the least number where it has none. Requires that the moment is asked.
  std::span<const std::int32_t> days() const noexcept { return days_; }

  static constexpr std::int32_t no_day = -2'000'000'000;

 private:
  void read_own(Reader& reader, const Customers& customers);
  void read_customers(Reader& reader, const Customers& customers);
  void take(const Batch& batch, const Customers& customers);
  void fill_related(Reader& reader);
  void fill_related(Reader& reader, FieldNumber through, EntityNumber of);
  void fill_totals(Reader& reader, const Customers& customers);
  void fill_days(const Zone& zone);
  const Column& own(FieldNumber field) const;

  const AskedRecords& asked_;
  const Schema& schema_;
  bool of_customers_;
  std::vector<FieldNumber> fields_;  // that are read of the records themselves
  Query query_;
  Batch batch_;
  std::vector<Id> ids_;
  std::vector<std::uint32_t> owners_;
  std::vector<Column> own_;      // by place in fields_
  std::vector<Column> columns_;  // by cell
  std::vector<std::int32_t> days_;
};

}  // namespace emptor::segments
