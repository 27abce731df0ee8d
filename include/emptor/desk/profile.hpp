/// The 360-degree view: everything that is recorded about one customer, in one snapshot.
///
///     const Profile profile = read_profile(session.view(), customer, {.page_size = 50});
///     for (const ProfileSection& section : profile.sections) show(section.entity, section.records);
///
/// The sections follow from the model: every entity whose records belong to a customer has one, custom fields and
/// entities that come later included. Records come newest first, by the field that tells when they happened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/model/system.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct ProfileOptions {
  std::size_t page_size = 20;  ///< records of each section; 1 to 10,000
  /// Only these entities; empty: every one of which the customer has records.
  std::vector<std::string> entities = {};
  /// Only what happened from ... to before this; records that do not tell when are then left out.
  std::optional<Instant> from = {}, until = {};
  std::optional<Instant> now = {};  ///< decides what is in force; the system's clock if missing
  /// Goes on where a section ended (`ProfileSection::next`); requires exactly one entity.
  std::string after = {};
};

struct ProfileSection {
  std::string entity;
  std::int64_t total = 0;       ///< records in all, within the time asked for
  std::vector<Record> records;  ///< newest first; without a time last
  std::string next;             ///< ask with it for the next page; empty at the end
};

/// Somebody who stands in a relation to the customer.
struct ProfileRelation {
  Id customer;            ///< the other one
  std::string name;       ///< theirs
  std::string kind;       ///< "parent", "branch", or the kind of the relationship
  bool of_other = false;  ///< the relation is the other's: this customer is *their* contact, partner ...
  std::string position, influence;
  bool key_contact = false;
};

/// What is to be done next: the earliest open task, else what the newest interaction agreed, else an opportunity's.
struct NextStep {
  std::string entity;
  Id id;
  std::string what;
  std::optional<Instant> at;  ///< due; a day is its midnight UTC
  Id user;
};

struct Profile {
  std::int64_t position = 0;  ///< journal position of the snapshot
  Record customer;
  std::optional<Record> summary;  ///< customer_summary: what orders and touches add up to
  std::optional<Record> credit;   ///< the newest that is in force
  std::optional<NextStep> next_step;
  std::vector<ProfileRelation> relations;  ///< parent, branches, contacts; key contacts first; at most 1,000
  std::vector<Record> identities;          ///< ids in other systems
  std::vector<ProfileSection> sections;    ///< in the order of entity numbers
};

/// Throws Code::not_found for an unknown or deleted customer, Code::invalid for options out of range.
Profile read_profile(const View& view, Id customer, const ProfileOptions& options = {});
std::string to_json(const Profile& profile);

}  // namespace emptor
