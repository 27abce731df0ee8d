// What the pool decides, in words and as JSON.
#include "desk/json_writer.hpp"
#include "emptor/desk/pool.hpp"

namespace emptor {
namespace {

using desk::JsonWriter;

Value text(const std::string& from) { return Value(std::string_view(from)); }

std::string days(std::int64_t count) { return std::to_string(count) + (count == 1 ? " day" : " days"); }
std::string quoted(const std::string& name) { return "\"" + name + "\""; }
std::string chinese_quoted(const std::string& name) { return "“" + name + "”"; }

void write_transferred(JsonWriter& json, const Transferred& transferred, Language language) {
  json.name("transferred").raw(to_json(transferred, language));
}

void write_rule(JsonWriter& json, Id rule, const std::string& name) {
  json.member("rule_id", Value(rule));
  json.member("rule", text(name));
}

void write_return(JsonWriter& json, const PoolReturn& back, Language language) {
  json.open('{');
  json.name("customer_id").value(Value(back.customer));
  json.name("owner_id").value(Value(back.owner));
  json.name("cause").value(back.contract_ended ? "contract_end" : "idle");
  json.name("since").value(Value(back.since));
  json.name("days").value(Value(back.days));
  write_rule(json, back.rule, back.rule_name);
  json.name("words").value(text(words_of(back, language)));
  json.close('}');
}

void write_stay(JsonWriter& json, const PoolStay& stay, Language language) {
  json.open('{');
  json.name("customer_id").value(Value(stay.customer));
  json.name("owner_id").value(Value(stay.owner));
  if (stay.until) json.name("until").value(Value(*stay.until));
  write_rule(json, stay.rule, stay.rule_name);
  json.name("words").value(text(words_of(stay, language)));
  json.close('}');
}

std::string english(const Claim& claim) {
  switch (claim.state) {
    case ClaimState::claimed:
      return "the customer is the user's now";
    case ClaimState::owned:
      return "somebody looks after the customer already";
    case ClaimState::full:
      return "the user holds " + std::to_string(claim.held) + " customers; the rule " + quoted(claim.rule_name) +
             " allows " + std::to_string(claim.most);
    case ClaimState::resting:
      return "the user was the last owner and may take the customer back on " + to_string(*claim.until) +
             ", by the rule " + quoted(claim.rule_name);
    case ClaimState::inactive:
      break;
  }
  return "the user has left, or may not act";
}

std::string chinese(const Claim& claim) {
  switch (claim.state) {
    case ClaimState::claimed:
      return "客户已归该用户负责";
    case ClaimState::owned:
      return "客户已有负责人";
    case ClaimState::full:
      return "该用户已持有" + std::to_string(claim.held) + "个客户；规则" + chinese_quoted(claim.rule_name) + "上限为" +
             std::to_string(claim.most);
    case ClaimState::resting:
      return "该用户是上一任负责人，按规则" + chinese_quoted(claim.rule_name) + "，" + to_string(*claim.until) +
             "起方可再次领取";
    case ClaimState::inactive:
      break;
  }
  return "该用户已离职或被停用";
}

}  // namespace

std::string_view name_of(ClaimState state) noexcept {
  constexpr std::string_view names[] = {"claimed", "owned", "full", "resting", "inactive"};
  return names[static_cast<std::size_t>(state)];
}

std::string words_of(const PoolReturn& back, Language language) {
  if (language == Language::chinese)
    return (back.contract_ended ? "合同已到期" : "已有") + std::to_string(back.days) +
           (back.contract_ended ? "天且未续约" : "天没有动态") + "（自" + to_string(back.since) + "起）；规则" +
           chinese_quoted(back.rule_name) + "允许" + std::to_string(back.allowed) + "天";
  return (back.contract_ended ? "no contract for " : "no sign of life for ") + days(back.days) + ", since " +
         to_string(back.since) + "; the rule " + quoted(back.rule_name) + " allows " + std::to_string(back.allowed);
}

std::string words_of(const PoolStay& stay, Language language) {
  if (language == Language::chinese)
    return "规则" + chinese_quoted(stay.rule_name) + (stay.until ? "保护至" + to_string(*stay.until) : "长期保护");
  return "protected " + (stay.until ? "until " + to_string(*stay.until) : std::string("for ever")) + " by the rule " +
         quoted(stay.rule_name);
}

std::string words_of(const Claim& claim, Language language) {
  return language == Language::chinese ? chinese(claim) : english(claim);
}

std::string to_json(const Recycled& recycled, Language language) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.name("day").value(Value(recycled.day));
  json.name("owned").value(Value(static_cast<std::int64_t>(recycled.owned)));
  json.name("returns").open('[');
  for (const PoolReturn& back : recycled.returns) write_return(json, back, language);
  json.close(']');
  json.name("stays").open('[');
  for (const PoolStay& stay : recycled.stays) write_stay(json, stay, language);
  json.close(']');
  write_transferred(json, recycled.transferred, language);
  json.close('}');
  return out;
}

std::string to_json(const Claim& claim, Language language) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.name("state").value(Value(name_of(claim.state)));
  json.name("words").value(text(words_of(claim, language)));
  write_rule(json, claim.rule, claim.rule_name);
  if (claim.state == ClaimState::full) {
    json.name("held").value(Value(claim.held));
    json.name("most").value(Value(claim.most));
  }
  if (claim.until) json.name("until").value(Value(*claim.until));
  write_transferred(json, claim.transferred, language);
  json.close('}');
  return out;
}

}  // namespace emptor
