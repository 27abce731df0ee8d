/// What was asked of us and how it was dealt with: cases and repairs with the times of their answers, and contacts; and
/// by what all of it is grouped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emptor/insight/facts.hpp"
#include "insight/words/portrait.hpp"

namespace emptor {

/// A case, or a repair that belongs to none. Moments are micros since 1970.
struct ServiceCase {
  std::int64_t id = 0, customer = 0;  ///< 0: nobody is named
  std::int64_t opened = 0;
  std::optional<std::int64_t> answered = {}, resolved = {};  ///< resolved: when it was solved, else when it was closed
  std::optional<std::int64_t> answer_due = {}, due = {};     ///< as promised
  std::int64_t reopened = 0;
  std::uint32_t contacts = 0;  ///< interactions that name it
  std::int64_t agent = 0, product = 0;
  bool complaint = false, repair = false;
  std::string kind, topic, channel;

  bool is_open() const noexcept { return !resolved; }
};

struct ServiceContact {
  std::int64_t at = 0, agent = 0;
  bool inbound = false;
};

struct ServiceRecords {
  std::vector<ServiceCase> cases;  ///< by opened, then id
  std::vector<ServiceContact> contacts;
  std::optional<std::int64_t> last;  ///< the last moment at which anything is on record
  std::int64_t data_version = 0;
  std::uint64_t without_promise =
      0;  ///< cases whose service level has working hours, but whose day due is not on record

  /// As they stood at a moment: what came later is left out, what was solved later is open.
  void keep_until(std::int64_t end);
};

/// Promised times that are not on the case follow from its service level where its clock always runs. Throws nothing
/// for rows that lack a moment: they are passed over. Linear in cases, repairs and interactions.
ServiceRecords read_service(const View& view);

/// By what customers and those who serve them are told apart.
class ServiceGroups {
 public:
  /// `tiers` is "spend" (the four classes by spend up to `until`), "service" (the customer's service tier) or a source
  /// of tags.
  ServiceGroups(const View& view, const Facts& facts, const std::string& tiers, Date until);

  const std::string& tier(std::int64_t customer) const { return of(tiers_, customer); }
  const std::string& region(std::int64_t customer) const { return of(regions_, customer); }
  /// As the host's log-in names the user, else "#" and the id.
  std::string agent(std::int64_t user) const;
  const std::string& category(std::int64_t product) const { return of(categories_, product); }
  /// List price of one unit in the base currency, micros; nothing where it is not known.
  std::optional<std::int64_t> list_price(std::int64_t product) const;

 private:
  using Texts = std::unordered_map<std::int64_t, std::string>;
  static const std::string& of(const Texts& texts, std::int64_t id);
  void read_tiers(const View& view, const Facts& facts, const std::string& tiers, Date until);

  Texts tiers_, regions_, agents_, categories_;
  std::unordered_map<std::int64_t, std::int64_t> prices_;
};

}  // namespace emptor
