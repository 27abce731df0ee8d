#include "session/segments/program.hpp"

#include <algorithm>

#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/system.hpp"
#include "session/customer_summary.hpp"

namespace emptor::segments {
namespace {

void collect_tops(const RuleTerm& term, std::vector<const RuleTerm*>& tops) {
  if (term.kind == RuleTerm::Kind::compare && term.subject.kind == RuleSubject::Kind::top) tops.push_back(&term);
  for (const RuleTerm& child : term.children) collect_tops(child, tops);
}

// What a record of an entity changes beside itself: a summary follows from what a customer did.
void add_with_sources(const Schema& schema, EntityNumber entity, std::vector<EntityNumber>& all) {
  all.push_back(entity);
  if (entity != CustomerSummary::entity_number) return;
  for (const std::string_view source : customer_summary_sources()) all.push_back(schema.entity(source).number);
}

[[noreturn]] void refuse(const Source& source, std::string message, std::string hint) {
  throw Error(Problem{Code::invalid,
                      "segment '" + source.name + "': " + std::move(message),
                      std::string(Segment::entity_name),
                      "rule",
                      {},
                      std::move(hint)});
}

}  // namespace

std::vector<const RuleTerm*> tops_of(const Rule& rule) {
  std::vector<const RuleTerm*> tops;
  collect_tops(rule.root(), tops);
  return tops;
}

class Program::Compiler {
 public:
  explicit Compiler(Program& program) : program_(program) {
    records(Customer::entity_name);
    for (std::size_t i = 0; i < program.sources_.size(); ++i) {
      tops_ = 0;
      current_ = i;
      program.depends_.emplace_back();
      program.rules_.push_back(node(program.sources_[i].rule.root()));
    }
    for (std::size_t i = 0; i < program.sources_.size(); ++i) close(i);
  }

 private:
  enum class Mark : std::uint8_t { unseen, open, closed };

  Node node(const RuleTerm& term) {
    if (term.kind == RuleTerm::Kind::compare) return comparison(term);
    Node made{.kind = term.kind == RuleTerm::Kind::all   ? Node::Kind::all
                      : term.kind == RuleTerm::Kind::any ? Node::Kind::any
                                                         : Node::Kind::negate};
    for (const RuleTerm& child : term.children) made.children.push_back(node(child));
    std::ranges::stable_sort(made.children, {}, [&](const Node& child) { return cost(child); });
    return made;
  }

  // What a node takes to be asked of a customer: fields of the customer are read in any case, their records are many.
  int cost(const Node& node) const {
    if (node.kind == Node::Kind::segment) return 2;
    if (node.kind == Node::Kind::test) {
      const RuleSubject::Kind kind = program_.measures_[program_.tests_[node.number].measure].kind;
      return kind == RuleSubject::Kind::field ? 0 : kind == RuleSubject::Kind::records ? 3 : 1;
    }
    int most = 0;
    for (const Node& child : node.children) most = std::max(most, cost(child));
    return most;
  }

  Node comparison(const RuleTerm& term) {
    if (term.subject.kind == RuleSubject::Kind::segment) return {Node::Kind::segment, named(term.subject.name), &term};
    if (term.subject.kind == RuleSubject::Kind::top) return top(term);
    const std::size_t asked = measure(term.subject);
    note(asked);
    const auto [found, is_new] = test_by_key_.try_emplace(key_of(term), program_.tests_.size());
    if (is_new) program_.tests_.push_back({asked, &term});
    return {Node::Kind::test, found->second, &term};
  }

  // What it goes by is measured like any other field or score; each has a threshold of its own.
  Node top(const RuleTerm& term) {
    RuleSubject by = term.subject;
    by.kind = !by.name.empty()                            ? RuleSubject::Kind::score
              : !by.through.empty() || !by.entity.empty() ? RuleSubject::Kind::related
                                                          : RuleSubject::Kind::field;
    by.share = 0;
    const std::size_t asked = measure(by, &term.subject);
    note(asked);
    const std::vector<Value>& thresholds = program_.sources_[current_].thresholds;
    program_.tests_.push_back({asked, &term, tops_ < thresholds.size() ? thresholds[tops_] : Value()});
    ++tops_;
    return {Node::Kind::test, program_.tests_.size() - 1, &term};
  }

  std::size_t named(const std::string& name) {
    const auto number = program_.find(name);
    if (!number)
      refuse(program_.sources_[current_], "it names a segment that is not there", "see the list of segments");
    return *number;
  }

  std::size_t measure(const RuleSubject& by) { return measure(by, &by); }
  std::size_t measure(const RuleSubject& by, const RuleSubject* kept) {
    const auto [found, is_new] = measure_by_key_.try_emplace(key_of(by), program_.measures_.size());
    if (is_new) program_.measures_.push_back(made(by, kept));
    return found->second;
  }

  Measure made(const RuleSubject& by, const RuleSubject* kept) {
    Measure measure{.kind = by.kind, .subject = kept};
    switch (by.kind) {
      case RuleSubject::Kind::records:
        measure.records = records(by.entity);
        if (!by.field.empty()) measure.cell = of(measure).cell(by.field);
        if (by.window) of(measure).ask_moment();
        if (!by.where.empty()) measure.condition = of(measure).condition(by.where.front());
        break;
      case RuleSubject::Kind::score:
        measure.records = records(Score::entity_name);
        measure.names = of(measure).own_cell("name");
        measure.cell = of(measure).own_cell(by.type == Type::text ? "label" : "value");
        break;
      case RuleSubject::Kind::tag:
        measure.records = records(Tag::entity_name);
        measure.names = of(measure).own_cell("name");
        measure.from = of(measure).own_cell("valid_from");
        measure.to = of(measure).own_cell("valid_to");
        break;
      default:
        measure.cell = of(measure).cell(by);
    }
    return measure;
  }

  AskedRecords& of(const Measure& measure) { return program_.records_[measure.records]; }

  std::size_t records(std::string_view entity) {
    auto& all = program_.records_;
    const auto found =
        std::ranges::find_if(all, [&](const AskedRecords& each) { return each.entity().name == entity; });
    const auto number = static_cast<std::size_t>(found - all.begin());
    if (found == all.end()) all.emplace_back(*program_.schema_, program_.schema_->entity(entity));
    return number;
  }

  void note(std::size_t number) {
    const Measure& measure = program_.measures_[number];
    const AskedRecords& asked = of(measure);
    std::vector<EntityNumber>& depends = program_.depends_[current_];
    add_with_sources(*program_.schema_, asked.entity().number, depends);
    if (measure.kind != RuleSubject::Kind::records || !measure.subject->field.empty())
      add_with_sources(*program_.schema_, asked.depends_on(measure.cell), depends);
    if (measure.subject->window) add_with_sources(*program_.schema_, asked.depends_on(*asked.moment()), depends);
    if (measure.condition) note(asked, asked.conditions()[*measure.condition], depends);
  }
  void note(const AskedRecords& asked, const CellCondition& condition, std::vector<EntityNumber>& depends) {
    if (condition.term != nullptr) add_with_sources(*program_.schema_, asked.depends_on(condition.cell), depends);
    for (const CellCondition& child : condition.children) note(asked, child, depends);
  }

  // A segment depends on what those that it names depend on, and on every customer's coming and going.
  void close(std::size_t segment) {
    marks_.resize(program_.sources_.size());
    if (marks_[segment] == Mark::closed) return;
    if (marks_[segment] == Mark::open)
      refuse(program_.sources_[segment], "it names itself, through others", "take one of the names out");
    marks_[segment] = Mark::open;
    std::vector<EntityNumber>& depends = program_.depends_[segment];
    depends.push_back(Customer::entity_number);
    close_named(program_.rules_[segment], depends);
    std::ranges::sort(depends);
    depends.erase(std::ranges::unique(depends).begin(), depends.end());
    marks_[segment] = Mark::closed;
  }

  void close_named(const Node& node, std::vector<EntityNumber>& depends) {
    if (node.kind == Node::Kind::segment) {
      close(node.number);
      const std::vector<EntityNumber>& named = program_.depends_[node.number];
      depends.insert(depends.end(), named.begin(), named.end());
    }
    for (const Node& child : node.children) close_named(child, depends);
  }

  Program& program_;
  std::size_t current_ = 0, tops_ = 0;
  std::unordered_map<std::string, std::size_t> measure_by_key_, test_by_key_;
  std::vector<Mark> marks_;
};

Program::Program(SchemaPtr schema, std::vector<Source> sources)
    : schema_(std::move(schema)), sources_(std::move(sources)) {
  Compiler(*this);
  for (std::size_t segment = 0; segment < sources_.size(); ++segment)
    for (const EntityNumber entity : depends_[segment]) {
      std::vector<std::uint8_t>& of = dependents_[entity];
      of.resize(sources_.size());
      of[segment] = 1;
    }
}

std::span<const std::uint8_t> Program::dependents(EntityNumber entity) const {
  const auto found = dependents_.find(entity);
  return found == dependents_.end() ? std::span<const std::uint8_t>() : found->second;
}

std::optional<std::size_t> Program::find(Id segment) const {
  const auto found = std::ranges::find(sources_, segment, &Source::id);
  if (found == sources_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - sources_.begin());
}

std::optional<std::size_t> Program::find(std::string_view name) const {
  const auto found = std::ranges::find(sources_, name, &Source::name);
  if (found == sources_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - sources_.begin());
}

}  // namespace emptor::segments
