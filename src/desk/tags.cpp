#include "emptor/desk/tags.hpp"

#include <algorithm>
#include <tuple>

#include "desk/json_writer.hpp"
#include "emptor/core/error.hpp"
#include "emptor/desk/blocked.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_tags = 10'000;  // of a customer

Date day_or_today(const Session& session, const View& view, std::optional<Date> day) {
  return day ? *day : Zone::of(view.info().zone).date_of(session.now());
}

void require_customer(const View& view, Id customer) {
  if (!view.get(Customer::entity_name, customer))
    throw Error(Problem{Code::not_found, "there is no such record", "customer", "id", {}, {}});
}

std::vector<Tag> tags_with(const View& view, Id customer, Where where) {
  std::vector<Tag> tags;
  for (const Record& record : view.select({.entity = std::string(Tag::entity_name),
                              .where = Where::all({Where::equal("customer_id", customer), std::move(where)}),
                              .limit = most_tags}))
    tags.push_back(record.as<Tag>());
  return tags;
}

void check(const TagEntry& entry) {
  std::vector<Problem> problems;
  const auto fault = [&](std::string_view field, std::string message, std::string hint) {
    problems.push_back({Code::invalid, std::move(message), "tag", std::string(field), {}, std::move(hint)});
  };
  if (entry.name.empty()) fault("name", "a tag needs a name", "say what it marks");
  if (entry.confidence && !(*entry.confidence >= 0 && *entry.confidence <= 1))
    fault("confidence", "the confidence is not from 0 to 1", "leave it out where it is certain");
  if (entry.valid_from && entry.valid_to && *entry.valid_to < *entry.valid_from)
    fault("valid_to", "the last day is before the first", "exchange them");
  if (!problems.empty()) throw Error(std::move(problems));
}

// Whether two spans of days have one in common; a missing day has no end.
bool meet(const Tag& tag, const TagEntry& entry) {
  const bool ended = tag.valid_to && entry.valid_from && *tag.valid_to < *entry.valid_from;
  const bool begins_later = tag.valid_from && entry.valid_to && *tag.valid_from > *entry.valid_to;
  return !ended && !begins_later;
}

template <class T>
Value value_or_none(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

}  // namespace

Id put_tag(Session& session, const TagEntry& entry) {
  check(entry);
  const View view = session.view();
  require_customer(view, entry.customer);
  const Where same = Where::all(
      {Where::equal("name", std::string_view(entry.name)),
       entry.source.empty() ? Where::missing("source") : Where::equal("source", std::string_view(entry.source))});
  std::vector<Tag> known = tags_with(view, entry.customer, same);
  std::erase_if(known, [&](const Tag& tag) { return !meet(tag, entry); });
  ChangeSet set;
  set.put(Tag::entity_name, known.empty() ? no_id : known.front().id)
      .set("customer_id", entry.customer)
      .set("name", entry.name)
      .set("source", entry.source)
      .set("confidence", value_or_none(entry.confidence))
      .set("valid_from", value_or_none(entry.valid_from))
      .set("valid_to", value_or_none(entry.valid_to));
  for (std::size_t i = 1; i < known.size(); ++i) set.erase(Tag::entity_name, known[i].id);
  return session.apply(set, {.reason = "tag"}).ids.front();
}

std::size_t remove_tag(Session& session, Id customer, std::string_view name, std::optional<Date> from) {
  const View view = session.view();
  require_customer(view, customer);
  const Date first = day_or_today(session, view, from);
  ChangeSet set;
  for (const Tag& tag : tags_with(view, customer, Where::equal("name", name))) {
    if (tag.valid_to && *tag.valid_to < first) continue;
    if (tag.valid_from && *tag.valid_from >= first)
      set.erase(Tag::entity_name, tag.id);
    else
      set.put(Tag::entity_name, tag.id).set("valid_to", Date{first.days - 1});
  }
  if (!set.empty()) session.apply(set, {.reason = "tag removed"});
  return set.size();
}

std::vector<Tag> tags_of(const Session& session, Id customer, std::optional<Date> day) {
  const View view = session.view();
  require_customer(view, customer);
  const Date on = day_or_today(session, view, day);
  std::vector<Tag> tags = tags_with(view, customer, {});
  std::erase_if(tags, [&](const Tag& tag) { return !in_force(tag.valid_from, tag.valid_to, on); });
  std::ranges::sort(tags, {}, [](const Tag& tag) { return std::tie(tag.name, tag.source, tag.id); });
  return tags;
}

std::string to_json(std::span<const Tag> tags) {
  std::string json;
  desk::JsonWriter out(json);
  out.open('[');
  for (const Tag& tag : tags) {
    out.open('{');
    out.name("id").value(Value(tag.id));
    out.name("customer_id").value(Value(tag.customer_id));
    out.member("name", Value(tag.name));
    out.member("source", Value(tag.source));
    out.member("confidence", value_or_none(tag.confidence));
    out.member("valid_from", value_or_none(tag.valid_from));
    out.member("valid_to", value_or_none(tag.valid_to));
    out.member("model_id", Value(tag.model_id));
    out.close('}');
  }
  out.close(']');
  return json;
}

}  // namespace emptor
