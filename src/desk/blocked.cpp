#include "emptor/desk/blocked.hpp"

#include <algorithm>

#include "desk/contact_search.hpp"
#include "desk/json_writer.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_blocks = 10'000;

Date today_of(const Session& session, const View& view) { return Zone::of(view.info().zone).date_of(session.now()); }

void write(desk::JsonWriter& json, const Block& block) {
  json.open('{');
  json.name("id").value(Value(block.id));
  json.name("customer_id").value(Value(block.customer_id));
  json.name("kind").value(Value(std::string_view(block.kind)));
  json.member("cause", Value(std::string_view(block.cause)));
  json.member("reason", Value(std::string_view(block.reason)));
  json.member("user_id", Value(block.user_id));
  if (block.valid_from) json.name("valid_from").value(Value(*block.valid_from));
  if (block.valid_to) json.name("valid_to").value(Value(*block.valid_to));
  json.close('}');
}

}  // namespace

std::vector<Block> blocks_in_force(const View& view, Id customer, Date day) {
  std::vector<Block> blocks;
  for (const Record& record : view.select({.entity = std::string(Block::entity_name),
                              .where = Where::equal("customer_id", customer),
                              .order = {{"valid_from", true}, {"id", true}},
                              .limit = most_blocks})) {
    Block block = record.as<Block>();
    if (in_force(block.valid_from, block.valid_to, day)) blocks.push_back(std::move(block));
  }
  return blocks;
}

bool Blocked::has(std::string_view kind) const noexcept {
  return std::ranges::any_of(blocks, [&](const Block& block) { return block.kind == kind; });
}

Blocked blocked(const Session& session, Id customer) {
  const View view = session.view();
  if (!view.get(Customer::entity_name, customer))
    throw Error(Problem{Code::not_found, "there is no such record", "customer", "id", {}, {}});
  return {blocks_in_force(view, customer, today_of(session, view))};
}

Blocked blocked_contact(const Session& session, std::string_view number_or_email, std::string_view default_region) {
  const View view = session.view();
  Blocked found;
  for (const desk::Contact& contact : desk::find_number_or_email(view, number_or_email, default_region))
    std::ranges::move(blocks_in_force(view, contact.customer, today_of(session, view)),
                      std::back_inserter(found.blocks));
  return found;
}

std::string to_json(const Blocked& blocked) {
  std::string out;
  desk::JsonWriter json(out);
  json.open('{');
  json.name("served").value(Value(blocked.served()));
  json.name("blocks").open('[');
  for (const Block& block : blocked.blocks) write(json, block);
  json.close(']');
  json.close('}');
  return out;
}

}  // namespace emptor
