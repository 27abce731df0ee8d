// What a user's session tells of customers, counted in memory and written in groups.
#pragma once

#include <map>
#include <mutex>

#include "emptor/session/session.hpp"

namespace emptor {

/// The setting that is "on" while reads are logged.
inline constexpr std::string_view read_log_setting = "read_log";

/// Whether records of an entity are a customer's, or tell of one.
bool tells_of_customers(const Entity& entity) noexcept;

/// Of one session and its views, which may be read by other threads. Noting never fails: what cannot be written stays
/// in memory up to a bound, and the host's log hears of what is past it. The store must outlive it.
class ReadLog {
 public:
  ReadLog(Store& store, const SessionOptions& options, const std::string& zone);
  /// Writes what is left.
  ~ReadLog();
  ReadLog(const ReadLog&) = delete;
  ReadLog& operator=(const ReadLog&) = delete;

  void note(const Entity& entity, Row told, Action purpose) noexcept;
  /// `reader` is asked for rows of which the batch lacks what tells the customer.
  void note(Reader& reader, const Entity& entity, const Batch& told, Action purpose) noexcept;

  /// Commits a writer, with what was noted so far.
  void commit(Writer& writer);

 private:
  struct Key {
    Id customer;
    Date day;
    Action purpose = Action::read;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Count {
    Instant first, last;
    std::int64_t times = 0;
  };
  using Counts = std::map<Key, Count>;

  template <class Work>
  void safely(const Work& work) noexcept;
  void add(Id customer, Action purpose);
  void write_alone() noexcept;
  void give_back(Counts&& counts) noexcept;
  void put(Writer& writer, const Key& key, const Count& count) const;

  Store& store_;
  Id user_;
  Clock clock_;
  Log log_;
  Zone zone_;
  std::mutex turn_;  // of what follows
  Counts pending_;
  std::size_t write_at_;
};

}  // namespace emptor
