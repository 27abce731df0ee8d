#include "support/paired_worlds.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/desk/caller_card.hpp"
#include "emptor/desk/export.hpp"
#include "emptor/desk/profile.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/model/json.hpp"
#include "emptor/session/audit.hpp"
#include "emptor/session/session_json.hpp"

namespace emptor::test {
namespace {

namespace json = boost::json;

constexpr std::string_view children[] = {"order", "order_line", "interaction", "case", "contact_point", "task"};

bool holds_number(std::string_view key) {
  return key == "id" || key.ends_with("_id") || key == "position" || key == "version" || key == "data_version" ||
         key == "user" || key == "actor" || key == "customer" || key == "model";
}

// What a field was and is, in a told change.
bool is_change(std::string_view key) { return key == "before" || key == "after"; }

std::string text_of(std::uint64_t number) { return std::to_string(number % 1'000); }

}  // namespace

WorldPlan draw_plan(Random& random) {
  constexpr std::string_view scopes[] = {"own", "team", "team_and_below", "territory"};
  WorldPlan plan;
  plan.scope = scopes[random.below(4)];
  plan.reads = {"customer"};
  for (const std::string_view entity : children)
    if (random.below(3) != 0) plan.reads.emplace_back(entity);
  for (const std::string_view entity : {"score", "customer_summary", "tag"})
    if (random.below(2) != 0) plan.reads.emplace_back(entity);
  plan.hides_city = random.below(2) != 0;
  plan.masks_name = random.below(4) == 0;
  plan.writes = random.below(2) != 0;
  plan.analyses = random.below(2) != 0;
  return plan;
}

PairedWorld::PairedWorld(Store& store, std::uint64_t seed, std::uint64_t side)
    : shared_(seed), own_(2 * seed + side), office_(store) {
  plan_ = draw_plan(shared_);
  team_ = office_.put("team", {{"name", Value("ours")}});
  other_team_ = office_.put("team", {{"name", Value("theirs")}});
  territory_ = office_.put("territory", {{"name", Value("here")}});
  other_territory_ = office_.put("territory", {{"name", Value("there")}});
  bob_ = office_.user("Bob", team_, territory_);
  eve_ = office_.user("Eve", other_team_, other_territory_);
  const KeptFields kept{.hidden = plan_.hides_city ? "city" : "", .masked = plan_.masks_name ? "name" : ""};
  for (const std::string& entity : plan_.reads)
    office_.allow(bob_, "read", plan_.scope, entity, entity == "customer" ? kept : KeptFields{});
  if (plan_.writes)
    for (const std::string_view action : {"create", "update", "delete", "assign", "export"})
      office_.allow(bob_, action, plan_.scope);
  if (plan_.analyses) office_.allow(bob_, "analyse", plan_.scope);
  for (int i = 0; i < 3; ++i) products_.push_back(office_.put("product", {{"name", Value("p" + text_of(i))}}));
  user_ = office_.as(bob_);
}

bool PairedWorld::reads(std::string_view entity) const {
  return std::ranges::find(plan_.reads, entity) != plan_.reads.end();
}

void PairedWorld::fill(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    office_.now.micros += 3'600'000'000;
    for (std::uint64_t left = own_.below(3); left > 0; --left) hidden_round();
    visible_round();
  }
  // A score comes of orders: it is seen where those are seen too.
  const bool seen = reads("score") && reads("order") && reads("order_line");
  for (const Id customer : seen_customers_)
    office_.put("score", {{"customer_id", Value(customer)},
                          {"name", Value("worth")},
                          {"value", Value(static_cast<double>(seen ? shared_.below(100) : own_.below(100)))}});
}

Id PairedWorld::make_customer(bool visible, Random& random) {
  // What is hidden of a customer that is seen is the world's own.
  const std::string city = "city " + text_of(plan_.hides_city && visible ? own_.below(50) : random.below(50));
  const std::string name = "name " + text_of(random.below(100));
  return office_.put("customer", {{"name", Value(name)},
                                  {"city", Value(city)},
                                  {"country", Value(random.below(2) == 0 ? "PT" : "DE")},
                                  {"owner_id", Value(visible ? bob_ : eve_)},
                                  {"team_id", Value(visible ? team_ : other_team_)},
                                  {"territory_id", Value(visible ? territory_ : other_territory_)}});
}

void PairedWorld::make_child(Id customer, std::string_view entity, Random& random) {
  const Value of(customer);
  const Instant at{office_.now.micros - static_cast<std::int64_t>(random.below(400)) * 86'400'000'000};
  const std::string text = "t" + text_of(random.below(1'000));
  if (entity == "order" || entity == "order_line") {
    const Id order = office_.put("order", {{"customer_id", of}, {"ordered_at", Value(at)}, {"number", Value(text)}});
    office_.put("order_line", {{"customer_id", of},
                               {"order_id", Value(order)},
                               {"product_id", Value(products_[random.below(products_.size())])},
                               {"quantity", Value(Decimal(static_cast<std::int64_t>(1 + random.below(5))))},
                               {"amount", Value(Decimal(static_cast<std::int64_t>(1 + random.below(500))))}});
  } else if (entity == "interaction") {
    office_.put(entity,
                {{"customer_id", of}, {"channel", Value("phone")}, {"at", Value(at)}, {"subject", Value(text)}});
  } else if (entity == "contact_point") {
    office_.put(entity, {{"customer_id", of}, {"channel", Value("email")}, {"value", Value(text + "@example.org")}});
  } else {
    office_.put(entity, {{"customer_id", of}, {"subject", Value(text)}});
  }
}

void PairedWorld::visible_round() {
  if (seen_customers_.empty() || shared_.below(3) == 0) {
    seen_customers_.push_back(make_customer(true, shared_));
    return;
  }
  const Id customer = seen_customers_[shared_.below(seen_customers_.size())];
  const std::string_view entity = children[shared_.below(std::size(children))];
  // An order and its lines are made together: what is seen of them must be the same, and what is not is the world's
  // own.
  const bool both = entity == "order" || entity == "order_line";
  const bool seen = both ? reads("order") || reads("order_line") : reads(entity);
  Random drawn(shared_.below(1'000'000));
  if (seen) return make_child(customer, entity, drawn);
  if (own_.below(2) == 0) make_child(customer, entity, own_);
}

void PairedWorld::hidden_round() {
  if (other_customers_.empty() || own_.below(3) == 0) {
    other_customers_.push_back(make_customer(false, own_));
    return;
  }
  make_child(other_customers_[own_.below(other_customers_.size())], children[own_.below(std::size(children))], own_);
}

Id PairedWorld::unseen(std::uint64_t draw) const {
  if (other_customers_.empty() || draw % 3 == 0) return Id{static_cast<std::int64_t>(100'000 + draw % 50)};
  return other_customers_[draw % other_customers_.size()];
}

std::string Renaming::named(const std::string& number, const std::string& place) {
  const auto [known, is_new] = names_.emplace(std::pair(place, number), 0);
  if (is_new) known->second = met_[place]++;
  return "#" + std::to_string(known->second);
}

namespace {

void rename(json::value& value, Renaming& renaming, const std::string& place, bool is_number) {
  if (value.is_object()) {
    // What says of which entity its numbers are, has them apart from others.
    const json::value* const entity = value.as_object().if_contains("entity");
    const std::string here =
        entity != nullptr && entity->is_string() ? place + std::string(entity->as_string()) : place;
    for (auto& [key, inner] : value.as_object())
      rename(inner, renaming, here + "." + std::string(key), is_change(key) ? is_number : holds_number(key));
  } else if (value.is_array()) {
    for (json::value& inner : value.as_array()) rename(inner, renaming, place, is_number);
  } else if (is_number && value.is_string() && value.as_string() != "0") {
    value = renaming.named(std::string(value.as_string()), place);
  } else if (is_number && value.is_int64()) {
    value = renaming.named(std::to_string(value.as_int64()), place);
  }
}

}  // namespace

std::string Renaming::json(std::string_view text, const std::string& place) {
  json::value value = json::parse(text);
  rename(value, *this, place, false);
  return json::serialize(value);
}

namespace {

// The user's calls, one after the other; an error is an answer too.
class Calls {
 public:
  explicit Calls(PairedWorld& world) : world_(world), session_(world.user()) {}

  std::vector<std::string> run() {
    read_everything();
    for (const Id customer : customers_) ask_about(customer);
    for (std::uint64_t draw = 0; draw < 4; ++draw) ask_about(world_.unseen(draw));
    for (int draw = 0; draw < 5; ++draw)
      ask("card of an address", [&] {
        return renaming_.json(to_json(card_by_email(session_, "t" + std::to_string(draw * 3) + "@example.org")),
                              "card");
      });
    ask("feed", [&] { return told_by(session_.view().feed(0, 100'000)); });
    ask("journal", [&] { return journal({}); });
    past();
    writes();
    analyses();
    read_everything();
    return std::move(told_);
  }

 private:
  template <class Answer>
  void ask(std::string what, Answer&& answer) {
    try {
      told_.push_back(what + ": " + answer());
    } catch (const Error& error) {
      told_.push_back(what + ": " + std::string(name_of(error.code())) + " " + error.what());
    }
  }

  std::string list(const View& view, const Query& query) {
    std::string text;
    for (const Record& record : view.select(query)) {
      if (query.entity == "customer") customers_.push_back(record.id());
      text += renaming_.json(to_json(record), query.entity) + "\n";
    }
    return text;
  }

  void read_everything() {
    const View view = session_.view();
    customers_.clear();
    for (const Entity& entity : view.schema().entities()) {
      ask(entity.name, [&] { return list(view, {.entity = entity.name, .limit = 100'000}); });
      ask("count " + entity.name, [&] { return std::to_string(view.count(entity.name)); });
      ask("export " + entity.name, [&] { return exported(view, entity.name); });
    }
    std::ranges::sort(customers_);
    customers_.erase(std::ranges::unique(customers_).begin(), customers_.end());
    for (const std::string field : {"city", "name", "country"}) {
      ask("by " + field, [&] { return list(view, {.entity = "customer", .order = {{field}}, .limit = 3}); });
      ask("with " + field, [&] {
        return list(view, {.entity = "customer", .where = Where::compare(field, Operator::greater, Value("city 2"))});
      });
      ask("groups of " + field, [&] {
        std::string text;
        for (const auto& group : view.aggregate({"customer", {}, {field}, {{Measure::count, ""}}, false}).groups)
          text += std::string(group.keys[0].text()) + "=" + std::to_string(group.results[0].integer()) + " ";
        return text;
      });
    }
  }

  // The numbers of a feed's records are of its entities.
  std::string told_by(const Feed& feed) {
    std::string text = renaming_.token(feed.position) + "\n";
    for (const FeedItem& item : feed.items)
      text += renaming_.token(item.position) + " " + to_string(item.at) + " " + renaming_.id(item.actor, "user") + " " +
              item.entity + " " + renaming_.id(item.id, item.entity) + " " + std::string(name_of(item.kind)) + " " +
              renaming_.token(item.version) + "\n";
    return text;
  }

  std::string journal(const JournalQuery& query) {
    std::string lines;
    export_journal(session_.view(), query, [&](std::string_view text) { lines += text; });
    return renamed_lines(lines, "journal");
  }

  std::string exported(const View& view, const std::string& entity) {
    std::string lines;
    export_json_lines(view, entity, [&](std::string_view text) { lines += text; });
    return renamed_lines(lines, entity);
  }

  std::string renamed_lines(const std::string& lines, const std::string& entity) {
    std::string renamed;
    for (std::size_t at = 0; at < lines.size();) {
      const std::size_t end = std::min(lines.find('\n', at), lines.size());
      renamed += renaming_.json(std::string_view(lines).substr(at, end - at), entity) + "\n";
      at = end + 1;
    }
    return renamed;
  }

  // Of a number that the user may not see nothing may depend on it: it is not renamed, for it is not told.
  void ask_about(Id customer) {
    const View view = session_.view();
    ask("get", [&] {
      const auto record = view.get("customer", customer, true);
      return record ? renaming_.json(to_json(*record), "customer") : "none";
    });
    ask("profile", [&] { return renaming_.json(to_json(read_profile(view, customer)), "profile"); });
    ask("card", [&] { return renaming_.json(to_json(card_of(session_, customer)), "card"); });
    ask("journal of a customer", [&] { return journal({.customer = customer}); });
    ask("history", [&] {
      std::string text;
      for (const RecordVersion& version : view.history("customer", customer))
        text += renaming_.token(version.version) + " " + to_string(version.at) + " " +
                renaming_.id(version.actor, "user") + " " + version.reason + " " +
                renaming_.json(to_json(version.record), "customer") + "\n";
      return text;
    });
  }

  void past() {
    const Instant now = session_.now();
    for (const std::int64_t hours : {1, 5, 20}) {
      const AsOf then(session_, Instant{now.micros - hours * 3'600'000'000});
      const View view = session_.view();
      for (const std::string_view entity : {"customer", "order", "interaction", "score"}) {
        ask("then " + std::string(entity),
            [&] { return list(view, {.entity = std::string(entity), .limit = 10'000}); });
        ask("then count " + std::string(entity), [&] { return std::to_string(view.count(entity)); });
      }
    }
  }

  void apply(const std::string& what, const ChangeSet& set) {
    ask(what, [&] {
      const Receipt receipt = session_.apply(set);
      std::string text = renaming_.token(receipt.position) + " " + std::to_string(receipt.inserted) + " " +
                         std::to_string(receipt.updated) + " " + std::to_string(receipt.unchanged);
      for (const Id id : receipt.ids) text += " " + renaming_.id(id, what);
      return text;
    });
  }

  void writes() {
    for (std::uint64_t draw = 0; draw < 6; ++draw) {
      const Id customer =
          draw % 2 == 0 && !customers_.empty() ? customers_[draw % customers_.size()] : world_.unseen(draw);
      ChangeSet named, erased, child, city, moved;
      named.put("customer", customer).set("country", "FR");
      apply("rename", named);
      city.put("customer", customer).set("city", "city 7");
      apply("city", city);
      child.put("interaction")
          .set("customer_id", customer)
          .set("channel", "phone")
          .set("at", Instant{static_cast<std::int64_t>(draw) + 1});
      apply("child", child);
      moved.put("customer", customer).set("parent_id", world_.unseen(draw + 1));
      apply("parent", moved);
      if (draw > 3) {
        erased.erase("customer", customer, 17);
        apply("erase", erased);
      }
    }
    ChangeSet made;
    made.put("customer").set("name", "made by the user").by("shop", "1");
    apply("make", made);
  }

  void analyses() {
    for (const InsightEntry& insight : insights())
      ask("insight " + std::string(insight.name), [&] {
        return renaming_.json(run_insight(session_, insight.name, {.write_back = false}).json,
                              std::string(insight.name));
      });
    ask("insight rfm, kept", [&] { return renaming_.json(run_insight(session_, "rfm").json, "rfm"); });
  }

  PairedWorld& world_;
  Session& session_;
  Renaming renaming_;
  std::vector<Id> customers_;
  std::vector<std::string> told_;
};

}  // namespace

std::vector<std::string> everything_told(PairedWorld& world) { return Calls(world).run(); }

}  // namespace emptor::test
