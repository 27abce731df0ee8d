// Who is in a segment, as a session may be told.
#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/sales.hpp"
#include "emptor/model/system.hpp"
#include "emptor/session/segment_finding.hpp"
#include "session/derive.hpp"
#include "session/forwarding_reader.hpp"
#include "session/journal_base.hpp"
#include "session/rule/needs.hpp"
#include "session/segments/member_sets.hpp"
#include "session/session_state.hpp"

namespace emptor {
namespace {

using namespace segments;

[[noreturn]] void refuse(Code code, std::string message, std::string hint) {
  throw Error(Problem{code, std::move(message), std::string(Segment::entity_name), "rule", {}, std::move(hint)});
}

[[noreturn]] void refuse_unknown() { refuse(Code::not_found, "there is no such segment", "see the list of segments"); }

// What a rule asks, and all that it names do.
class Asking {
 public:
  /// Throws Code::not_found where the actor may not read a segment that is asked: for them it is not there.
  Asking(const View& view, const Program& program, std::size_t segment) : view_(view), program_(program) {
    add(segment);
  }

  bool top = false, summary = false;
  std::vector<std::string> of_customer;  ///< entities of which the customer's own records are asked
  std::vector<std::string> of_others;    ///< those of which records of others are

 private:
  void add(std::size_t segment) {
    if (!view_.get(Segment::entity_name, program_.sources()[segment].id)) refuse_unknown();
    const RuleNeeds needs = needs_of(program_.sources()[segment].rule);
    top |= needs.top;
    if (!needs.fields.empty()) of_customer.emplace_back(Customer::entity_name);
    for (const auto& [entity, fields] : needs.records) of_customer.push_back(entity);
    if (!needs.scores.empty()) of_customer.emplace_back(Score::entity_name);
    if (!needs.tags.empty()) of_customer.emplace_back(Tag::entity_name);
    for (const RuleNeeds::Reference& reference : needs.references) add(reference);
    for (const std::string& name : needs.segments) add(program_.find(name).value());
  }
  // An order that a line belongs to is its customer's.
  void add(const RuleNeeds::Reference& reference) {
    const bool own = reference.through.empty() ||
                     (reference.from == OrderLine::entity_name && reference.entity == Order::entity_name);
    summary |= reference.entity == CustomerSummary::entity_name;
    (own ? of_customer : of_others).push_back(reference.entity);
  }

  const View& view_;
  const Program& program_;
};

// What says whom a segment has, or whether it is one, is kept back from the actor, and so is the answer.
void refuse_kept_back(const Rights& rights, const Schema& schema) {
  const Entity& segment = schema.entity(Segment::entity_name);
  const auto decides = [&](FieldNumber field) {
    return field == segment.field("rule").number || field == segment.field("active").number;
  };
  for (const FieldRule& rule : rights.field_rules(segment))
    if (decides(rule.field) && rule.open.kind != Where::Kind::always)
      refuse(Code::denied, "rules of segments are kept back from the actor, and so is whom they have",
             "ask for a role that reads them");
}

// Whose membership a user is told: of customers of whom all that decides it may be read.
Where told_of(const Rights& rights, const Schema& schema, const Asking& asking, const std::string& field) {
  std::vector<std::string> others = asking.of_others;
  if (asking.top) {
    others.insert(others.end(), asking.of_customer.begin(), asking.of_customer.end());
    others.emplace_back(Customer::entity_name);
  }
  for (const std::string& entity : others)
    if (!rights.reads_all(schema.entity(entity)))
      refuse(Code::denied,
             "the segment's rule asks records of others (" + entity + ") of which the actor may not read all",
             "ask for a role that reads them all");
  std::vector<Where> parts;
  for (const std::string& entity : asking.of_customer) parts.push_back(rights.whole(schema.entity(entity), field));
  return Where::all(std::move(parts));
}

}  // namespace

Where Session::in_segment(const View& view, Id segment, std::string field) const {
  const bool past = state_->as_of.has_value();
  Reader& reader = *view.reader_;
  const Rights* rights = view.partial_ ? view.of_reader_.get() : view.rights_.get();
  if (rights != nullptr) refuse_kept_back(*rights, view.schema());
  const BookPtr book =
      past ? std::make_shared<const Book>(Book::of_past(reader)) : state_->store.kept<Books>()->of(reader);
  const auto number = book->program().find(segment);
  if (!number) refuse_unknown();
  const Asking asking(view, book->program(), *number);
  if (past && (asking.top || asking.summary))
    refuse(Code::unsupported, "who was in this segment then is not known: its rule asks `top` or a summary",
           "ask for the records themselves: sum of order_line.base_amount");
  std::vector<Where> parts;
  if (rights != nullptr) parts.push_back(told_of(*rights, view.schema(), asking, field));
  IdSetPtr members;
  // The clock's day, but never before that of the newest entry.
  const Date day = book->zone().date_of(past ? *state_->as_of : std::max(now(), state_->newest_time(reader)));
  ForwardingReader derived(reader, [&](const Entity& entity) -> Reader& { return view.reader_of(entity); });
  if (past || derivations_behind(reader))  // no memberships are kept, or a load has left them behind
    members = std::make_shared<const IdSet>(
        members_of_all(past ? reader : derived, book->program(), book->zone(), *number, day));
  else
    members = state_->store.kept<MemberSets>()->of(reader, book, *number, day, *state_->store.kept<CustomerColumns>(),
                                                   state_->options.executor);
  parts.push_back(Where::among(std::move(field), std::move(members)));
  return Where::all(std::move(parts));
}

namespace {

// Every comparison of a rule with what was asked by it; of a segment that it names, whether that has them.
void collect(const Node& node, Evaluation& evaluation, SegmentFinding& found) {
  for (const Node& child : node.children) collect(child, evaluation, found);
  if (node.kind == Node::Kind::test)
    found.findings.push_back(
        {node.term, evaluation.holds(node.number)[0] != 0, found.texts->keep(evaluation.observed(node.number, 0))});
  if (node.kind == Node::Kind::segment)
    found.findings.push_back({node.term, evaluation.members(node.number)[0] != 0, {}});
}

// A question about one customer, and what of the answer the actor may be told.
struct Inquiry {
  Inquiry(const Session& session, Id of)
      : customer(of), view(session.view()), reader(session.store().read()), rights(session.rights(*reader)) {
    if (!view.get(Customer::entity_name, customer))
      throw Error(
          Problem{Code::not_found, "there is no such record", std::string(Customer::entity_name), "id", {}, {}});
    if (rights) refuse_kept_back(*rights, view.schema());
    book = session.store().kept<Books>()->of(*reader);
    today = book->zone().date_of(std::max(session.now(), newest_entry_time(*reader)));
    if (derivations_behind(*reader)) bring_derived();
  }

  Evaluation evaluation() const {
    Evaluation made(book->program(), book->zone());
    made.begin(current_ ? *current_ : *reader, std::span(&customer, 1), today);
    return made;
  }

  /// Throws as Session::in_segment does.
  bool is_told(std::size_t segment) const {
    const Asking asking(view, book->program(), segment);
    if (!rights) return true;
    const Where told = told_of(*rights, view.schema(), asking, "id");
    return view.count(Customer::entity_name, Where::all({told, Where::equal("id", customer)})) != 0;
  }

  Id customer;
  View view;
  std::unique_ptr<Reader> reader;
  RightsPtr rights;
  BookPtr book;
  Date today;

 private:
  void bring_derived() {
    derived_ = derived_anew(*reader);
    derived_reader_ = derived_->read();
    current_ = std::make_unique<ForwardingReader>(*reader, [this](const Entity& entity) -> Reader& {
      return entity.keeping == Keeping::derived ? *derived_reader_ : *reader;
    });
  }

  std::unique_ptr<Store> derived_;  // where a load has left derived records behind
  std::unique_ptr<Reader> derived_reader_, current_;
};

}  // namespace

SegmentFinding find_in_segment(const Session& session, Id segment, Id customer) {
  const Inquiry inquiry(session, customer);
  const auto number = inquiry.book->program().find(segment);
  if (!number) refuse_unknown();
  if (!inquiry.is_told(*number))
    refuse(Code::denied, "the actor may not read all that the segment's rule asks of this customer",
           "ask for a role that reads it whole");
  Evaluation evaluation = inquiry.evaluation();
  const Program& program = inquiry.book->program();
  SegmentFinding found{evaluation.members(*number)[0] != 0,
                       std::shared_ptr<const Rule>(inquiry.book, &program.sources()[*number].rule),
                       {},
                       std::make_shared<Arena>()};
  collect(program.rules()[*number], evaluation, found);
  return found;
}

std::vector<Id> segments_of(const Session& session, Id customer) {
  const Inquiry inquiry(session, customer);
  Evaluation evaluation = inquiry.evaluation();
  std::vector<Id> all;
  for (std::size_t i = 0; i < inquiry.book->size(); ++i) {
    if (evaluation.members(i)[0] == 0) continue;
    try {
      if (inquiry.is_told(i)) all.push_back(inquiry.book->program().sources()[i].id);
    } catch (const Error& error) {
      if (error.code() != Code::denied && error.code() != Code::not_found) throw;
    }
  }
  return all;
}

}  // namespace emptor
