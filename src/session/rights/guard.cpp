#include "session/rights/guard.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/system.hpp"
#include "emptor/session/session.hpp"

namespace emptor {
namespace {

constexpr std::string_view version_field = "version";  // a token to users: its order says nothing
constexpr std::size_t shown_at_end = 4;                // characters
constexpr std::size_t least_length = 8;                // of a text of which an end is shown

const FieldRule* rule_of(const Rights& rights, const Entity& entity, std::string_view name) {
  const Field& field = entity.field(name);
  for (const FieldRule& rule : rights.field_rules(entity))
    if (rule.field == field.number && rule.open.kind != Where::Kind::always) return &rule;
  return nullptr;
}

bool is_start(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::string masked(std::string_view text) {
  const auto characters = static_cast<std::size_t>(std::ranges::count_if(text, is_start));
  if (characters < least_length) return "***";
  std::size_t begin = text.size();
  for (std::size_t left = shown_at_end; left > 0;)
    if (is_start(text[--begin])) --left;
  return "***" + std::string(text.substr(begin));
}

}  // namespace

Where guarded(const Rights& rights, const Entity& entity, Where where) {
  for (Where& child : where.children) child = guarded(rights, entity, std::move(child));
  if (where.kind != Where::Kind::compare) return where;
  if (where.field == version_field) require_open(rights, entity, where.field);
  const FieldRule* rule = rule_of(rights, entity, where.field);
  if (rule == nullptr) return where;
  const bool true_of_missing = where.op == Operator::missing || where.op == Operator::not_equal;
  if (true_of_missing) return Where::any({std::move(where), Where::negate(rule->open)});
  return Where::all({std::move(where), rule->open});
}

void require_open(const Rights& rights, const Entity& entity, std::string_view field) {
  if (field == version_field || rule_of(rights, entity, field) != nullptr)
    throw Error(Problem{Code::denied,
                        "this field is hidden or masked for some records, so nothing can be ordered, "
                        "grouped or added up by it",
                        entity.name,
                        std::string(field),
                        {},
                        "leave the field out, or ask for the permission to read it"});
}

void require_some(const Rights* rights, const Entity& entity, Action action) {
  if (rights == nullptr || rights->may(entity, action)) return;
  throw Error(Problem{Code::denied,
                      "the actor may not " + std::string(name_of(action)) + " records of this entity",
                      entity.name,
                      "",
                      {},
                      "ask for a role with this permission"});
}

void require_erasing(const Rights* rights, const Schema& schema) {
  const Entity& receipt = schema.entity(ErasureReceipt::entity_name);
  if (rights == nullptr || rights->scope(receipt, Action::erase).kind == Where::Kind::always) return;
  throw Error(Problem{Code::denied,
                      "the actor may not forget customers",
                      receipt.name,
                      "",
                      {},
                      "ask for a role that may erase all of erasure_receipt, or let the host do it"});
}

void require_whole(const Rights* rights, const Schema& schema, std::string_view act) {
  const Entity& permission = schema.entity(Permission::entity_name);
  if (rights == nullptr || rights->scope(permission, Action::configure).kind == Where::Kind::always) return;
  throw Error(Problem{Code::denied,
                      "the actor may not " + std::string(act) + ": it tells of everybody's records",
                      permission.name,
                      "",
                      {},
                      "ask for a role that may configure all, or let the host do it"});
}

void require_whole(const Session& session, std::string_view act) {
  const std::unique_ptr<Reader> reader = session.store().read();
  require_whole(session.rights(*reader).get(), *reader->schema(), act);
}

std::string masked_text(const Value& value, bool partly) {
  return partly && value.present() && value.type() == Type::text ? masked(value.text()) : std::string();
}

}  // namespace emptor
