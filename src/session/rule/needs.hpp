// What a rule asks, so that whoever keeps its answer knows what may change it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "emptor/session/rule.hpp"

namespace emptor {

struct RuleNeeds {
  using Fields = std::set<std::string, std::less<>>;
  /// Fields of the records that a reference points to.
  struct Reference {
    std::string from;     ///< whose reference it is: the customer's, or that of a record that is measured
    std::string through;  ///< the reference; none for the customer's summary
    std::string entity;   ///< whose fields they are
    Fields fields;
  };
  Fields fields;  ///< of the customer; references that are followed too
  /// Fields of the customer's records, by entity: measured, asked in a condition, followed, and their moment where they
  /// lie in a window. What computed ones are made of (src/session/rule/computed.hpp) is here by its own entity.
  std::map<std::string, Fields, std::less<>> records;
  std::vector<Reference> references;  ///< those with the same reference joined
  Fields scores, tags, segments;      ///< by name
  bool top = false;                   ///< others decide whether it holds
  bool windows = false;               ///< some records count for some days only
  bool today = false;                 ///< windows, `today` or tags: it may hold of others tomorrow, by itself
};

RuleNeeds needs_of(const Rule& rule);

}  // namespace emptor
