// The journal as it is told: against what a random history was seen to change, step by step, and by rights.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/session/audit.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;
namespace json = boost::json;

namespace {

// A change as plain text, of an entry.
struct Told {
  std::int64_t position = 0;
  Instant at;
  Id actor;
  std::string entity;
  Id id;
  Id customer;
  std::string text;
  friend bool operator==(const Told&, const Told&) = default;
};

std::string text_of(const Value& value) {
  if (!value.present()) return "none";
  return value.is_text() ? std::string(value.text()) : std::to_string(value.bits());
}

std::string text_of(const ToldChange& change) {
  std::string text = std::to_string(static_cast<int>(change.kind));
  for (const FieldChange& field : change.fields)
    text += ";" + field.field->name + "=" + text_of(field.before) + ">" + text_of(field.after);
  return text;
}

std::vector<Told> told(const View& view, const JournalQuery& query = {}) {
  std::vector<Told> lines;
  tell_journal(view, query, [&](const ToldEntry& entry) {
    for (const ToldChange& change : entry.changes)
      lines.push_back({entry.position, entry.at, entry.actor, change.entity->name, change.id, {}, text_of(change)});
    return true;
  });
  return lines;
}

// The same by looking at the records before and after each write.
class Witness {
 public:
  explicit Witness(Store& store) : office_(store), random_(11) {
    for (const char* name : {"Ann", "Bob"}) users_.push_back(office_.user(name));
    for (const Id user : users_)
      for (const char* action : {"read", "create", "update", "delete"}) office_.allow(user, action, "all");
    for (const Id user : users_) sessions_.push_back(office_.as(user));
    for (int i = 0; i < 3; ++i) write(make("customer"));
  }

  void step() {
    office_.now.micros += 1 + static_cast<std::int64_t>(random_.below(3)) * 1'000'000;
    switch (random_.below(6)) {
      case 0:
        return write(make("customer"));
      case 1:
        return write(make("interaction"));
      case 2:
        return write(erased());
      default:
        return write(changed());
    }
  }

  Office& office() { return office_; }
  std::vector<Told> lines;  // what was seen to change
  const std::vector<Id>& users() const { return users_; }
  Id any_customer() { return customers_[random_.below(customers_.size())]; }

 private:
  struct Write {
    std::string entity;
    Id id;  // 0: a new one
    ChangeSet set;
  };

  Write make(const std::string& entity) {
    Write write{entity, no_id, {}};
    ChangeSet::Put put = write.set.put(entity);
    if (entity == "customer")
      put.set("name", "n" + std::to_string(random_.below(100))).set("country", random_.below(2) == 0 ? "PT" : "DE");
    else
      put.set("customer_id", any_customer()).set("channel", "phone").set("at", office_.now);
    return write;
  }
  Write changed() {
    Write write{"customer", any_customer(), {}};
    write.set.put("customer", write.id)
        .set("city", "c" + std::to_string(random_.below(4)))
        .set("country", random_.below(2) == 0 ? "PT" : "DE");
    return write;
  }
  Write erased() {
    if (interactions_.empty()) return changed();
    Write write{"interaction", interactions_.back(), {}};
    write.set.erase("interaction", interactions_.back());
    interactions_.pop_back();
    return write;
  }

  std::vector<Value> row_of(const Write& write, std::optional<Record>& kept) {
    if (write.id) kept = office_.system().view().get(write.entity, write.id, true);
    return kept ? std::vector<Value>(kept->row().begin(), kept->row().end()) : std::vector<Value>();
  }

  void write(Write one) {
    std::optional<Record> then, now;
    const std::vector<Value> before = row_of(one, then);
    const std::size_t by = random_.below(users_.size() + 1);
    Session& session = by == users_.size() ? office_.system() : *sessions_[by];
    const Receipt receipt = session.apply(one.set);
    if (receipt.unchanged > 0) return;
    const bool is_new = !one.id;
    one.id = receipt.ids.front();
    if (is_new) (one.entity == "customer" ? customers_ : interactions_).push_back(one.id);
    const std::vector<Value> after = row_of(one, now);
    const Entity& entity = now->entity();
    std::string text = is_new ? "1" : receipt.erased > 0 ? "3" : "2";
    for (const Field& field : entity.fields) {
      if (field.number < system_field::deleted_at || field.name == "name_key") continue;
      const Value was = is_new ? Value() : before[field.number], is = after[field.number];
      if (!(was == is)) text += ";" + field.name + "=" + text_of(was) + ">" + text_of(is);
    }
    const Id customer = one.entity == "customer" ? one.id : now->get("customer_id").id();
    lines.push_back({office_.system().view().info().position, office_.now, by == users_.size() ? no_id : users_[by],
                     one.entity, one.id, customer, text});
  }

  Office office_;
  Random random_;
  std::vector<Id> users_, customers_, interactions_;
  std::vector<std::unique_ptr<Session>> sessions_;
};

std::vector<Told> without_customers(std::vector<Told> lines) {
  for (Told& line : lines) line.customer = {};
  return lines;
}

template <class Chosen>
std::vector<Told> only(std::vector<Told> lines, const Chosen& chosen) {
  std::erase_if(lines, [&](const Told& line) { return !chosen(line); });
  return without_customers(std::move(lines));
}

std::vector<json::value> exported(const View& view, const JournalQuery& query = {}) {
  std::string text;
  const std::uint64_t lines = export_journal(view, query, [&](std::string_view piece) { text += piece; });
  std::vector<json::value> parsed;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    parsed.push_back(json::parse(text.substr(at, end - at)));
    at = end + 1;
  }
  CHECK(parsed.size() == lines);
  return parsed;
}

}  // namespace

TEST_CASE("[M6] audit: every change is told as it was seen to happen, whatever is chosen") {
  on_every_store([](StoreGround& ground) {
    Witness witness(ground.store());
    const std::int64_t begin = witness.lines.front().position;
    for (int i = 0; i < 150; ++i) witness.step();
    const View view = witness.office().system().view();
    const auto& lines = witness.lines;
    const auto since_begin = [&](JournalQuery query) {
      query.after = begin - 1;
      return told(view, query);
    };
    CHECK(since_begin({}) == without_customers(lines));
    CHECK(since_begin({.entity = "interaction"}) ==
          only(lines, [](const Told& l) { return l.entity == "interaction"; }));
    for (int i = 0; i < 8; ++i) {
      const Id customer = witness.any_customer();
      CHECK(since_begin({.entity = "customer", .record = customer}) ==
            only(lines, [&](const Told& l) { return l.entity == "customer" && l.id == customer; }));
      const auto theirs = only(lines, [&](const Told& l) { return l.customer == customer; });
      CHECK(since_begin({.customer = customer}) == theirs);
      const Instant from = lines[20].at, to = lines[90].at;
      CHECK(since_begin({.since = from, .until = to, .customer = customer}) ==
            only(lines, [&](const Told& l) { return l.customer == customer && l.at >= from && l.at <= to; }));
      CHECK(since_begin({.since = from, .until = to}) ==
            only(lines, [&](const Told& l) { return l.at >= from && l.at <= to; }));
    }
    for (const Id user : {no_id, witness.users()[0], witness.users()[1]})
      CHECK(since_begin({.actor = user}) == only(lines, [&](const Told& l) { return l.actor == user; }));
    CHECK(told(view, {.after = lines[50].position}) ==
          only(lines, [&](const Told& l) { return l.position > lines[50].position; }));
  });
}

TEST_CASE("[M6] audit: a record of more versions than are kept at hand is told whole") {
  const auto store = open_memory({});
  Session session(*store);
  const int versions = 4'300;
  for (int i = 0; i < versions; ++i) {
    ChangeSet set;
    set.put("product", i == 0 ? no_id : Id{1}).set("name", "p" + std::to_string(i));
    session.apply(set);
  }
  int next = 0;
  tell_journal(session.view(), {}, [&](const ToldEntry& entry) {
    REQUIRE(entry.changes.size() == 1);
    const FieldChange& name = entry.changes.front().fields.front();
    REQUIRE(text_of(name.before) == (next == 0 ? "none" : "p" + std::to_string(next - 1)));
    REQUIRE(text_of(name.after) == "p" + std::to_string(next));
    ++next;
    return true;
  });
  CHECK(next == versions);
}

TEST_CASE("[M6] audit: JSON lines hold the chain, and before and after of every field") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    ChangeSet set;
    const Id ada = set.put("customer").set("name", "Ada").set("city", "Porto").id();
    set.put("order").set("customer_id", ada).set("ordered_at", office.now);
    office.system().apply(set, {.op_id = "web:7", .reason = "\"first\" day"});
    office.put("customer", {{"city", Value("Faro")}, {"name", Value()}}, Id{1});
    const auto lines = exported(office.system().view());
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].at("op_id").as_string() == "web:7");
    CHECK(lines[0].at("reason").as_string() == "\"first\" day");
    CHECK(lines[0].at("count").as_string() == "2");
    CHECK(lines[0].at("previous_hash").as_string() == std::string(64, '0'));
    CHECK(lines[1].at("previous_hash") == lines[0].at("hash"));
    CHECK(lines[1].at("hash").as_string() == hexadecimal(office.system().view().info().head));
    CHECK(lines[1].at("at").as_string() == to_string(office.now));
    const json::value& fields = lines[1].at("changes").at(0).at("fields");
    CHECK(json::serialize(fields.at("city")) == R"({"before":"Porto","after":"Faro"})");
    CHECK(json::serialize(fields.at("name")) == R"({"before":"Ada"})");
    CHECK(json::serialize(lines[0].at("changes").at(1).at("fields").at("customer_id")) == R"({"after":"1"})");
  });
}

TEST_CASE("[M5] [M6] audit: a user is told of what they may read today, without hashes, positions and others' op ids") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id bob = office.user("Bob"), cat = office.user("Cat");
    for (const char* action : {"read", "create", "update"})
      office.allow(bob, action, "own", "", {.hidden = "city", .masked = "region"});
    const Id mine = office.customer("mine", bob), other = office.customer("other", cat);
    ChangeSet both;
    both.put("customer", mine).set("city", "Porto").set("region", "Alentejo").set("country", "PT");
    both.put("customer", other).set("country", "DE");
    office.system().apply(both, {.op_id = "secret:1", .reason = "moved"});
    const auto session = office.as(bob);
    ChangeSet own;
    own.put("customer", mine).set("country", "FR");
    session->apply(own, {.op_id = "bob:1"});
    const auto lines = exported(session->view());
    REQUIRE(lines.size() == 3);
    for (const json::value& line : lines) {
      for (const char* secret : {"hash", "previous_hash", "count"}) CHECK_FALSE(line.as_object().contains(secret));
      CHECK(line.at("changes").as_array().size() == 1);
      CHECK(line.at("changes").at(0).at("id").as_string() == std::to_string(mine.value));
      CHECK(line.at("position").as_string().size() > 6);
    }
    CHECK_FALSE(lines[1].as_object().contains("op_id"));
    CHECK(lines[1].at("reason").as_string() == "moved");
    const json::object& fields = lines[1].at("changes").at(0).at("fields").as_object();
    CHECK(fields.size() == 2);
    CHECK(json::serialize(fields.at("country")) == R"({"after":"PT"})");
    CHECK(json::serialize(fields.at("region")) == R"({"after":"***tejo"})");
    CHECK(lines[2].at("op_id").as_string() == "bob:1");
    CHECK(exported(session->view(), {.entity = "customer", .record = other}).empty());
    CHECK(exported(session->view(), {.customer = other}).empty());
    CHECK(exported(session->view(), {.actor = cat}).empty());
    const std::int64_t token = std::stoll(std::string(lines[0].at("position").as_string()));
    CHECK(exported(session->view(), {.after = token}).size() == 2);
    office.put("customer", {{"owner_id", Value(cat)}}, mine);
    CHECK(exported(session->view()).empty());
  });
}

TEST_CASE("[M6] audit: values whose key was destroyed are missing, and what is no longer personal stays") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id ada = office.customer("Ada");
    office.put("customer", {{"name", Value("Ida")}, {"country", Value("PT")}}, ada);
    office.put("customer", {{"name", Value("Eva")}, {"country", Value("DE")}}, ada);
    ground.write([&](Writer& writer) { writer.erase(writer.schema()->entity("subject_key"), std::span(&ada, 1)); });
    const auto lines = exported(office.system().view(), {.entity = "customer", .record = ada});
    REQUIRE(lines.size() == 3);
    CHECK(json::serialize(lines[0]).find("Ada") == std::string::npos);
    CHECK(json::serialize(lines[1]).find("Ida") == std::string::npos);
    CHECK(json::serialize(lines[2].at("changes").at(0).at("fields").at("country")) ==
          R"({"before":"PT","after":"DE"})");
  });
}

TEST_CASE("[M6] audit: the past has no journal, and a record is named with its entity") {
  const auto store = open_memory({});
  Session session(*store);
  const auto code = [&](const JournalQuery& query) {
    try {
      told(session.view(), query);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::ok;
  };
  CHECK(code({.record = Id{1}}) == Code::invalid);
  CHECK(code({.entity = "nothing"}) == Code::not_found);
  const AsOf past(session, Instant{1});
  CHECK(code({}) == Code::unsupported);
}
