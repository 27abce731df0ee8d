/// Tags with their days: marks on a customer, by whom or what, how sure that is, and from when to when they hold.
///
///     put_tag(session, {.customer = ada, .name = "likes tea", .source = "call centre", .confidence = 0.9});
///     for (const Tag& tag : tags_of(session, ada)) show(tag.name);
///
/// A list of customers is a tag; insights and imports put tags too, and these calls see them all.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/party.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct TagEntry {
  Id customer;
  std::string name;
  std::string source = {};                             ///< who or what says so
  std::optional<double> confidence = {};               ///< 0 to 1; missing is certain
  std::optional<Date> valid_from = {}, valid_to = {};  ///< first and last day; missing has no end
};

/// Puts the tag on the customer. A tag of the same name and source whose days meet these becomes this one, so that the
/// same call twice is one tag; one of other days stays, as what was. Throws Code::invalid for a confidence out of
/// range, days in the wrong order and a tag without a name; Code::not_found for an unknown customer.
Id put_tag(Session& session, const TagEntry& entry);

/// From a day on (today) the customer has no tag of this name any more, whoever put it; the days before stay. Returns
/// how many tags that ended.
std::size_t remove_tag(Session& session, Id customer, std::string_view name, std::optional<Date> from = {});

/// The tags in force on a day (today), by name, then by source. Throws Code::not_found for an unknown customer.
std::vector<Tag> tags_of(const Session& session, Id customer, std::optional<Date> day = {});

/// [{"id":"5","customer_id":"3","name":"likes tea","source":"call centre","confidence":0.9,"valid_from":"2026-01-31"}]
std::string to_json(std::span<const Tag> tags);

}  // namespace emptor
