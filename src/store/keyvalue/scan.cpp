#include "store/keyvalue/scan.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "store/keyvalue/condition.hpp"
#include "store/keyvalue/decoded_row.hpp"
#include "store/keyvalue/key_encoding.hpp"
#include "store/keyvalue/walk.hpp"

namespace emptor::keyvalue {
namespace {

// Up to so many rows are fetched and sorted for a batch rather than walked in order.
constexpr std::size_t few = 4096;

struct BoundOrder {
  FieldNumber field = 0;
  bool descending = false;
};

// The names of a query looked up, its texts still the query's.
struct BoundQuery {
  BoundQuery(const Entity& of, const Query& query) : entity(of), condition(of, query.where) {
    for (const OrderBy& order : query.order) orders.push_back({of.field(order.field).number, order.descending});
    for (const std::string& field : query.fields) fields.push_back(of.field(field).number);
    if (query.fields.empty())
      for (const Field& field : of.fields) fields.push_back(field.number);
    limit = query.limit;
    with_deleted = query.with_deleted;
    if (limit == 0) throw Error(Code::misuse, "a scan of no rows a batch", "set a limit above 0");
    drop_what_follows_id();
  }

  bool matches(Row row) const {
    return (with_deleted || !row[system_field::deleted_at].present()) && condition.holds(row);
  }
  bool by_id() const noexcept { return orders.empty() || (orders.front().field == 0 && !orders.front().descending); }

  const Entity& entity;
  Condition condition;
  std::vector<BoundOrder> orders;
  std::vector<FieldNumber> fields;
  std::size_t limit = 0;
  bool with_deleted = false;

 private:
  // The id decides every tie, so what is named after it orders nothing.
  void drop_what_follows_id() {
    const auto id =
        std::find_if(orders.begin(), orders.end(), [](const BoundOrder& order) { return order.field == 0; });
    if (id != orders.end()) orders.erase(id + 1, orders.end());
  }
};

int compare_ordered(const BoundOrder& order, const Value& a, const Value& b) {
  return order.descending ? compare(b, a) : compare(a, b);
}

// Takes rows in their order until the batch is full, and one more to know that there are others.
class Taker {
 public:
  Taker(const BoundQuery& query, Batch& out) : query_(query), out_(out) {}

  bool take(Id id, Row row) {
    if (out_.rows() == query_.limit) return !(more_ = true);
    out_.ids.push_back(id);
    for (std::size_t i = 0; i < query_.fields.size(); ++i) out_.columns[i].append(row[query_.fields[i]]);
    last_.clear();
    for (const BoundOrder& order : query_.orders) last_.push_back(row[order.field]);
    return true;
  }
  std::size_t wanted() const { return query_.limit + 1 - out_.rows(); }
  std::size_t chunk() const { return std::clamp<std::size_t>(wanted(), 8, usual_chunk); }

  bool finish(ScanKey& key) {
    if (out_.rows() != 0) {
      key.begun = true;
      key.id = out_.ids.back();
      key.values.clear();
      key.text.clear();
      for (const Value& value : last_) key.values.push_back(key.text.keep(value));
    }
    key.ended = !more_;
    return more_;
  }

 private:
  const BoundQuery& query_;
  Batch& out_;
  std::vector<Value> last_;
  bool more_ = false;
};

// Rows by id, from the narrowest path that comes in that order.
class IdScan {
 public:
  IdScan(const RowSource& source, const BoundQuery& query, Taker& taker)
      : source_(source), query_(query), taker_(taker), decode_(query.entity) {}

  void run(const Path& path, Id after) {
    const auto visit = [this](const StoredRow& stored) { return offer(stored); };
    const Entity& entity = query_.entity;
    if (path.named) {
      walk_ids(source_, entity.number, path.ids, after, visit);
    } else if (path.all_rows()) {
      walk_rows(source_, entity.number, after, taker_.chunk(), visit);
    } else if (!path.ranges.empty()) {
      KeyRange range = path.ranges.front();
      range.after = after;
      walk_range(source_, entity, *path.index, range, taker_.chunk(), visit);
    }
  }

 private:
  bool offer(const StoredRow& stored) {
    const Row row = decode_(stored.row);
    return !query_.matches(row) || taker_.take(stored.id, row);
  }

  const RowSource& source_;
  const BoundQuery& query_;
  Taker& taker_;
  DecodedRow decode_;
};

// Rows of any path, sorted: only the first of them that the batch has room for are kept.
class SortedScan {
 public:
  SortedScan(const RowSource& source, const BoundQuery& query, Taker& taker, const ScanKey& key)
      : source_(source), query_(query), taker_(taker), key_(key), decode_(query.entity) {}

 private:
  struct Candidate {
    std::vector<Value> values;
    Id id;
    std::string_view row;
  };

  int compare_to(const std::vector<Value>& a, Id a_id, const std::vector<Value>& b, Id b_id) const {
    for (std::size_t i = 0; i < query_.orders.size(); ++i)
      if (const int order = compare_ordered(query_.orders[i], a[i], b[i]); order != 0) return order;
    return a_id < b_id ? -1 : a_id > b_id ? 1 : 0;
  }
  auto order() const {
    return [this](const Candidate& a, const Candidate& b) { return compare_to(a.values, a.id, b.values, b.id) < 0; };
  }

 public:
  void run(const Path& path) {
    walk_path(source_, query_.entity, path, [this](const StoredRow& stored) { return offer(stored); });
    std::sort(kept_.begin(), kept_.end(), order());
    for (const Candidate& candidate : kept_) taker_.take(candidate.id, decode_(candidate.row));
  }

 private:
  bool offer(const StoredRow& stored) {
    const Row row = decode_(stored.row);
    if (!query_.matches(row)) return true;
    Candidate candidate{{}, stored.id, stored.row};
    for (const BoundOrder& order : query_.orders) candidate.values.push_back(row[order.field]);
    if (key_.begun && compare_to(candidate.values, candidate.id, key_.values, key_.id) <= 0) return true;
    keep(std::move(candidate));
    return true;
  }

  void keep(Candidate candidate) {
    if (kept_.size() > query_.limit) {
      if (!order()(candidate, kept_.front())) return;
      std::pop_heap(kept_.begin(), kept_.end(), order());
      kept_.pop_back();
    }
    kept_.push_back(std::move(candidate));
    std::push_heap(kept_.begin(), kept_.end(), order());
  }

  const RowSource& source_;
  const BoundQuery& query_;
  Taker& taker_;
  const ScanKey& key_;
  DecodedRow decode_;
  std::vector<Candidate> kept_;
};

// Rows in the order of one indexed field. The index holds present values only, so the rows without one
// come from a walk by id, before the index or (descending) after it.
class IndexScan {
 public:
  IndexScan(const RowSource& source, const BoundQuery& query, const Index& index, Taker& taker, const ScanKey& key)
      : source_(source), query_(query), index_(index), taker_(taker), key_(key), decode_(query.entity) {}

  void run() {
    const bool may_miss = !query_.condition.implies_present(field());
    if (!descending()) {
      const bool past = key_.begun && key_.values.front().present();
      if (!may_miss || past || missing()) ascend();
    } else {
      const bool past = key_.begun && !key_.values.front().present();
      if ((past || descend()) && may_miss) missing();
    }
  }

 private:
  FieldNumber field() const { return index_.fields.front(); }
  bool descending() const { return query_.orders.front().descending; }
  bool stands_in_index() const { return key_.begun && key_.values.front().present(); }

  std::string standing_key() const {
    std::string key;
    append_key(key, key_.values.front(), false);
    return key;
  }

  bool offer(const StoredRow& stored) {
    const Row row = decode_(stored.row);
    return !query_.matches(row) || taker_.take(stored.id, row);
  }

  bool missing() {
    const Id after = key_.begun && !key_.values.front().present() ? key_.id : Id{};
    return walk_rows(source_, query_.entity.number, after, usual_chunk, [this](const StoredRow& stored) {
      const Row row = decode_(stored.row);
      return row[field()].present() || !query_.matches(row) || taker_.take(stored.id, row);
    });
  }

  bool walk(const KeyRange& range) {
    return walk_range(source_, query_.entity, index_, range, taker_.chunk(),
                      [this](const StoredRow& stored) { return offer(stored); });
  }

  void ascend() {
    const std::string standing = stands_in_index() ? standing_key() : std::string();
    for (KeyRange range : ranges_of(index_, query_.condition)) {
      if (stands_in_index() && range.low <= standing) {
        if (range.high && *range.high <= standing) continue;
        range.low = standing;
        range.after = key_.id;
      }
      if (!walk(range)) return;
    }
  }

  bool descend() {
    std::optional<std::string> bound;
    if (stands_in_index()) {
      bound = standing_key();
      if (!walk({*bound, just_above(*bound), key_.id})) return false;
    }
    const std::vector<KeyRange> ranges = ranges_of(index_, query_.condition);
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range)
      if (!descend(*range, bound)) return false;
    return true;
  }

  bool descend(KeyRange range, const std::optional<std::string>& bound) {
    if (bound && (!range.high || *bound < *range.high)) range.high = bound;
    while (!range.high || range.low < *range.high) {
      const std::optional<std::string> last = source_.last_key(query_.entity, index_, range);
      if (!last) break;
      if (!walk({*last, just_above(*last), {}})) return false;
      range.high = last;
    }
    return true;
  }

  const RowSource& source_;
  const BoundQuery& query_;
  const Index& index_;
  Taker& taker_;
  const ScanKey& key_;
  DecodedRow decode_;
};

// A path whose rows come in the order of ids as they are.
const Path* in_id_order(const std::vector<Path>& paths) {
  const auto found = std::find_if(paths.begin(), paths.end(), [](const Path& path) {
    return path.named || (path.single_key && path.ranges.size() <= 1);
  });
  return found == paths.end() ? nullptr : &*found;
}

void scan_by_id(const RowSource& source, const BoundQuery& query, const ScanKey& key, Taker& taker) {
  const std::vector<Path> possible = paths(query.entity, query.condition);
  if (const Path* path = in_id_order(possible)) {
    IdScan(source, query, taker).run(*path, key.id);
  } else if (const Path path = choose_path(source, query.entity, query.condition, few); !path.all_rows()) {
    SortedScan(source, query, taker, key).run(path);
  } else {
    IdScan(source, query, taker).run(path, key.id);
  }
}

void scan_ordered(const RowSource& source, const BoundQuery& query, const ScanKey& key, Taker& taker) {
  const Path path = choose_path(source, query.entity, query.condition, few);
  const Index* index = query.orders.size() == 1 ? index_of(query.entity, query.orders.front().field) : nullptr;
  if (path.all_rows() && index != nullptr) {
    IndexScan(source, query, *index, taker, key).run();
  } else if (path.all_rows()) {
    const std::size_t most = source.size_hint(query.entity.number) / 16;
    SortedScan(source, query, taker, key).run(choose_path(source, query.entity, query.condition, most));
  } else {
    SortedScan(source, query, taker, key).run(path);
  }
}

}  // namespace

Path choose_path(const RowSource& source, const Entity& entity, const Condition& condition, std::size_t most) {
  Path best;
  for (Path& path : paths(entity, condition)) {
    const std::size_t size = size_of(source, entity, path, most);
    if (size >= most) continue;
    most = size;
    best = std::move(path);
    if (size == 0) break;
  }
  return best;
}

bool scan(const RowSource& source, const Entity& entity, const Query& query, ScanKey& key, Batch& out) {
  const BoundQuery bound(entity, query);
  out.reset(entity, bound.fields);
  if (key.ended) return false;
  Taker taker(bound, out);
  bound.by_id() ? scan_by_id(source, bound, key, taker) : scan_ordered(source, bound, key, taker);
  return taker.finish(key);
}

}  // namespace emptor::keyvalue
