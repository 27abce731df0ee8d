// The calls of the C API, and every operation by name.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "support/arrow_consumer.hpp"
#include "support/made_arrow.hpp"
#include "support/temp_folder.hpp"
#include "support/world_calls.hpp"
#include "support/world_writes.hpp"

namespace emptor::test {
namespace {

using A = CapiAsker;

// One call: its functions are reached where they told something.
class Call {
 public:
  Call(A& a, std::string name) : a_(a), name_(std::move(name)) {}

  /// Runs one function; false where it was refused, which is the answer.
  bool ok(const char* function, emptor_status status) {
    if (status == EMPTOR_OK) {
      functions_.emplace_back(function);
      return true;
    }
    answer_ = std::string(emptor_status_name(status)) + " [" + error.message + "|" + error.entity + "|" + error.field +
              "|" + std::to_string(error.row) + "|" + error.hint + "]";
    refused_ = true;
    return false;
  }
  void tell(const std::string& text) { answer_ += text; }
  ~Call() {
    const bool full = !refused_ && !answer_.empty();
    if (full && a_.reached != nullptr)
      for (const std::string& function : functions_) a_.reached->insert(function);
    a_.told.push_back({name_, answer_, full});
  }

  emptor_error error = EMPTOR_ERROR_INIT;

 private:
  A& a_;
  std::string name_, answer_;
  std::vector<std::string> functions_;
  bool refused_ = false;
};

std::string text_of(const emptor_text& text) { return {text.data, text.size}; }

std::string take_document(Call& call, emptor_document* document) {
  emptor_text text{};
  std::string json;
  if (call.ok("emptor_document_text", emptor_document_text(document, &text, &call.error))) json = text_of(text);
  call.ok("emptor_document_free", emptor_document_free(document, &call.error));
  return json;
}

// Every field of a record by the function for its type.
void tell_fields(A& a, Call& call, emptor_record* record, const Entity& entity) {
  for (const Field& field : entity.fields) {
    const char* name = field.name.c_str();
    std::int32_t present = 0, one = 0, two = 0, three = 0;
    std::int64_t integer = 0;
    double real = 0;
    emptor_text text{};
    std::string told;
    switch (field.type) {
      case Type::id:
        call.ok("emptor_record_get_id", emptor_record_get_id(record, name, &integer, &present, &call.error));
        told = a.renaming.id(Id{integer}, entity.name + "." + field.name);
        break;
      case Type::integer:
        call.ok("emptor_record_get_integer", emptor_record_get_integer(record, name, &integer, &present, &call.error));
        told = field.number == system_field::version ? a.renaming.token(integer) : std::to_string(integer);
        break;
      case Type::decimal:
        call.ok("emptor_record_get_decimal",
                emptor_record_get_decimal(record, name, &integer, &one, &present, &call.error));
        told = std::to_string(integer) + "e" + std::to_string(one);
        break;
      case Type::real:
        call.ok("emptor_record_get_real", emptor_record_get_real(record, name, &real, &present, &call.error));
        told = std::to_string(real);
        break;
      case Type::boolean:
        call.ok("emptor_record_get_boolean", emptor_record_get_boolean(record, name, &one, &present, &call.error));
        told = std::to_string(one);
        break;
      case Type::date:
        call.ok("emptor_record_get_date",
                emptor_record_get_date(record, name, &one, &two, &three, &present, &call.error));
        told = std::to_string(one) + "-" + std::to_string(two) + "-" + std::to_string(three);
        break;
      case Type::instant:
        call.ok("emptor_record_get_instant", emptor_record_get_instant(record, name, &integer, &present, &call.error));
        told = std::to_string(integer);
        break;
      case Type::text:
        call.ok("emptor_record_get_text", emptor_record_get_text(record, name, &text, &call.error));
        told = text_of(text);
        break;
      case Type::bytes:
        break;
    }
    if (present != 0 || !told.empty()) call.tell("|" + told);
  }
}

void tell_record(A& a, Call& call, emptor_record* record, bool by_fields) {
  emptor_text entity{}, json{};
  if (!call.ok("emptor_record_entity", emptor_record_entity(record, &entity, &call.error))) return;
  const std::string name = text_of(entity);
  if (by_fields)
    tell_fields(a, call, record, a.world.schema().entity(name));
  else if (call.ok("emptor_record_to_json", emptor_record_to_json(record, &json, &call.error)))
    call.tell(a.renaming.json(text_of(json), name));
  call.tell("\n");
  call.ok("emptor_record_free", emptor_record_free(record, &call.error));
}

// A query in plain notation; its texts live as long as it.
struct PlainQuery {
  std::string field, value, order;
  emptor_query query = EMPTOR_QUERY_INIT;
};

void draw_query(A& a, const Entity& entity, PlainQuery& out) {
  const Field& field = a.field(entity);
  const Value value = a.value(field);
  out.query.with_deleted = a.draw(3) == 0;
  out.query.limit = 1 + a.draw(20);
  if (a.draw(3) != 0) {
    out.field = field.name;
    if (value.present() && value.is_text()) out.value = value.text();
    out.query.field = out.field.c_str();
    out.query.value = out.value.data();
    out.query.value_size = out.value.size();
  }
  if (a.draw(4) == 0) {
    out.order = a.field(entity).name;
    out.query.order_by = out.order.c_str();
  }
}

// ---- reading

void get(A& a) {
  const Entity& entity = a.entity();
  const Id id = a.record(entity);
  Call call(a, "emptor_get");
  emptor_record* record = nullptr;
  if (call.ok("emptor_get", emptor_get(a.session, entity.name.c_str(), id.value, &record, &call.error)))
    tell_record(a, call, record, true);
}

void find(A& a) {
  const std::string external = a.external_id();
  Call call(a, "emptor_find");
  emptor_record* record = nullptr;
  if (call.ok("emptor_find",
              emptor_find(a.session, "customer", "erp", external.data(), external.size(), &record, &call.error)))
    tell_record(a, call, record, false);
}

void count(A& a) {
  const Entity& entity = a.entity();
  PlainQuery query;
  draw_query(a, entity, query);
  Call call(a, "emptor_count");
  std::int64_t count = 0;
  if (call.ok("emptor_count", emptor_count(a.session, entity.name.c_str(), &query.query, &count, &call.error)) &&
      count > 0)
    call.tell(std::to_string(count));
}

void select(A& a) {
  const Entity& entity = a.entity();
  const bool by_fields = a.draw(2) == 0;
  PlainQuery query;
  draw_query(a, entity, query);
  Call call(a, "emptor_select");
  emptor_records* records = nullptr;
  std::size_t count = 0;
  if (!call.ok("emptor_select", emptor_select(a.session, entity.name.c_str(), &query.query, &records, &call.error)))
    return;
  call.ok("emptor_records_count", emptor_records_count(records, &count, &call.error));
  for (std::size_t i = 0; i < count; ++i) {
    emptor_record* record = nullptr;
    if (call.ok("emptor_records_at", emptor_records_at(records, i, &record, &call.error)))
      tell_record(a, call, record, by_fields);
  }
  call.ok("emptor_records_free", emptor_records_free(records, &call.error));
}

void select_arrow(A& a) {
  const Entity& entity = a.entity();
  PlainQuery query;
  draw_query(a, entity, query);
  Call call(a, "emptor_select_arrow");
  ArrowConsumer consumer;
  if (call.ok("emptor_select_arrow", emptor_select_arrow(a.session, entity.name.c_str(), &query.query, nullptr,
                                                         &consumer.stream, &call.error)))
    call.tell(arrow_text(consumer, a.renaming, entity.name));
}

void facts(A& a) {
  Call call(a, "emptor_facts_arrow");
  ArrowConsumer consumer;
  if (call.ok("emptor_facts_arrow", emptor_facts_arrow(a.session, &consumer.stream, &call.error)))
    call.tell(arrow_text(consumer, a.renaming, "facts"));
}

void document(A& a, const char* function, const std::function<emptor_status(emptor_document**, emptor_error*)>& run,
              bool names_given = false) {
  Call call(a, function);
  emptor_document* document = nullptr;
  if (!call.ok(function, run(&document, &call.error))) return;
  const std::string json = take_document(call, document);
  call.tell(names_given ? json : a.renaming.json(json, function));
}

struct TakenPayloads {
  Renaming& renaming;
  std::string told;
};

int take_payload(void* context, const char* payload, std::size_t size) {
  auto& taken = *static_cast<TakenPayloads*>(context);
  taken.told += taken.renaming.json({payload, size}, "payloads") + "\n";
  return 1;
}

void deliveries(A& a) {
  Call call(a, "emptor_feed_deliver");
  TakenPayloads taken{a.renaming, {}};
  std::int64_t position = 0;
  if (call.ok("emptor_feed_deliver",
              emptor_feed_deliver(a.session, 0, 20, take_payload, &taken, &position, &call.error)))
    call.tell(taken.told + a.renaming.position(position));
}

void documents(A& a) {
  const Id customer = a.customer();
  const std::string text = a.draw(2) == 0 ? a.phone() : a.email();
  emptor_session* session = a.session;
  switch (a.draw(6)) {
    case 0:
      return document(a, "emptor_profile", [&](auto** out, auto* error) {
        return emptor_profile(session, customer.value, nullptr, out, error);
      });
    case 1:
      return document(a, "emptor_statistics",
                      [&](auto** out, auto* error) { return emptor_statistics(session, 1, out, error); });
    case 2:
      if (a.draw(2) == 0) return deliveries(a);
      return document(a, "emptor_feed",
                      [&](auto** out, auto* error) { return emptor_feed(session, 0, 20, out, error); });
    case 3:
      return document(a, "emptor_contact_explain", [&](auto** out, auto* error) {
        return emptor_contact_explain(session, customer.value, "email", "marketing", 0, out, error);
      });
    case 4:
      return document(a, "emptor_known_customer", [&](auto** out, auto* error) {
        return emptor_known_customer(session, text.data(), text.size(), "DE", out, error);
      });
    default:
      document(a, "emptor_verify", [&](auto** out, auto* error) { return emptor_verify(session, 1, out, error); });
      return a.check(false, "the store is told whole");
  }
}

void allowed(A& a) {
  const Id customer = a.customer();
  Call call(a, "emptor_contact_allowed");
  std::int32_t allowed = 0;
  if (call.ok("emptor_contact_allowed",
              emptor_contact_allowed(a.session, customer.value, "phone", "service", 0, &allowed, &call.error)))
    call.tell(std::to_string(allowed));
}

void insight(A& a) {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    emptor_document* list = nullptr;
    emptor_insights(&list, nullptr);
    emptor_text text{};
    emptor_document_text(list, &text, nullptr);
    const boost::json::value listed = boost::json::parse({text.data, text.size});
    for (const auto& each : listed.as_array()) all.emplace_back(each.at("name").as_string());
    emptor_document_free(list, nullptr);
    return all;
  }();
  const std::string& name = names[a.draw(names.size())];
  document(a, "emptor_insight",
           [&](auto** out, auto* error) { return emptor_insight(a.session, name.c_str(), nullptr, out, error); });
  if (a.plan().acts.analyse.empty()) a.check(false, "nobody gave the permission to analyse");
}

std::string line_text(A& a, const emptor_card_line& line) {
  return text_of(line.entity) + a.renaming.id(Id{line.id}, text_of(line.entity) + ".id") + "|" +
         std::to_string(line.at) + "|" + text_of(line.title) + "|" + text_of(line.state) + "|" + text_of(line.channel) +
         "|" + text_of(line.note) + "|" + text_of(line.user_name) + "|" + std::to_string(line.amount_micros) + "|" +
         std::to_string(line.value) + "\n";
}

void card(A& a) {
  const Id customer = a.customer();
  const std::string phone = a.phone(), email = a.email(), external = a.external_id();
  const char* functions[] = {"emptor_card_of", "emptor_caller_card", "emptor_card_by_email", "emptor_card_by_identity"};
  const std::uint64_t way = a.draw(4);
  const bool as_json = a.draw(2) == 0;
  Call call(a, functions[way]);
  emptor_card* card = nullptr;
  emptor_card_options options = EMPTOR_CARD_OPTIONS_INIT;
  options.default_region = "DE";
  const emptor_status status =
      way == 0   ? emptor_card_of(a.session, customer.value, &options, &card, &call.error)
      : way == 1 ? emptor_caller_card(a.session, phone.data(), phone.size(), &options, &card, &call.error)
      : way == 2
          ? emptor_card_by_email(a.session, email.data(), email.size(), &options, &card, &call.error)
          : emptor_card_by_identity(a.session, "erp", external.data(), external.size(), &options, &card, &call.error);
  if (!call.ok(functions[way], status)) return;
  emptor_card_view view = EMPTOR_CARD_VIEW_INIT;
  if (call.ok("emptor_card_read", emptor_card_read(card, &view, &call.error)) && view.state != EMPTOR_CARD_UNKNOWN) {
    emptor_text json{};
    if (as_json && call.ok("emptor_card_json", emptor_card_json(card, &json, &call.error)))
      call.tell(a.renaming.json(text_of(json), "card"));
    if (!as_json)
      call.tell(std::to_string(view.state) + text_of(view.name) + text_of(view.country) + text_of(view.owner_name));
    for (int section = 0; section <= EMPTOR_SECTION_ORGANISATIONS && !as_json; ++section)
      for (std::size_t i = 0; i < view.counts[section]; ++i) {
        emptor_card_line line = EMPTOR_CARD_LINE_INIT;
        if (call.ok("emptor_card_line_at", emptor_card_line_at(card, section, i, &line, &call.error)))
          call.tell(line_text(a, line));
      }
  }
  call.ok("emptor_card_free", emptor_card_free(card, &call.error));
}

// ---- writing

bool keeps(A& a, std::string_view entity, std::string_view field) {
  for (const KeptField& kept : a.plan().kept)
    if (kept.entity == entity && kept.field == field) return true;
  return false;
}

void tell_receipt(A& a, Call& call, emptor_changes* changes, const std::string& entity) {
  emptor_receipt* receipt = nullptr;
  emptor_apply_options options = EMPTOR_APPLY_OPTIONS_INIT;
  options.dry_run = entity == "interaction";  // what is deleted would be missed later on
  if (call.ok("emptor_apply", emptor_apply(a.session, changes, &options, &receipt, &call.error))) {
    emptor_receipt_summary summary = EMPTOR_RECEIPT_SUMMARY_INIT;
    if (call.ok("emptor_receipt_read", emptor_receipt_read(receipt, &summary, &call.error)))
      call.tell((options.dry_run != 0 ? "" : a.renaming.token(summary.position)) + " " +
                std::to_string(summary.inserted) + std::to_string(summary.updated) + std::to_string(summary.erased) +
                std::to_string(summary.unchanged));
    // The numbers of a trial run are those of nobody.
    for (std::size_t i = 0; i < summary.count && options.dry_run == 0; ++i) {
      std::int64_t id = 0, version = 0;
      if (call.ok("emptor_receipt_change", emptor_receipt_change(receipt, i, &id, &version, &call.error)))
        call.tell(a.renaming.id(Id{id}, entity + ".id") + a.renaming.token(version));
    }
    call.ok("emptor_receipt_free", emptor_receipt_free(receipt, &call.error));
  }
}

void write(A& a) {
  const auto hands = static_cast<Hands>(a.draw(4));
  const Id customer = a.draw(4) == 0 ? a.world.unseen("customer", a.draw(64)) : a.customer(hands);
  const std::uint64_t way = a.draw(4);
  const std::string city = "t" + std::to_string(a.draw(12));
  if (!customer) return;
  {
    Call call(a, "emptor_apply");
    emptor_changes* changes = nullptr;
    if (!call.ok("emptor_changes_new", emptor_changes_new(a.session, &changes, &call.error))) return;
    const std::string json = "{\"id\":\"" + std::to_string(customer.value) + "\",\"city\":\"" + city + "\"}";
    emptor_record* record = nullptr;
    std::size_t count = 0;
    switch (way) {
      case 0:
        call.ok("emptor_changes_put_json",
                emptor_changes_put_json(changes, "customer", json.data(), json.size(), nullptr, &call.error));
        break;
      case 1:
        call.ok("emptor_changes_erase",
                emptor_changes_erase(changes, "interaction", a.record(a.world.schema().entity("interaction")).value, 0,
                                     &call.error));
        break;
      case 2:
        if (call.ok("emptor_get", emptor_get(a.session, "customer", customer.value, &record, &call.error)) &&
            call.ok("emptor_record_set_text",
                    emptor_record_set_text(record, "city", city.data(), city.size(), &call.error)))
          call.ok("emptor_changes_put", emptor_changes_put(changes, record, nullptr, &call.error));
        break;
      default:
        if (call.ok("emptor_record_new", emptor_record_new(a.session, "customer", &record, &call.error)) &&
            call.ok("emptor_record_set_text",
                    emptor_record_set_text(record, "name", city.data(), city.size(), &call.error)) &&
            call.ok("emptor_record_set_id",
                    emptor_record_set_id(record, "owner_id", a.world.user().value, &call.error)))
          call.ok("emptor_changes_put_by",
                  emptor_changes_put_by(changes, record, "shop", city.data(), city.size(), nullptr, &call.error));
    }
    call.ok("emptor_changes_count", emptor_changes_count(changes, &count, &call.error));
    if (count > 0) tell_receipt(a, call, changes, way == 1 ? "interaction" : "customer");
    if (record != nullptr) emptor_record_free(record, nullptr);
    call.ok("emptor_changes_free", emptor_changes_free(changes, &call.error));
  }
  if (way == 0 || way == 2) {
    const auto of = a.world.hands_of(customer);
    a.check(
        of && a.plan().in_scope(*of) && WorldPlan::within(a.plan().acts.update, *of) && !keeps(a, "customer", "city"),
        "a change that nobody allows");
  }
  if (way == 1) a.check(!a.plan().acts.remove.empty(), "a deletion that nobody allows");
  if (way == 3) a.check(!a.plan().acts.create.empty(), "a customer that nobody may make");
}

void log(A& a) {
  const Id customer = a.customer();
  Call call(a, "emptor_interaction_log");
  emptor_interaction what = EMPTOR_INTERACTION_INIT;
  what.customer = customer.value;
  what.channel = "phone";
  std::int64_t id = 0;
  if (call.ok("emptor_interaction_log", emptor_interaction_log(a.session, &what, &id, &call.error)))
    call.tell(a.renaming.id(Id{id}, "interaction.id"));
}

void import(A& a) {
  const bool arrow = a.draw(2) == 0;
  emptor_import_options options = EMPTOR_IMPORT_OPTIONS_INIT;
  options.source = "shop";
  if (arrow) {
    MadeArrow made({texts("customer_id", {"A1", "A2"}), texts("name", {"long text 1", "long text 2"})});
    ArrowArrayStream stream = made.stream();
    document(
        a, "emptor_import_arrow",
        [&](auto** out, auto* error) {
          return emptor_import_arrow(a.session, "customers", &stream, &options, out, error);
        },
        true);
  } else {
    const emptor_text path{import_file().data(), import_file().size()};
    document(
        a, "emptor_import",
        [&](auto** out, auto* error) { return emptor_import(a.session, &path, 1, &options, out, error); }, true);
  }
  if (a.plan().acts.import_records.empty()) a.check(false, "nobody gave the permission to import");
}

// ---- operations

struct OperationTrial {
  std::uint64_t rarity;
  std::function<boost::json::object(A&)> options;
  std::function<bool(A&)> allowed = [](A&) { return true; };
};

bool may_analyse(A& a) { return !a.plan().acts.analyse.empty(); }

boost::json::object none(A&) { return {}; }

boost::json::object of_customer(A& a) { return {{"customer_id", std::max<std::int64_t>(a.customer().value, 1)}}; }

std::string segment_name(A& a) { return "s" + std::to_string(1 + a.draw(3)); }
boost::json::object of_segment(A& a) { return {{"name", segment_name(a)}}; }

std::string out_path(const char* name) {
  static const TempFolder folder;
  return folder.file(name);
}

boost::json::array list_of(boost::json::value one) {
  boost::json::array all;
  all.push_back(std::move(one));
  return all;
}

boost::json::array paths() { return list_of(boost::json::string(import_file())); }

// What each operation is asked, and whether the plan allows it to anybody. Those that are not here are insights.
const std::map<std::string, OperationTrial, std::less<>>& trials() {
  const auto nobody = [](A&) { return false; };
  static const std::map<std::string, OperationTrial, std::less<>> all = {
      {"import",
       {60,
        [](A&) {
          return boost::json::object{{"paths", paths()}, {"source", "shop"}};
        },
        [](A& a) { return !a.plan().acts.import_records.empty(); }}},
      {"problems",
       {60,
        [](A&) {
          return boost::json::object{{"paths", paths()}};
        },
        [](A& a) { return !a.plan().acts.import_records.empty(); }}},
      {"export",
       {10,
        [](A& a) {
          return boost::json::object{{"entity", a.entity().name}, {"path", out_path("out.jsonl")}, {"format", "jsonl"}};
        },
        [](A& a) { return !a.plan().acts.export_records.empty(); }}},
      {"verify", {20, none, nobody}},
      {"feed", {4, none}},
      {"backup",
       {20,
        [](A&) {
          return boost::json::object{{"path", out_path("copy.emptor")}};
        },
        nobody}},
      {"copy",
       {20,
        [](A&) {
          return boost::json::object{{"to", out_path("copy.emptor")}};
        },
        nobody}},
      {"join_copy",
       {20,
        [](A&) {
          return boost::json::object{{"copy", out_path("laptop.emptor")}};
        },
        nobody}},
      {"seal_fields",
       {20,
        [](A&) {
          return boost::json::object{{"fields", boost::json::array{"customer.city"}}};
        },
        nobody}},
      {"rotate_keys", {20, none, nobody}},
      {"state_hash", {20, none, nobody}},
      {"report",
       {500,
        [](A&) {
          return boost::json::object{{"path", out_path("page.html")}};
        },
        may_analyse}},
      {"statistics", {10, none}},
      {"live",
       {20,
        [](A&) {
          return boost::json::object{{"name", "rfm"}};
        }}},
      {"live_models", {20, none}},
      {"live_scores", {20, of_customer}},
      {"assign",
       {6,
        [](A& a) {
          return boost::json::object{{"customers", list_of(std::max<std::int64_t>(a.customer().value, 1))},
                                     {"owner_id", a.world.staff(static_cast<Hands>(a.draw(4))).value},
                                     {"dry_run", true}};
        },
        [](A& a) { return !a.plan().acts.assign.empty(); }}},
      {"handover",
       {8,
        [](A& a) {
          return boost::json::object{{"leaver_id", a.world.staff(static_cast<Hands>(a.draw(4))).value},
                                     {"successors", list_of(a.world.staff(Hands::mate).value)},
                                     {"leaves", false},
                                     {"dry_run", true}};
        }}},
      {"owners", {3, of_customer}},
      {"recycle",
       {6,
        [](A&) {
          return boost::json::object{{"dry_run", true}};
        }}},
      {"claim",
       {4,
        [](A& a) {
          return boost::json::object{{"customer_id", std::max<std::int64_t>(a.customer().value, 1)},
                                     {"user_id", a.world.user().value},
                                     {"dry_run", true}};  // whom they took they would see from then on
        }}},
      {"known",
       {4,
        [](A& a) {
          return boost::json::object{{"email", "nobody" + a.email()}};
        },
        [](A& a) { return !a.plan().acts.know.empty(); }}},
      {"blocked", {4, of_customer}},
      {"access", {6, none}},
      {"put_role",
       {20,
        [](A&) {
          return boost::json::object{{"name", "mighty"}};
        },
        nobody}},
      {"put_user",
       {20,
        [](A&) {
          return boost::json::object{{"name", "Mighty"}};
        },
        nobody}},
      {"grant",
       {20,
        [](A&) {
          return boost::json::object{{"role", "agent"}, {"action", "read"}};
        },
        nobody}},
      {"revoke",
       {20,
        [](A&) {
          return boost::json::object{{"role", "agent"}};
        },
        nobody}},
      {"enforce_rights", {20, none, nobody}},
      {"analyse",
       {600,
        [](A&) {
          return boost::json::object{{"no_write", true}};
        },
        may_analyse}},
      {"stage", {6, none}},
      {"audit", {12, of_customer}},
      {"export_journal",
       {10,
        [](A& a) {
          return boost::json::object{{"path", out_path("journal.jsonl")}, {"entity", a.entity().name}};
        }}},
      {"trim_journal",
       {20,
        [](A&) {
          return boost::json::object{{"before", "2000-01-01"}};
        },
        nobody}},
      {"log_reads", {20, none, nobody}},
      {"who_saw", {10, of_customer, nobody}},
      {"get_as_of",
       {12,
        [](A& a) {
          const Entity& entity = a.entity();
          return boost::json::object{{"at", to_string(a.world.now())},
                                     {"entity", entity.name},
                                     {"id", std::max<std::int64_t>(a.record(entity).value, 1)}};
        }}},
      {"list_as_of",
       {16,
        [](A& a) {
          return boost::json::object{{"at", to_string(a.world.now())}, {"entity", a.entity().name}};
        }}},
      {"profile_as_of",
       {20,
        [](A& a) {
          return boost::json::object{{"at", to_string(a.world.now())},
                                     {"customer_id", std::max<std::int64_t>(a.customer().value, 1)}};
        }}},
      {"feed_payloads",
       {16,
        [](A& a) {
          return boost::json::object{{"entities", list_of(boost::json::string(a.entity().name))}, {"limit", 50}};
        }}},
      {"feed_schema",
       {20,
        [](A& a) {
          return boost::json::object{{"entity", a.entity().name}};
        }}},
      {"put_tag",
       {16,
        [](A& a) {
          boost::json::object options = of_customer(a);
          options["name"] = "likes tea";
          return options;
        }}},
      {"remove_tag",
       {20,
        [](A& a) {
          boost::json::object options = of_customer(a);
          options["name"] = "likes tea";
          return options;
        }}},
      {"tags", {16, of_customer}},
      {"put_segment",
       {4,
        [](A& a) {
          return boost::json::object{{"name", "put" + std::to_string(a.draw(2))}, {"rule", "country = 'PT'"}};
        }}},
      {"remove_segment",
       {1,
        [](A& a) {
          return a.draw(3) == 0 ? boost::json::object{{"name", "put" + std::to_string(a.draw(2))}} : of_segment(a);
        }}},
      {"segments", {8, none}},
      {"segment_members", {8, of_segment}},
      {"segment_sample", {8, of_segment}},
      {"segment_overlap",
       {8,
        [](A& a) {
          return boost::json::object{{"first", segment_name(a)}, {"second", segment_name(a)}};
        }}},
      {"segment_growth",
       {8,
        [](A& a) {
          boost::json::object options = of_segment(a);
          options["points"] = 2;
          return options;
        }}},
      {"segment_explain",
       {8,
        [](A& a) {
          boost::json::object options = of_segment(a);
          if (a.draw(2) == 0) options["customer_id"] = std::max<std::int64_t>(a.customer().value, 1);
          return options;
        }}},
      {"segment_audience",
       {1,
        [](A& a) {
          boost::json::object options = of_segment(a);
          options["path"] = out_path("audience.csv");
          return options;
        }}},
      {"segments_of", {8, of_customer}},
      {"settle", {40, none, nobody}},
      {"forget_customer", {20, of_customer, nobody}},
      {"finish_forgetting", {40, none, nobody}},
      {"erasure_receipts", {40, none, nobody}},
      {"forget_again",
       {40,
        [](A&) {
          return boost::json::object{{"receipts", "{}"}};
        },
        nobody}},
      {"due_to_forget", {40, none, nobody}},
      {"forget_due", {40, none, nobody}},
      {"export_customer", {6, of_customer, [](A& a) { return !a.plan().acts.export_records.empty(); }}},
      {"export_customer_csv",
       {12,
        [](A& a) {
          boost::json::object options = of_customer(a);
          options["folder"] = out_path("portable");
          return options;
        },
        [](A& a) { return !a.plan().acts.export_records.empty(); }}},
      {"import_customer",
       {20,
        [](A&) {
          return boost::json::object{
              {"document",
               R"({"format":"emptor customer 1","customer":"1","currency":"EUR","custom_fields":[],)"
               R"("records":[{"entity":"customer","id":"1","fields":{"name":"long text 1"}}],"referred":[],"deleted":[]})"},
              {"dry_run", true}};
        },
        [](A& a) { return !a.plan().acts.import_records.empty(); }}},
      {"search",
       {6,
        [](A& a) {
          const std::string words[] = {"text", "t" + std::to_string(a.draw(12)), "\"long text\"", "long"};
          boost::json::object options{{"text", words[a.draw(std::size(words))]},
                                      {"any", a.draw(2) == 0},
                                      {"ranked", a.draw(2) == 0},
                                      {"limit", 1 + a.draw(20)}};
          if (a.draw(3) == 0) options["customer_id"] = std::max<std::int64_t>(a.customer().value, 1);
          return options;
        }}},
      {"generate", {0, none}},
  };
  return all;
}

std::vector<std::string> operation_names() {
  std::vector<std::string> names;
  emptor_document* list = nullptr;
  REQUIRE(emptor_operations(&list, nullptr) == EMPTOR_OK);
  emptor_text text{};
  emptor_document_text(list, &text, nullptr);
  const boost::json::value listed = boost::json::parse({text.data, text.size});
  for (const auto& each : listed.as_array())
    if (each.at("input").as_string() == "none") names.emplace_back(each.at("name").as_string());
  emptor_document_free(list, nullptr);
  return names;
}

void run(A& a, const std::string& name, const OperationTrial& trial) {
  boost::json::object asked = trial.options(a);
  // What is named by `entity` in one world is named so in the other; its number is of it.
  const std::string place = name + (asked.contains("entity") ? std::string(asked["entity"].as_string()) : "");
  const std::string options = boost::json::serialize(asked);
  const bool as_table = a.draw(6) == 0;
  if (as_table) {
    Call call(a, "emptor_run_arrow");
    ArrowConsumer consumer;
    if (call.ok("emptor_run_arrow", emptor_run_arrow(a.session, name.c_str(), options.data(), options.size(),
                                                     &consumer.stream, &call.error)))
      call.tell(arrow_text(consumer, a.renaming, place));
  } else {
    Call call(a, "operation " + name);
    emptor_document* document = nullptr;
    if (call.ok("emptor_run",
                emptor_run(a.session, name.c_str(), options.data(), options.size(), &document, &call.error))) {
      const std::string json = take_document(call, document);
      call.tell(name == "handover" ? std::string("handed over")
                : name == "known"  ? "asked" + json
                                   : a.renaming.json(json, place));
    }
  }
  if (name == "backup" || name == "copy") std::remove(out_path("copy.emptor").c_str());
  if (!trial.allowed(a)) a.check(false, "an operation that nobody allows");
}

}  // namespace

CapiAsker::CapiAsker(PairedWorld& world, CapiGround& ground, std::uint64_t draws)
    : Asker(world, draws), session(ground.session(world.user())) {}
CapiAsker::~CapiAsker() { emptor_session_close(session, nullptr); }

const std::vector<WorldCall<CapiAsker>>& capi_world_calls() {
  static const std::vector<WorldCall<CapiAsker>> all = [] {
    std::vector<WorldCall<CapiAsker>> calls = {
        {"get", 1, get},
        {"find", 1, find},
        {"count", 1, count},
        {"select", 1, select},
        {"arrow", 2, select_arrow},
        {"facts", 6, facts},
        {"documents", 2, documents},
        {"allowed", 3, allowed},
        {"insight", 60, insight},
        {"card", 1, card},
        {"write", 1, write},
        {"log", 3, log},
        {"import", 60, import},
    };
    const OperationTrial an_insight{
        60,
        [](A& a) {
          return a.draw(2) == 0 ? boost::json::object{{"no_write", true}} : boost::json::object{};
        },
        may_analyse};
    for (const std::string& name : operation_names()) {
      const auto found = trials().find(name);
      const OperationTrial& trial = found == trials().end() ? an_insight : found->second;
      if (trial.rarity > 0)
        calls.push_back({"operation " + name, trial.rarity, [name, trial](A& a) { run(a, name, trial); }});
    }
    return calls;
  }();
  return all;
}

}  // namespace emptor::test
