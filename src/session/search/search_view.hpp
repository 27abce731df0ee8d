// A view as search needs it: records as the actor sees them, with what is kept back missing.
#pragma once

#include <functional>

#include "emptor/session/session.hpp"

namespace emptor {

class SearchView {
 public:
  explicit SearchView(const View& view) : view_(view) {}

  Reader& reader() const { return *view_.reader_; }
  const Schema& schema() const { return view_.schema(); }
  /// Throws Code::unsupported for a view of the past.
  void refuse_past() const;
  bool may_read(const Entity& entity) const;
  /// The field that orders the entity's records; nothing where it is kept back for some of them.
  std::optional<FieldNumber> moment(const Entity& entity) const;
  /// Whether the actor sees so few customers that all their records are sooner looked at than those that match.
  bool sees_few() const;

  using Take = std::function<void(std::size_t place, Row shown)>;
  /// Those of these records that the actor sees, with their place among the ids. Deleted ones are left out.
  void each_of(const Entity& entity, std::span<const Id> ids, const Take& take) const;
  /// The same for all records of which a condition holds, in some order.
  void each_where(const Entity& entity, const Where& where, const std::function<void(Row shown)>& take) const;
  /// Notes that the record was told.
  void note(const Entity& entity, Row row) const;

 private:
  bool show(const Entity& entity, std::vector<Value>& row) const;

  const View& view_;
};

}  // namespace emptor
