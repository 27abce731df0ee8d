#include "emptor/desk/segments.hpp"

#include <algorithm>

#include "core/sha256.hpp"
#include "desk/json_writer.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/core/text.hpp"
#include "emptor/desk/contact_allowed.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "emptor/session/phone_keys.hpp"
#include "emptor/session/segment_finding.hpp"

namespace emptor {
namespace {

constexpr std::size_t at_once = 4096;
constexpr std::size_t most_segments = 100'000;
constexpr std::size_t most_points = 100;

Query active_segments() {
  return {.entity = std::string(Segment::entity_name),
          .where = Where::negate(Where::equal("active", false)),
          .limit = most_segments};
}

std::optional<Id> known_segment(const View& view, std::string_view name) {
  Query query = active_segments();
  query.where = Where::all({std::move(query.where), Where::equal("name", name)});
  const std::vector<Record> found = view.select(query);
  return found.empty() ? std::nullopt : std::optional(found.front().id());
}

SegmentInfo info_of(const Record& record) {
  const Segment segment = record.as<Segment>();
  return {record.id(),
          segment.name,
          segment.rule,
          segment.description,
          segment.watched.value_or(false),
          segment.forgets.value_or(false),
          {}};
}

template <class Take>
void each_member(const Session& session, const View& view, Id segment, Take&& take) {
  const Query query{.entity = std::string(Customer::entity_name),
                    .where = session.in_segment(view, segment),
                    .fields = {"id"},
                    .limit = at_once};
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan(query, key, batch);
    for (const Id id : batch.ids) take(id);
  }
}

std::int64_t count_members(const Session& session, const View& view, Id segment) {
  return view.count(Customer::entity_name, session.in_segment(view, segment));
}

std::string without(std::string_view text, char unwanted) {
  std::string left;
  for (const char c : text)
    if (c != unwanted) left += c;
  return left;
}

std::string email_form(std::string_view value, AudienceForm form) {
  std::string email = fold(trim(value));
  const std::size_t at = email.rfind('@');
  if (at == std::string::npos || at == 0 || at + 1 == email.size()) return {};
  const std::string domain = email.substr(at + 1);
  if (form != AudienceForm::google || (domain != "gmail.com" && domain != "googlemail.com")) return email;
  const std::string user = email.substr(0, std::min(at, email.find('+')));
  return without(user, '.') + '@' + domain;
}

// Only what is sure to be a number of some country.
std::string phone_form(std::string_view key, AudienceForm form) {
  if (!key.starts_with('+')) return {};
  return std::string(form == AudienceForm::google ? key : key.substr(1));
}

class Audience {
 public:
  Audience(const Session& session, const View& view, AudienceForm form, const TextSink& sink)
      : session_(session), view_(view), form_(form), sink_(sink) {
    sink_("email,phone\r\n");
  }

  void add(Id customer) {
    ++counts_.members;
    std::size_t reached = 0, refused = 0;
    const Query query{.entity = std::string(ContactPoint::entity_name),
                      .where = Where::equal("customer_id", customer),
                      .limit = 1'000};
    for (const Record& record : view_.select(query)) {
      const std::string channel(record.get("channel").text());
      const std::string form = form_of(channel, record);
      if (form.empty()) continue;
      if (!contact_allowed(view_, customer, channel, "sharing", session_.now()).allowed) {
        ++refused;
        continue;
      }
      sink_(channel == "email" ? sha256_hex(form) + ",\r\n" : "," + sha256_hex(form) + "\r\n");
      ++reached;
    }
    counts_.rows += reached;
    if (reached == 0) ++(refused != 0 ? counts_.refused : counts_.unreachable);
  }
  const AudienceCounts& counts() const noexcept { return counts_; }

 private:
  std::string form_of(const std::string& channel, const Record& record) const {
    if (channel == "email") return email_form(record.get("value").text(), form_);
    return is_phone_channel(channel) && channel != "fax" ? phone_form(record.get("value_key").text(), form_)
                                                         : std::string();
  }

  const Session& session_;
  const View& view_;
  AudienceForm form_;
  const TextSink& sink_;
  AudienceCounts counts_;
};

void write(desk::JsonWriter& out, std::string_view name, std::int64_t number) { out.name(name).value(Value(number)); }

}  // namespace

Id put_segment(Session& session, const SegmentEntry& entry) {
  const std::optional<Id> known = known_segment(session.view(), entry.name);
  ChangeSet set;
  ChangeSet::Put put = set.put(Segment::entity_name, known.value_or(no_id));
  put.set("name", entry.name).set("rule", entry.rule).set("description", entry.description);
  put.set("watched", entry.watched);
  put.set("forgets", entry.forgets);
  const Id user = session.options().actor.user;
  if (!known && user) put.set("owner_id", user);
  const Id id = session.apply(set, {.reason = "segment"}).ids.front();
  session.settle();
  return id;
}

Id segment_named(const View& view, std::string_view name) {
  if (const std::optional<Id> known = known_segment(view, name)) return *known;
  throw Error(Problem{Code::not_found,
                      "there is no segment of this name",
                      std::string(Segment::entity_name),
                      "name",
                      {},
                      "see the list of segments"});
}

void remove_segment(Session& session, std::string_view name) {
  ChangeSet set;
  set.erase(Segment::entity_name, segment_named(session.view(), name));
  session.apply(set, {.reason = "segment removed"});
}

std::vector<SegmentInfo> segments(const Session& session, const View& view) {
  std::vector<SegmentInfo> all;
  for (const Record& record : view.select(active_segments())) {
    SegmentInfo& info = all.emplace_back(info_of(record));
    try {
      info.customers = count_members(session, view, info.id);
    } catch (const Error& error) {
      if (error.code() != Code::denied && error.code() != Code::not_found) throw;
    }
  }
  std::ranges::stable_sort(all, {}, &SegmentInfo::name);
  return all;
}

std::vector<SegmentInfo> segments_with(const Session& session, const View& view, Id customer) {
  std::vector<SegmentInfo> all;
  for (const Id id : segments_of(session, customer))
    if (const std::optional<Record> record = view.get(Segment::entity_name, id)) all.push_back(info_of(*record));
  std::ranges::stable_sort(all, {}, &SegmentInfo::name);
  return all;
}

std::vector<Id> segment_members(const Session& session, const View& view, Id segment, Id after, std::size_t limit) {
  Where where = session.in_segment(view, segment);
  if (after) where = Where::all({std::move(where), Where::compare("id", Operator::greater, after)});
  const Query query{
      .entity = std::string(Customer::entity_name), .where = std::move(where), .fields = {"id"}, .limit = limit};
  ScanKey key;
  Batch batch;
  view.scan(query, key, batch);
  return batch.ids;
}

// Reservoir sampling (Vitter 1985, algorithm R).
std::vector<Id> segment_sample(const Session& session, const View& view, Id segment, std::size_t size,
                               std::uint64_t seed) {
  Random random(seed);
  std::vector<Id> drawn;
  std::uint64_t seen = 0;
  each_member(session, view, segment, [&](Id id) {
    ++seen;
    if (drawn.size() < size)
      drawn.push_back(id);
    else if (const std::uint64_t place = random.below(seen); place < size)
      drawn[place] = id;
  });
  std::ranges::sort(drawn);
  return drawn;
}

double MemberOverlap::share() const noexcept {
  const std::int64_t either = first + second - both;
  return either == 0 ? 0 : static_cast<double>(both) / static_cast<double>(either);
}

MemberOverlap segment_overlap(const Session& session, const View& view, Id first, Id second) {
  const Where both = Where::all({session.in_segment(view, first), session.in_segment(view, second)});
  return {count_members(session, view, first), count_members(session, view, second),
          view.count(Customer::entity_name, both)};
}

std::vector<SegmentCount> segment_growth(Session& session, Id segment, std::size_t points, std::int32_t every) {
  if (points == 0 || points > most_points || every < 1)
    throw Error(Code::invalid, "from 1 to 100 points are told, at least a day apart", "ask for fewer");
  const Zone zone = Zone::of(session.view().info().zone);
  const Date today = zone.date_of(session.now());
  std::vector<SegmentCount> growth;
  for (std::size_t i = points; i-- > 0;) {
    const Date day{today.days - 1 - static_cast<std::int32_t>(i) * every};
    const AsOf then(session, Instant{zone.instant_of(Date{day.days + 1}, 0).micros - 1});
    const View view = session.view();
    const bool was_there = view.get(Segment::entity_name, segment).has_value();
    growth.push_back({day, was_there ? count_members(session, view, segment) : 0});
  }
  return growth;
}

std::string explain_segment(const View& view, Id segment, Language language) {
  const std::optional<Record> record = view.get(Segment::entity_name, segment);
  if (!record)
    throw Error(Problem{Code::not_found, "there is no such record", std::string(Segment::entity_name), "id", {}, {}});
  return explain_rule(view.schema(), Rule::parse_segment(view.schema(), record->get("rule").text()), language);
}

std::string explain_membership(const Session& session, Id segment, Id customer, Language language) {
  const SegmentFinding found = find_in_segment(session, segment, customer);
  const View view = session.view();
  return explain_finding(view.schema(), *found.rule, found.findings, language, Zone::of(view.info().zone));
}

AudienceCounts export_audience(const Session& session, const View& view, Id segment, AudienceForm form,
                               const TextSink& sink) {
  const ViewPurpose purpose(view, Action::export_records, ContactPoint::entity_name);
  Audience audience(session, view, form, sink);
  each_member(session, view, segment, [&](Id id) { audience.add(id); });
  return audience.counts();
}

std::string to_json(const std::vector<SegmentInfo>& segments) {
  std::string json;
  desk::JsonWriter out(json);
  out.open('[');
  for (const SegmentInfo& info : segments) {
    out.open('{');
    out.name("id").value(Value(info.id));
    out.member("name", Value(info.name));
    out.member("rule", Value(info.rule));
    out.member("description", Value(info.description));
    out.name("watched").value(Value(info.watched));
    out.name("forgets").value(Value(info.forgets));
    if (info.customers) write(out, "customers", *info.customers);
    out.close('}');
  }
  out.close(']');
  return json;
}

std::string to_json(const MemberOverlap& overlap) {
  std::string json;
  desk::JsonWriter out(json);
  out.open('{');
  write(out, "first", overlap.first);
  write(out, "second", overlap.second);
  write(out, "both", overlap.both);
  out.name("share").value(Value(overlap.share()));
  out.close('}');
  return json;
}

std::string to_json(const std::vector<SegmentCount>& growth) {
  std::string json;
  desk::JsonWriter out(json);
  out.open('[');
  for (const SegmentCount& count : growth) {
    out.open('{');
    out.name("day").value(Value(count.day));
    write(out, "customers", count.customers);
    out.close('}');
  }
  out.close(']');
  return json;
}

std::string to_json(const AudienceCounts& counts) {
  std::string json;
  desk::JsonWriter out(json);
  out.open('{');
  write(out, "members", static_cast<std::int64_t>(counts.members));
  write(out, "refused", static_cast<std::int64_t>(counts.refused));
  write(out, "unreachable", static_cast<std::int64_t>(counts.unreachable));
  write(out, "rows", static_cast<std::int64_t>(counts.rows));
  out.close('}');
  return json;
}

}  // namespace emptor
