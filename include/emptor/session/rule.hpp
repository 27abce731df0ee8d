/// A rule: a condition on the fields of one entity, as text that people write and programs keep. Scopes of permissions
/// and segments are rules about customers; those of segments ask more than fields (docs/rule.md has the grammar).
///
///     const Rule rule = Rule::parse(view.schema().entity("customer"), "stage = 'active' and not owner is me");
///     view.count("customer", rule.where(rule_ground(session)));
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/store/query.hpp"

namespace emptor {

class Session;

/// What the words of a rule stand for: who asks, and on which day.
struct RuleGround {
  Id me;                                       ///< none for the system: nobody and nothing is then `me` or of `my_team`
  std::vector<Value> my_team, my_teams;        ///< ids of teams; the second with those below
  std::vector<Value> team_users, below_users;  ///< ids of the users in them
  std::vector<Value> my_territories;           ///< with those that are parts of them
  Date today;
  Zone zone;
};

/// The ground of a session's actor at this moment.
RuleGround rule_ground(const Session& session);

/// A value as it is written, or a word that stands for one.
struct RuleValue {
  enum class Kind : std::uint8_t {
    literal,
    me,
    my_team,
    my_teams,
    team_users,   ///< `my_team`, asked of a user
    below_users,  ///< `my_teams`, asked of a user
    my_territories,
    today
  };
  Kind kind = Kind::literal;
  Type type = Type::text;  ///< of a literal; a day (date) may stand where the field holds instants
  std::int64_t bits = 0;   ///< of a literal that is no text; the days after today
  std::string text = {};

  friend bool operator==(const RuleValue&, const RuleValue&) = default;
};

/// Whole civil days of the store's zone, counted back from today: the last 90 days are {90, 0} and begin at the
/// midnight that `today - 90 days` begins with; what lies after today is in no window.
struct RuleWindow {
  std::int32_t oldest = 0;  ///< days before today; the first day that counts
  std::int32_t newest = 0;  ///< days before today; the last day that counts

  friend bool operator==(const RuleWindow&, const RuleWindow&) = default;
};

/// What several records of a customer come to.
enum class RuleMeasure : std::uint8_t { count, different, sum, average, least, most };

struct RuleTerm;

/// What a comparison asks about.
struct RuleSubject {
  enum class Kind : std::uint8_t {
    field,    ///< of the record itself
    related,  ///< a field of the record that a reference points to (`parent.tier`), or of the customer's summary
    records,  ///< a measure of the customer's records of an entity
    score,    ///< a score of the customer by its name: its number, or its label where `type` is text
    tag,      ///< whether the customer has a tag today
    segment,  ///< whether another segment has the customer
    top       ///< whether the customer is among the greatest by a number
  };
  Kind kind = Kind::field;
  std::string field = {};    ///< name; none for a count, a score, a tag and a segment
  Type type = Type::text;    ///< of what is compared: a count is an integer, an average a decimal or a real
  std::string through = {};  ///< of `related`: the reference (`parent_id`); none for the summary
  std::string entity = {};   ///< of `related` and `records`: whose field it is
  std::string name = {};     ///< of a score, tag or segment, and of the score that `top` goes by, if it is one
  RuleMeasure measure = {};  ///< of `records`
  std::int64_t share = 0;    ///< of `top`: millionths of all customers
  std::optional<RuleWindow> window = {};  ///< of `records`: by their moment; none: all of them
  std::vector<RuleTerm> where = {};       ///< of `records`: none or one condition on the records

  friend bool operator==(const RuleSubject&, const RuleSubject&) = default;
};

/// A comparison, or several conditions joined. In its simplest form: no `all` stands in an `all`, no `any` in an `any`,
/// and neither has one child only; no negation is negated.
struct RuleTerm {
  enum class Kind : std::uint8_t { compare, all, any, negate };
  Kind kind = Kind::all;
  RuleSubject subject = {};       ///< of a comparison
  Operator op = Operator::equal;  ///< of a tag, a segment and `top`: `present`
  std::vector<RuleValue> values = {};
  std::vector<RuleTerm> children = {};  ///< none: `true` of all, `false` of any

  friend bool operator==(const RuleTerm&, const RuleTerm&) = default;
};

/// Immutable, and owns its texts.
class Rule {
 public:
  static constexpr std::size_t longest = 16 * 1024;  ///< bytes of a text
  static constexpr std::size_t longest_json = 128 * 1024;
  static constexpr std::size_t deepest = 100;  ///< parentheses and negations in each other

  /// Throws Error with every problem: character, field, what is expected there, and what was perhaps meant.
  static Rule parse(const Entity& entity, std::string_view text);
  /// All of them hold, each FIELD=VALUE with the value in plain notation and without quotes (nothing after `=`: the
  /// field is missing) or a rule; an empty text always holds. What command lines and options take.
  static Rule parse_conditions(const Entity& entity, std::span<const std::string> texts);
  /// A rule about customers that may ask all that RuleSubject knows; those of `parse` ask fields of the record itself.
  /// A text that begins with `{` is read as JSON.
  static Rule parse_segment(const Schema& schema, std::string_view text);
  /// The same from its JSON (rule_forms.hpp writes it). Problems name the place by a JSON pointer; a key that has no
  /// meaning is one.
  static Rule parse_json(const Schema& schema, std::string_view json);

  const std::string& entity() const noexcept { return entity_; }
  const RuleTerm& root() const noexcept { return root_; }
  /// One of its terms as a rule of its own.
  Rule part(const RuleTerm& term) const;
  /// The one text of this rule: parse(entity, text()) is equal to it.
  std::string text() const;
  /// As a question to a store. Its texts are the rule's, which must outlive it. Code::misuse for a rule that asks more
  /// than fields of the record itself.
  Where where(const RuleGround& ground) const;
  /// Whether it may hold of other records tomorrow, by itself.
  bool asks_today() const noexcept;

  friend bool operator==(const Rule&, const Rule&) = default;

 private:
  Rule(const Entity& entity, RuleTerm root);

  std::string entity_;
  RuleTerm root_;
};

}  // namespace emptor
