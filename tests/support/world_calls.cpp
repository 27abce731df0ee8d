// The calls of C++ that read.
#include "support/world_calls.hpp"

#include <algorithm>
#include <fstream>

#include "emptor/core/error.hpp"
#include "emptor/desk/access.hpp"
#include "emptor/desk/blocked.hpp"
#include "emptor/desk/caller_card.hpp"
#include "emptor/desk/contact_allowed.hpp"
#include "emptor/desk/export.hpp"
#include "emptor/desk/feed_payload.hpp"
#include "emptor/desk/known.hpp"
#include "emptor/desk/ownership.hpp"
#include "emptor/desk/portability.hpp"
#include "emptor/desk/profile.hpp"
#include "emptor/desk/segments.hpp"
#include "emptor/desk/stages.hpp"
#include "emptor/desk/statistics.hpp"
#include "emptor/desk/tags.hpp"
#include "emptor/insight/analyse.hpp"
#include "emptor/insight/facts.hpp"
#include "emptor/insight/facts_arrow.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/live.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/model/json.hpp"
#include "emptor/session/audit.hpp"
#include "emptor/session/forget.hpp"
#include "emptor/session/read_log.hpp"
#include "emptor/session/rule.hpp"
#include "emptor/session/search.hpp"
#include "emptor/session/segment_finding.hpp"
#include "emptor/session/select_arrow.hpp"
#include "emptor/session/session_json.hpp"
#include "support/arrow_consumer.hpp"
#include "support/temp_folder.hpp"
#include "support/world_writes.hpp"

namespace emptor::test {
namespace {

using A = CppAsker;

std::string number(std::int64_t of) { return of == 0 ? "" : std::to_string(of); }

std::string record_text(A& a, const Record& record) {
  return a.renaming.json(to_json(record), record.entity().name) + "\n";
}

std::string list(A& a, const View& view, const Query& query) {
  std::string text;
  for (const Record& record : view.select(query)) text += record_text(a, record);
  return text;
}

std::string group_text(const Groups& groups) {
  std::string text;
  const auto told = [&](const std::vector<Value>& values) {
    for (const Value& value : values)
      text += (value.is_text()   ? std::string(value.text())
               : value.present() ? std::to_string(value.bits())
                                 : "-") +
              " ";
  };
  for (const Groups::Group& group : groups.groups) {
    told(group.keys);
    text += "= ";
    told(group.results);
  }
  return text;
}

std::string batch_text(A& a, const Entity& entity, const Batch& batch) {
  std::string text;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    text += a.renaming.id(batch.ids[row], entity.name + ".id");
    for (const Column& column : batch.columns) {
      const Value value = column.value(row);
      const Field& field = entity.fields[column.field];
      text += "|";
      if (!value.present()) continue;
      if (field.number == system_field::version)
        text += a.renaming.token(value.bits());
      else if (value.type() == Type::id)
        text += a.renaming.id(value.id(), entity.name + "." + field.name);
      else
        text += value.is_text() ? std::string(value.text()) : std::to_string(value.bits());
    }
    text += "\n";
  }
  return text;
}

// The numbers of a feed's records are of its entities.
std::string feed_text(A& a, const Feed& feed) {
  std::string text;
  for (const FeedItem& item : feed.items)
    text += a.renaming.token(item.position) + " " + to_string(item.at) + " " + a.renaming.id(item.actor, "user.id") +
            " " + item.entity + " " + a.renaming.id(item.id, item.entity + ".id") + " " +
            std::string(name_of(item.kind)) + " " + a.renaming.token(item.version) + "\n";
  return text.empty() ? text : text + a.renaming.token(feed.position);
}

std::string history_text(A& a, const std::vector<RecordVersion>& versions) {
  std::string text;
  for (const RecordVersion& version : versions)
    text += a.renaming.token(version.version) + " " + to_string(version.at) + " " +
            a.renaming.id(version.actor, "user.id") + " " + version.reason + " " + std::string(name_of(version.kind)) +
            " " + record_text(a, version.record);
  return text;
}

std::string card_text(A& a, const CallerCard& card) {
  if (card.state == CardState::unknown) return "";
  return a.renaming.json(to_json(card), "card");
}

std::string head_text(const StoreInfo& info) {
  return std::string(reinterpret_cast<const char*>(info.head.data()), info.head == Hash{} ? 0 : info.head.size());
}

// ---- View

void get(A& a) {
  const Entity& entity = a.entity();
  const Id id = a.record(entity);
  const bool deleted = a.draw(3) == 0;
  a.ask("View::get", [&] {
    const auto record = a.session.view().get(entity.name, id, deleted);
    return record ? record_text(a, *record) : "";
  });
}

void find(A& a) {
  const bool own = a.draw(2) == 0;  // those that a world has for itself
  const std::string external = own ? "" : a.external_id();
  const char* entity = a.draw(2) == 0 ? "order" : "customer";
  a.ask("View::find", [&] {
    const View view = a.session.view();
    std::string text;
    for (int number = 1; number <= (own ? 12 : 1); ++number)
      if (const auto record = view.find(entity, "erp", own ? "o0-" + std::to_string(number) : external))
        text += record_text(a, *record);
    return text;
  });
}

void select(A& a) {
  const Entity& entity = a.entity();
  Query query{.entity = entity.name, .limit = 1 + a.draw(20), .with_deleted = a.draw(3) == 0};
  if (a.draw(2) == 0) query.where = a.where(entity);
  if (a.draw(4) == 0) query.order = {{a.field(entity).name, a.draw(2) == 0}};
  a.ask("View::select", [&] { return list(a, a.session.view(), query); });
}

void scan(A& a) {
  const Entity& entity = a.entity();
  Query query{.entity = entity.name, .where = a.where(entity), .limit = 2};
  for (std::uint64_t left = 1 + a.draw(4); left > 0; --left) query.fields.push_back(a.field(entity).name);
  a.ask("View::scan", [&] {
    const View view = a.session.view();
    std::string text;
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = view.scan(query, key, batch);
      text += batch_text(a, entity, batch);
    }
    return text;
  });
}

void count(A& a) {
  const Entity& entity = a.entity();
  const Where where = a.draw(2) == 0 ? Where{} : a.where(entity);
  a.ask("View::count", [&] { return number(a.session.view().count(entity.name, where)); });
}

void aggregate(A& a) {
  const Entity& entity = a.entity();
  AggregateQuery query{entity.name, {}, {}, {{Measure::count, ""}}, a.draw(3) == 0};
  if (a.draw(2) == 0) query.where = a.where(entity);
  if (const Field& by = a.field(entity); a.draw(2) == 0 && by.type != Type::id) query.group_by = {by.name};
  const Field& of = a.field(entity);
  const bool numeric = of.type == Type::decimal || of.type == Type::integer;
  if (numeric && of.number >= system_field::count) query.measures.push_back({Measure::sum, of.name});
  a.ask("View::aggregate", [&] {
    const Groups groups = a.session.view().aggregate(query);
    const bool none = groups.groups.size() == 1 && query.group_by.empty() && groups.groups[0].results[0].integer() == 0;
    return none ? "" : group_text(groups);
  });
}

void feed(A& a) {
  const std::size_t limit = 1 + a.draw(40);
  a.ask("View::feed", [&] {
    const View view = a.session.view();
    const Feed first = view.feed(0, limit);
    return feed_text(a, first) + feed_text(a, view.feed(first.position, 3));
  });
}

void history(A& a) {
  const Entity& entity = a.entity();
  const Id id = a.record(entity);
  a.ask("View::history", [&] { return history_text(a, a.session.view().history(entity.name, id)); });
}

void record_as_of(A& a) {
  const Entity& entity = a.entity();
  const Id id = a.record(entity);
  const Instant at{a.world.now().micros - static_cast<std::int64_t>(a.draw(6)) * 3'600'000'000};
  a.ask("View::as_of", [&] {
    const auto record = a.session.view().as_of(entity.name, id, at);
    return record ? record_text(a, *record) : "";
  });
}

void info(A& a) {
  a.ask("View::info", [&] {
    const View view = a.session.view();
    const StoreInfo& told = view.info();
    if (!view.setting("salt").empty()) a.wrong.push_back("View::setting: a secret is told");
    return a.renaming.position(told.position) + head_text(told) + std::string(told.currency.code());
  });
}

void past(A& a) {
  const Instant at{a.world.now().micros - static_cast<std::int64_t>(a.draw(5)) * 3'600'000'000};
  const Entity& entity = a.entity();
  const Where where = a.draw(2) == 0 ? Where{} : a.where(entity);
  const Id customer = a.customer();
  const AsOf then(a.session, at);
  const View view = a.session.view();
  a.ask("AsOf, list", [&] { return list(a, view, {.entity = entity.name, .where = where, .limit = 100}); });
  a.ask("AsOf, count", [&] { return number(view.count(entity.name, where)); });
  a.ask("AsOf, profile",
        [&] { return a.renaming.json(to_json(read_profile(view, customer, {.now = at})), "profile"); });
  a.ask("AsOf, info", [&] { return a.renaming.position(view.info().position) + head_text(view.info()); });
  if (!view.setting("salt").empty()) a.wrong.push_back("View::setting: a secret of the past is told");
  a.ask("AsOf, feed", [&] { return feed_text(a, view.feed(0, 100)); });
  const std::string external = a.external_id();
  a.ask("AsOf, find", [&] {
    const auto record = view.find("customer", "erp", external);
    return record ? record_text(a, *record) : "";
  });
  a.ask("AsOf, export", [&] { return std::to_string(export_json_lines(view, "customer", [](std::string_view) {})); });
  a.check(false, "an export of a view that was not made for it");
  a.ask("AsOf, for export", [&] {
    const Purpose purpose(a.session, Action::export_records);
    const std::int64_t count = a.session.view().count("customer");
    if (static_cast<std::size_t>(count) > a.world.customers_in(a.plan().acts.export_records))
      a.wrong.push_back("AsOf: more than may be exported");
    return number(count);
  });
}

// What a live model knows of a customer stands for all of their orders: a firm of its own, for a model that is kept
// writes what is everybody's.
void scores_now(A& a) {
  CppGround ground;
  ground.enforce_rights();
  const std::vector<Id> ids = ground.apply(
      {{"user", {}, false, {{"name", Value("Bob")}}},
       {"role", {}, false, {{"name", Value("agent")}}},
       {"user_role", {}, false, {{"user_id", Value(Id{-1})}, {"role_id", Value(Id{-2})}}},
       {"permission",
        {},
        false,
        {{"role_id", Value(Id{-2})}, {"action", Value("read")}, {"entity", Value("customer")}}},
       {"customer", {}, false, {{"name", Value("Ann")}, {"owner_id", Value(Id{-1})}}},
       {"order", {}, false, {{"customer_id", Value(Id{-5})}, {"ordered_at", Value(Instant{1})}}},
       {"order_line",
        {},
        false,
        {{"customer_id", Value(Id{-5})}, {"order_id", Value(Id{-6})}, {"amount", Value(Decimal(std::int64_t{9}))}}}},
      "firm");
  const auto system = ground.session(no_id), user = ground.session(ids[0]);
  run_insight(*system, "rfm");
  set_live(*system, "rfm", true);
  if (system->scores_now(system->view(), ids[4]).empty())
    a.wrong.push_back("Session::scores_now: tells nobody anything");
  if (!user->scores_now(user->view(), ids[4]).empty())
    a.wrong.push_back("Session::scores_now: what all orders say is told");
}

void verify(A& a) {
  a.ask("Session::verify", [&] { return to_json(a.session.verify()); });
  a.check(false, "the store is told whole");
}

void arrow(A& a) {
  const Entity& entity = a.entity();
  Query query{.entity = entity.name, .where = a.where(entity)};
  a.ask("select_arrow", [&] {
    ArrowConsumer consumer;
    select_arrow(a.session.view(), query, &consumer.stream);
    return arrow_text(consumer, a.renaming, entity.name);
  });
}

// ---- desk

void profile(A& a) {
  const Id customer = a.customer();
  const bool one = a.draw(3) == 0;
  ProfileOptions options{.page_size = 1 + a.draw(5), .now = a.world.now()};
  if (one) options.entities = {"interaction"};
  a.ask("read_profile",
        [&] { return a.renaming.json(to_json(read_profile(a.session.view(), customer, options)), "profile"); });
}

void cards(A& a) {
  const Id customer = a.customer();
  const std::string phone = a.phone(), email = a.email(), external = a.external_id();
  switch (a.draw(4)) {
    case 0:
      return a.ask("card_of", [&] { return card_text(a, card_of(a.session, customer)); });
    case 1:
      return a.ask("caller_card",
                   [&] { return card_text(a, caller_card(a.session, phone, {.default_region = "DE"})); });
    case 2:
      return a.ask("card_by_email", [&] { return card_text(a, card_by_email(a.session, email)); });
    default:
      return a.ask("card_by_identity", [&] { return card_text(a, card_by_identity(a.session, "erp", external)); });
  }
}

void known_by_number(A& a) {
  const std::string text = a.draw(2) == 0 ? a.phone() : a.email();
  a.ask("known_customer", [&] {
    const KnownCustomer known = known_customer(a.session, text, "DE");
    return known.known ? a.renaming.json(to_json(known), "known") : number(known.customers);
  });
}

// Of customers of its scope `known` tells what docs/rights.md lists; of others that they are not known.
void known_at_all(A& a) {
  const auto keeps = [&](std::string_view entity, std::string_view field) {
    return std::ranges::any_of(a.plan().kept, [&](const KeptField& kept) {
      return kept.entity == entity && (field.empty() || kept.field == field);
    });
  };
  const bool by_number = a.draw(2) == 0;
  KnownQuestion question{.default_region = "DE"};
  (by_number ? question.phone : question.name) = by_number ? a.phone() : "long text " + std::to_string(a.draw(12));
  const bool all_told = by_number ? a.plan().reads.contains("contact_point") && !keeps("contact_point", "") &&
                                        !keeps("customer", "country")
                                  : !keeps("customer", "name");
  if (!all_told && !a.plan().acts.know.empty()) return;
  bool refused = true;
  a.ask("known", [&] {
    const KnownAnswer answer = known(a.session, question);
    refused = false;
    return number(static_cast<std::int64_t>(answer.customers));
  });
  if (a.plan().acts.know.empty() && !refused) a.wrong.push_back("known: nobody gave the permission to ask");
}

void blocks(A& a) {
  const Id customer = a.customer();
  a.ask("blocked", [&] { return a.renaming.json(to_json(blocked(a.session, customer)), "blocked"); });
  const std::string text = a.draw(2) == 0 ? a.phone() : a.email();
  a.ask("blocked_contact", [&] { return a.renaming.json(to_json(blocked_contact(a.session, text, "DE")), "blocked"); });
  a.ask("blocks_in_force", [&] {
    return number(static_cast<std::int64_t>(blocks_in_force(a.session.view(), customer, Date{19'600}).size()));
  });
}

void contact(A& a) {
  const Id customer = a.customer();
  a.ask("contact_allowed", [&] {
    return a.renaming.json(to_json(contact_allowed(a.session.view(), customer, "email", "marketing", a.world.now())),
                           "contact");
  });
}

void spells(A& a) {
  const Id customer = a.customer();
  a.ask("owners", [&] {
    const auto told = owners(a.session.view(), customer);
    return told.empty() ? "" : a.renaming.json(to_json(told), "owners");
  });
}

void statistics(A& a) {
  const bool revenue = a.draw(2) == 0;
  a.ask("read_statistics", [&] {
    return a.renaming.json(to_json(read_statistics(a.session.view(), {.revenue = revenue})), "statistics");
  });
}

void access(A& a) {
  a.ask("access_json", [&] { return a.renaming.json(access_json(a.session.view()), "access"); });
}

void exported(A& a, bool csv) {
  const Entity& entity = a.entity();
  ExportOptions options{.with_deleted = a.draw(3) == 0};
  if (a.draw(2) == 0) options.where = a.where(entity);
  std::string lines;
  const auto sink = [&](std::string_view text) { lines += text; };
  std::uint64_t records = 0;
  bool refused = true;
  a.ask(csv ? "export_csv" : "export_json_lines", [&] {
    const View view = a.session.view();
    records = (csv ? export_csv : export_json_lines)(view, entity.name, sink, options);
    refused = false;
    if (csv) return lines.substr(lines.find('\n') + 1).empty() ? "" : std::to_string(records) + " of " + entity.name;
    return a.renaming.json_lines(lines, entity.name);
  });
  const std::string& scope = a.plan().acts.export_records;
  if (scope.empty() && !refused) a.wrong.push_back("export: nobody gave the permission");
  if (entity.name == "customer" && !options.with_deleted && records > a.world.customers_in(scope))
    a.wrong.push_back("export: more than may be exported");
}

void export_lines(A& a) { exported(a, false); }
void export_table(A& a) { exported(a, true); }

// A document of a customer, as another store may have written it.
std::string document_of_stranger(const View& view) {
  return R"({"format":"emptor customer 1","customer":"1","currency":")" + std::string(view.info().currency.code()) +
         R"(","custom_fields":[],"records":[{"entity":"customer","id":"1","fields":{"name":"long text 1"}}],)" +
         R"("referred":[],"deleted":[]})";
}

// The same as files.
std::string files_of_stranger() {
  static const TempFolder folder;
  static const bool written = [] {
    std::ofstream(folder.file("portability.csv")) << "format,currency,customer\r\nemptor customer 1,EUR,1\r\n";
    std::ofstream(folder.file("customer.csv")) << "id,name\r\n1,long text 1\r\n";
    return true;
  }();
  return written ? folder.path().string() : "";
}

void portable(A& a) {
  const Id customer = a.customer();
  a.ask("export_customer", [&] { return a.renaming.json(export_customer(a.session.view(), customer), "portability"); });
  a.check(!a.plan().acts.export_records.empty(), "nobody gave the permission to export");
  a.ask("export_customer_csv", [&] {
    const auto nowhere = [](std::string_view) -> TextSink { return [](std::string_view) {}; };
    return std::to_string(export_customer_csv(a.session.view(), customer, nowhere));
  });
  a.check(!a.plan().acts.export_records.empty(), "nobody gave the permission to export");
  a.ask("import_customer", [&] {
    const Receipt receipt = import_customer(a.session, document_of_stranger(a.session.view()), {.dry_run = true});
    return std::to_string(receipt.inserted);
  });
  a.check(!a.plan().acts.import_records.empty(), "nobody gave the permission to import");
  a.ask("import_customer_csv", [&] {
    return std::to_string(import_customer_csv(a.session, files_of_stranger(), {.dry_run = true}).inserted);
  });
  a.check(!a.plan().acts.import_records.empty(), "nobody gave the permission to import");
}

// ---- insight

void facts(A& a) {
  a.ask("read_facts", [&] {
    const Facts read = read_facts(a.session);
    return number(static_cast<std::int64_t>(read.rows));
  });
  a.ask("refresh_facts",
        [&] { return number(static_cast<std::int64_t>(refresh_facts(a.session, read_facts(a.session)).rows)); });
  a.ask("facts_to_arrow", [&] {
    ArrowConsumer consumer;
    facts_to_arrow(read_facts(a.session), &consumer.stream);
    std::int64_t rows = 0;
    while (consumer.more()) rows += consumer.batch.length;
    return number(rows);
  });
}

void insight(A& a) {
  const InsightEntry& entry = insights()[a.draw(insights().size())];
  const bool kept = a.draw(3) == 0;
  a.ask("run_insight " + std::string(entry.name), [&] {
    return a.renaming.json(run_insight(a.session, entry.name, {.write_back = kept}).json, std::string(entry.name));
  });
  if (a.plan().acts.analyse.empty()) a.check(false, "nobody gave the permission to analyse");
}

// What an act of its own may read is no more than its permission reaches.
void read_for(A& a, Action action, const std::string& scope) {
  std::size_t counted = 0, listed = 0;
  const Id customer = a.customer();
  a.ask("Purpose", [&] {
    const Purpose purpose(a.session, action);
    const View view = a.session.view();
    counted = static_cast<std::size_t>(view.count("customer"));
    for (const Record& record : view.select({.entity = "customer"}))
      listed += view.get("customer", record.id()).has_value();
    const auto hands = a.world.hands_of(customer);
    if (view.get("customer", customer) && !(hands && WorldPlan::within(scope, *hands)))
      a.wrong.push_back("Purpose: a customer out of its scope is told");
    return number(static_cast<std::int64_t>(counted));
  });
  std::size_t in_order = 0;
  a.ask("Purpose, in order", [&] {
    const Purpose purpose(a.session, action);
    in_order = a.session.view().select({.entity = "customer", .order = {{"city", false}}}).size();
    return number(static_cast<std::int64_t>(in_order));
  });
  std::size_t searched = 0;
  a.ask("Purpose, searched", [&] {
    const Purpose purpose(a.session, action);
    searched = search(a.session, {.text = "t", .entities = {"customer"}, .limit = 1'000}).hits.size();
    return number(static_cast<std::int64_t>(searched));
  });
  if (std::max({counted, listed, in_order, searched}) > a.world.customers_in(scope))
    a.wrong.push_back("Purpose: more than its scope is told");
}

void purposes(A& a) {
  read_for(a, Action::analyse, a.plan().acts.analyse);
  read_for(a, Action::export_records, a.plan().acts.export_records);
  read_for(a, Action::import_records, a.plan().acts.import_records);
}

void analysis(A& a) {
  a.ask("analyse", [&] { return a.renaming.json(analyse(a.session, {.write_back = false}), "analyse"); });
  if (a.plan().acts.analyse.empty()) a.check(false, "nobody gave the permission to analyse");
}

void page(A& a) {
  a.ask("write_report", [&] {
    std::string page = write_report(a.session);
    const std::string before = "Data version ";
    const std::size_t at = page.find(before);
    if (at == page.npos) return page;
    const std::size_t begin = at + before.size(), end = page.find_first_not_of("0123456789", begin);
    return page.replace(begin, end - begin, a.renaming.position(std::stoll(page.substr(begin, end - begin))));
  });
  if (a.plan().acts.analyse.empty()) a.check(false, "nobody gave the permission to analyse");
}

// ---- the journal, the feed as payloads, tags, stages

JournalQuery some_journal(A& a) {
  JournalQuery query;
  switch (a.draw(3)) {
    case 0:
      query.customer = a.customer();
      break;
    case 1: {
      const Entity& entity = a.entity();
      query.entity = entity.name;
      query.record = a.record(entity);
      break;
    }
    default:
      query.entity = a.entity().name;
  }
  return query;
}

void journal(A& a) {
  const JournalQuery query = some_journal(a);
  a.ask("tell_journal", [&] {
    std::string told;
    tell_journal(a.session.view(), query, [&](const ToldEntry& entry) {
      told += a.renaming.json(to_json(entry), "journal") + "\n";
      return told.size() < 20'000;
    });
    return told;
  });
  a.ask("export_journal", [&] {
    std::string lines;
    export_journal(a.session.view(), query, [&](std::string_view text) { lines += text; });
    return a.renaming.json_lines(lines, "journal");
  });
  a.ask("View::journal_base",
        [&] { return a.renaming.position(a.session.view().journal_base().head.position) + " is the base"; });
}

void payloads(A& a) {
  const FeedOptions options{.entities = {a.entity().name}, .limit = 50};
  a.ask("poll_payloads", [&] { return a.renaming.json(poll_payloads(a.session, 0, options), "payloads"); });
  a.ask("deliver", [&] {
    std::string told;
    deliver(
        a.session, 0,
        [&](const FeedEvent&, std::string_view payload) {
          told += a.renaming.json(payload, "payloads") + "\n";
          return true;
        },
        options);
    return told;
  });
  a.ask("View::each_event", [&] {
    std::string told;
    a.session.view().each_event(0, 50, [&](const FeedEvent& event) {
      told += a.renaming.json(payload_json(event), "payloads") + "\n";
      return true;
    });
    return told;
  });
}

void tags(A& a) {
  const Id customer = a.customer();
  a.ask("put_tag", [&] {
    return a.renaming.id(put_tag(a.session, {.customer = customer, .name = "likes tea", .source = "desk"}), "tag.id");
  });
  a.ask("tags_of", [&] {
    const auto told = tags_of(a.session, customer, Date{19'675});
    return told.empty() ? "" : a.renaming.json(to_json(std::span(told)), "tag");
  });
  a.ask("remove_tag", [&] { return number(static_cast<std::int64_t>(remove_tag(a.session, customer, "likes tea"))); });
}

std::string ids_text(A& a, const std::vector<Id>& ids) {
  std::string text;
  for (const Id id : ids) text += a.renaming.id(id, "customer.id") + " ";
  return text;
}

void in_segments(A& a) {
  const Entity& entity = a.world.schema().entity("segment");
  const Id segment = a.record(entity), other = a.record(entity), customer = a.customer();
  a.ask("Session::in_segment", [&] {
    const View view = a.session.view();
    const Where members = a.session.in_segment(view, segment);
    return number(view.count("customer", members)) + list(a, view, {.entity = "customer", .where = members});
  });
  a.ask("segments", [&] {
    const auto told = segments(a.session, a.session.view());
    return told.empty() ? "" : a.renaming.json(to_json(told), "segments");
  });
  a.ask("segments_with", [&] {
    const auto told = segments_with(a.session, a.session.view(), customer);
    return told.empty() ? "" : a.renaming.json(to_json(told), "segments");
  });
  a.ask("segments_of", [&] {
    std::string text;
    for (const Id id : segments_of(a.session, customer)) text += a.renaming.id(id, "segment.id") + " ";
    return text;
  });
  a.ask("segment_members", [&] { return ids_text(a, segment_members(a.session, a.session.view(), segment, {}, 20)); });
  a.ask("segment_sample", [&] { return ids_text(a, segment_sample(a.session, a.session.view(), segment, 100, 1)); });
  a.ask("segment_overlap", [&] { return to_json(segment_overlap(a.session, a.session.view(), segment, other)); });
  a.ask("segment_growth", [&] { return to_json(segment_growth(a.session, segment, 2, 1)); });
  a.ask("explain_segment", [&] { return explain_segment(a.session.view(), segment, Language::english); });
  a.ask("explain_membership", [&] { return explain_membership(a.session, segment, customer, Language::english); });
  a.ask("find_in_segment",
        [&] { return std::string(find_in_segment(a.session, segment, customer).member ? "in" : "not in"); });
  a.ask("export_audience", [&] {
    std::string rows;
    const TextSink sink = [&](std::string_view text) { rows += text; };
    return to_json(export_audience(a.session, a.session.view(), segment, AudienceForm::meta, sink)) + rows;
  });
  a.check(!a.plan().acts.export_records.empty(), "nobody may export an audience");
}

void segment_writes(A& a) {
  const std::string name = "mine" + std::to_string(a.draw(1'000'000));
  a.ask("put_segment",
        [&] { return a.renaming.id(put_segment(a.session, {.name = name, .rule = "country = 'PT'"}), "segment.id"); });
  a.ask("segment_named", [&] { return a.renaming.id(segment_named(a.session.view(), name), "segment.id"); });
  a.ask("remove_segment", [&] { return remove_segment(a.session, name), std::string("removed"); });
}

std::string drawn_words(A& a) {
  const std::string number = std::to_string(a.draw(12));
  const std::string words[] = {"long text " + number, "t" + number, "\"long text\"", "text", "long -" + number,
                               "name:text",           "tex*",       "ext " + number, number, "subject:t notes:long"};
  return words[a.draw(std::size(words))];
}

void searched(A& a) {
  SearchQuery query{.text = drawn_words(a)};
  if (a.draw(3) == 0) query.entities = {a.entity().name};
  if (a.draw(4) == 0) query.customer = a.customer();
  if (a.draw(5) == 0) query.from = Instant{1'698'000'000'000'000};
  query.any = a.draw(3) == 0;
  query.ranked = a.draw(3) == 0;
  query.limit = 1 + a.draw(12);
  query.candidates = 1 + a.draw(30);
  const bool goes_on = a.draw(2) == 0 && !query.ranked;
  a.ask("search", [&] {
    SearchPage page = search(a.session, query);
    std::string told = page.hits.empty() ? "" : a.renaming.json(to_json(page), "search");
    for (int pages = 0; goes_on && page.next && pages < 5; ++pages) {
      query.after = page.next;
      page = search(a.session, query);
      told += a.renaming.json(to_json(page), "search");
    }
    return told;
  });
}

void staged(A& a) {
  const bool dry_run = a.draw(2) == 0;
  a.ask("stage_customers",
        [&] { return a.renaming.json(to_json(stage_customers(a.session, {.dry_run = dry_run})), "stage"); });
}

void by_a_rule(A& a) {
  a.ask("rule_ground", [&] {
    const Rule rule =
        Rule::parse(a.session.view().schema().entity("customer"), "owner is me or name starts with 'long'");
    return number(a.session.view().count("customer", rule.where(rule_ground(a.session))));
  });
}

// What only the system does, and who may configure.
void system_only(A& a) {
  const Id customer = a.customer();
  a.ask("who_saw", [&] { return number(static_cast<std::int64_t>(who_saw(a.session, customer).size() + 1)); });
  a.check(false, "nobody may ask who saw a customer");
  a.ask("Session::log_reads", [&] { return a.session.log_reads(), std::string("done"); });
  a.check(false, "nobody may have reads counted");
  a.ask("Session::trim_journal", [&] { return a.session.trim_journal(a.world.now()), std::string("done"); });
  a.check(false, "nobody may trim the journal");
  a.ask("Session::forget_customer", [&] { return to_json(a.session.forget_customer(customer, {})); });
  a.check(false, "nobody may forget a customer");
  a.ask("Session::finish_forgetting", [&] { return number(1 + a.session.finish_forgetting(std::chrono::seconds(0))); });
  a.check(false, "nobody may forget a customer");
  a.ask("erasure_receipts", [&] { return number(1 + erasure_receipts(a.session).size()) + receipts_json(a.session); });
  a.check(false, "nobody may ask who was forgotten");
  a.ask("forget_again", [&] {
    const std::string store = a.session.store().read()->info().store_id;
    return to_json(forget_again(a.session, "{\"store_id\":\"" + store + "\",\"receipts\":[]}"));
  });
  a.check(false, "nobody may forget a customer");
  a.ask("forget_due", [&] { return to_json(due_to_forget(a.session)) + number(forget_due(a.session).size()); });
  a.check(false, "nobody may forget a customer");
}

void live(A& a) {
  a.ask("live_models", [&] { return a.renaming.json(live_models(a.session), "live"); });
  const Id customer = a.customer();
  a.ask("live_scores", [&] { return a.renaming.json(live_scores(a.session, customer), "live"); });
  a.ask("set_live", [&] { return set_live(a.session, "rfm", true), std::string("done"); });
}

}  // namespace

const std::vector<WorldCall<CppAsker>>& cpp_calls() {
  static const std::vector<WorldCall<CppAsker>> all = [] {
    std::vector<WorldCall<CppAsker>> calls = {
        {"get", 1, get},
        {"find", 1, find},
        {"select", 1, select},
        {"scan", 1, scan},
        {"count", 1, count},
        {"aggregate", 1, aggregate},
        {"feed", 2, feed},
        {"history", 1, history},
        {"as_of", 2, record_as_of},
        {"info", 4, info},
        {"past", 4, past},
        {"scores_now", 40, scores_now},
        {"verify", 16, verify},
        {"arrow", 3, arrow},
        {"profile", 4, profile},
        {"cards", 2, cards},
        {"known_customer", 2, known_by_number},
        {"known", 3, known_at_all},
        {"blocks", 4, blocks},
        {"contact", 4, contact},
        {"owners", 4, spells},
        {"statistics", 12, statistics},
        {"access", 8, access},
        {"export_json_lines", 2, export_lines},
        {"export_csv", 6, export_table},
        {"portability", 2, portable},
        {"facts", 8, facts},
        {"purposes", 4, purposes},
        {"insight", 30, insight},
        {"analyse", 2'000, analysis},
        {"report", 1'500, page},
        {"live", 20, live},
        {"journal", 8, journal},
        {"payloads", 10, payloads},
        {"tags", 12, tags},
        {"segments", 1, in_segments},
        {"segment writes", 12, segment_writes},
        {"search", 2, searched},
        {"stages", 16, staged},
        {"rules", 16, by_a_rule},
        {"system only", 30, system_only},
    };
    for (const WorldCall<CppAsker>& write : cpp_writes()) calls.push_back(write);
    return calls;
  }();
  return all;
}

}  // namespace emptor::test
