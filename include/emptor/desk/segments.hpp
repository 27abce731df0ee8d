/// Live segments: customers to whom a rule applies, at any moment (docs/segments.md).
///
///     put_segment(session, {.name = "Loyal", .rule = "count of order in the last 90 days >= 3"});
///     const View view = session.view();
///     view.count("customer", session.in_segment(view, segment_named(view, "Loyal")));
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/language.hpp"
#include "emptor/desk/export.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct SegmentEntry {
  std::string name;
  std::string rule;
  std::string description = {};
  bool watched = false;  ///< who enters or leaves is noted (entity segment_change)
  bool forgets = false;  ///< whom it has is due to be forgotten by law (session/forget.hpp)
};

/// Saves a segment, or changes the one of this name, and tells its members. A new one is its user's. Throws what
/// `Session::apply` throws: Code::invalid with every problem of the rule.
Id put_segment(Session& session, const SegmentEntry& entry);
/// Throws Code::not_found.
Id segment_named(const View& view, std::string_view name);
/// Throws Code::not_found, and Code::invalid where another segment names it.
void remove_segment(Session& session, std::string_view name);

struct SegmentInfo {
  Id id;
  std::string name, rule, description;
  bool watched = false, forgets = false;
  std::optional<std::int64_t>
      customers;  ///< that the actor is told of; nothing where they are told of none by its rule
};
/// Active ones, by name, with how many customers each has.
std::vector<SegmentInfo> segments(const Session& session, const View& view);

/// Those that have a customer, of which the actor may be told that; without sizes. Tags that maintain themselves.
std::vector<SegmentInfo> segments_with(const Session& session, const View& view, Id customer);

/// Ids of members after one, ascending, at most so many.
std::vector<Id> segment_members(const Session& session, const View& view, Id segment, Id after, std::size_t limit);
/// Members drawn at random without return, the same for the same seed; ascending.
std::vector<Id> segment_sample(const Session& session, const View& view, Id segment, std::size_t size,
                               std::uint64_t seed);

struct MemberOverlap {
  std::int64_t first = 0, second = 0, both = 0;
  /// Of those in either, how many are in both (Jaccard): 0 to 1; 0 where nobody is in either.
  double share() const noexcept;
};
MemberOverlap segment_overlap(const Session& session, const View& view, Id first, Id second);

struct SegmentCount {
  Date day;
  std::int64_t customers = 0;
};
/// How many were in it at the end of each of some days, the last being yesterday: `points` of them, `every` days apart.
/// Today's rights, the rule of then. Throws as Session::in_segment does for a past.
std::vector<SegmentCount> segment_growth(Session& session, Id segment, std::size_t points, std::int32_t every);

/// The segment's rule in words: "customers whose service tier is gold".
std::string explain_segment(const View& view, Id segment, Language language);
/// "in, because ..." or "not in, because ...".
std::string explain_membership(const Session& session, Id segment, Id customer, Language language);

/// How platforms for advertising take what reaches a person; both as SHA-256 in hexadecimal digits.
enum class AudienceForm {
  google,  ///< e-mail: trimmed, small letters, of gmail.com and googlemail.com without dots and what follows a plus;
           ///< phone: E.164
  meta     ///< e-mail: trimmed, small letters; phone: the digits of E.164
};
struct AudienceCounts {
  std::uint64_t members = 0, refused = 0, unreachable = 0, rows = 0;
};
/// CSV with the columns `email` and `phone`, a row a way to reach a member: those who have granted sharing (consent
/// `sharing`) and are not blocked. Within the permission `export`.
AudienceCounts export_audience(const Session& session, const View& view, Id segment, AudienceForm form,
                               const TextSink& sink);

std::string to_json(const std::vector<SegmentInfo>& segments);
std::string to_json(const MemberOverlap& overlap);
std::string to_json(const std::vector<SegmentCount>& growth);
std::string to_json(const AudienceCounts& counts);

}  // namespace emptor
