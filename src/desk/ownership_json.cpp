#include "desk/json_writer.hpp"
#include "emptor/desk/ownership.hpp"

namespace emptor {
namespace {

using desk::JsonWriter;

struct KeptWords {
  std::string_view name, english, chinese;
};
// In the order of KeptReason.
constexpr KeptWords kept_words[] = {
    {"closed", "closed: it keeps telling who did it", "已结束：保留原负责人作为历史"},
    {"fact", "tells who took part, sold or was to reach it", "记录当时的经办人、销售人或目标责任人"},
    {"no_successor", "nobody was named to whom it could go", "没有可接收的继任者"},
    {"denied", "the actor may not assign it", "操作者无权分配"},
    {"unseen", "the actor may not see it", "操作者无权查看"},
    {"leads", "names the user as manager; whoever configures names another", "指定该用户为主管；请由管理员另行指定"},
};

const KeptWords& words(KeptReason reason) { return kept_words[static_cast<std::size_t>(reason)]; }

Value text(const std::string& from) { return Value(std::string_view(from)); }
Value number(std::size_t count) { return Value(static_cast<std::int64_t>(count)); }

void write_spell(JsonWriter& json, const OwnerSpell& spell) {
  json.open('{');
  json.member("owner_id", Value(spell.owner));
  json.member("owner", text(spell.owner_name));
  json.member("team_id", Value(spell.team));
  json.member("from", Value(spell.from));
  if (spell.to) json.member("to", Value(*spell.to));
  json.member("by_id", Value(spell.by));
  json.member("by", text(spell.by_name));
  json.member("reason", text(spell.reason));
  json.close('}');
}

}  // namespace

std::string_view name_of(KeptReason reason) noexcept { return words(reason).name; }

std::string_view words_of(KeptReason reason, Language language) noexcept {
  return language == Language::chinese ? words(reason).chinese : words(reason).english;
}

std::string to_json(std::span<const OwnerSpell> spells) {
  std::string out;
  JsonWriter json(out);
  json.open('[');
  for (const OwnerSpell& spell : spells) write_spell(json, spell);
  json.close(']');
  return out;
}

std::string to_json(const Transferred& transferred, Language language) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.name("position").value(Value(transferred.position));
  json.name("repeated").value(Value(transferred.repeated));
  json.name("given").open('[');
  for (const GivenRecords& given : transferred.given) {
    json.open('{');
    json.name("entity").value(text(given.entity));
    json.member("user_id", Value(given.user));
    json.name("count").value(number(given.count));
    json.close('}');
  }
  json.close(']');
  json.name("kept").open('[');
  for (const KeptRecords& kept : transferred.kept) {
    json.open('{');
    json.name("entity").value(text(kept.entity));
    json.name("reason").value(Value(name_of(kept.reason)));
    json.name("words").value(Value(words_of(kept.reason, language)));
    json.name("count").value(number(kept.count));
    json.close('}');
  }
  json.close(']');
  json.close('}');
  return out;
}

}  // namespace emptor
