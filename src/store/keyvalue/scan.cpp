#include "store/keyvalue/scan.hpp"

#include <algorithm>

#include "store/keyvalue/bound_query.hpp"
#include "store/keyvalue/decoded_row.hpp"
#include "store/keyvalue/key_encoding.hpp"

namespace emptor::keyvalue {
namespace {

// Up to so many rows are fetched and sorted for a batch rather than walked in order.
constexpr std::size_t few = 4096;

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
    return !query_.matches(row) || taker_.take(stored, row);
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
    StoredRow stored;
  };

  int compare_to(const std::vector<Value>& a, Id a_id, const std::vector<Value>& b, Id b_id) const {
    for (std::size_t i = 0; i < query_.orders.size(); ++i)
      if (const int order = compare_ordered(query_.orders[i], a[i], b[i]); order != 0) return order;
    return a_id < b_id ? -1 : a_id > b_id ? 1 : 0;
  }
  auto order() const {
    return [this](const Candidate& a, const Candidate& b) {
      return compare_to(a.values, a.stored.id, b.values, b.stored.id) < 0;
    };
  }

 public:
  void run(const Path& path) {
    walk_path(source_, query_.entity, path, [this](const StoredRow& stored) { return offer(stored); });
    std::sort(kept_.begin(), kept_.end(), order());
    for (const Candidate& candidate : kept_) taker_.take(candidate.stored, decode_(candidate.stored.row));
  }

 private:
  bool offer(const StoredRow& stored) {
    const Row row = decode_(stored.row);
    if (!query_.matches(row)) return true;
    Candidate candidate{{}, stored};
    for (const BoundOrder& order : query_.orders) candidate.values.push_back(row[order.field]);
    if (key_.begun && compare_to(candidate.values, stored.id, key_.values, key_.id) <= 0) return true;
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
    return !query_.matches(row) || taker_.take(stored, row);
  }

  bool missing() {
    const Id after = key_.begun && !key_.values.front().present() ? key_.id : Id{};
    return walk_rows(source_, query_.entity.number, after, usual_chunk, [this](const StoredRow& stored) {
      const Row row = decode_(stored.row);
      return row[field()].present() || !query_.matches(row) || taker_.take(stored, row);
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

// Rows of one key in the order of what ends an index (a customer's records in time): walked from either end, no
// further than the batch reaches.
class PinnedScan {
 public:
  PinnedScan(const RowSource& source, const BoundQuery& query, const Index& index, Taker& taker, const ScanKey& key)
      : source_(source), query_(query), index_(index), taker_(taker), key_(key), decode_(query.entity) {}

  /// Whether the order asked for is the index's own.
  static bool serves(const Index& index, const BoundQuery& query) {
    if (!index.open_end || query.orders.empty() || query.orders[0].field != index.fields.back()) return false;
    const bool by_id_next = query.orders.size() == 2 && query.orders[1].field == system_field::id;
    const bool descending = query.orders[0].descending;
    return query.orders.size() == 1 || (by_id_next && (descending || !query.orders[1].descending));
  }

  void run(const std::string& prefix) {
    KeyRange range{prefix, after_prefix(prefix), {}};
    std::optional<std::string> standing;
    if (key_.begun) append_end(standing.emplace(prefix));
    query_.orders[0].descending ? descend(std::move(range), standing) : ascend(std::move(range), standing);
  }

 private:
  bool ids_descend() const { return query_.orders.size() == 2 && query_.orders[1].descending; }
  void append_end(std::string& key) const {
    if (key_.values.front().present()) append_key(key, key_.values.front(), false);
  }
  bool offer(const StoredRow& stored) {
    const Row row = decode_(stored.row);
    return !query_.matches(row) || taker_.take(stored, row);
  }

  void ascend(KeyRange range, const std::optional<std::string>& standing) {
    if (standing) {
      range.low = *standing;
      range.after = key_.id;
    }
    walk_range(source_, query_.entity, index_, range, taker_.chunk(), [this](const StoredRow& s) { return offer(s); });
  }

  void descend(KeyRange range, const std::optional<std::string>& standing) {
    if (standing) {
      if (!ties(*standing, key_.id)) return;
      range.high = *standing;
    }
    while (!range.high || range.low < *range.high) {
      std::optional<std::string> last = source_.last_key(query_.entity, index_, range);
      if (!last || !ties(*last, {})) return;
      range.high = std::move(last);
    }
  }

  // The rows of one key, those past `id` in the order of ids.
  bool ties(const std::string& key, Id id) {
    const KeyRange range{key, just_above(key), ids_descend() ? Id{} : id};
    std::vector<StoredRow> rows;
    walk_range(source_, query_.entity, index_, range, usual_chunk, [&](const StoredRow& stored) {
      if (!ids_descend() || !id || stored.id < id) rows.push_back(stored);
      return true;
    });
    if (ids_descend()) std::reverse(rows.begin(), rows.end());
    return std::all_of(rows.begin(), rows.end(), [this](const StoredRow& stored) { return offer(stored); });
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

// So many rows are rather sorted than all rows walked.
std::size_t sortable(const RowSource& source, const BoundQuery& query) {
  return std::max(few, source.size_hint(query.entity.number) / 16);
}

void scan_by_id(const RowSource& source, const BoundQuery& query, const ScanKey& key, Taker& taker) {
  const std::vector<Path> possible = paths(query.entity, query.condition);
  if (const Path* path = in_id_order(possible)) {
    IdScan(source, query, taker).run(*path, key.id);
  } else if (const Path path = choose_path(source, query.entity, query.condition, sortable(source, query));
             !path.all_rows()) {
    SortedScan(source, query, taker, key).run(path);
  } else {
    IdScan(source, query, taker).run(path, key.id);
  }
}

bool scan_pinned(const RowSource& source, const BoundQuery& query, const ScanKey& key, Taker& taker) {
  for (const Index& index : query.entity.indexes) {
    if (!PinnedScan::serves(index, query)) continue;
    const std::optional<std::string> prefix = pinned_prefix(index, query.condition);
    if (!prefix) continue;
    PinnedScan(source, query, index, taker, key).run(*prefix);
    return true;
  }
  return false;
}

void scan_ordered(const RowSource& source, const BoundQuery& query, const ScanKey& key, Taker& taker) {
  if (scan_pinned(source, query, key, taker)) return;
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

void get(const RowSource& source, const Entity& entity, std::span<const Id> ids, Batch& out) {
  out.reset(entity);
  DecodedRow decode(entity);
  for (const Id id : ids) {
    const StoredRow stored = source.row(entity.number, id);
    if (stored.row.empty()) {
      out.append_nothing();
      continue;
    }
    const Row row = decode(stored.row);
    out.ids.push_back(id);
    for (std::size_t field = 0; field < row.size(); ++field) out.columns[field].append(row[field]);
  }
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
