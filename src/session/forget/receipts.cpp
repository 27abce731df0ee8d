#include "session/forget/receipts.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/model/json.hpp"
#include "emptor/model/party.hpp"
#include "emptor/session/forget.hpp"
#include "session/batch_row.hpp"
#include "session/forget/subject.hpp"
#include "session/rights/guard.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

const Entity& receipt_entity(const Schema& schema) { return schema.entity(ErasureReceipt::entity_name); }

Record record_of(const SchemaPtr& schema, const ErasureReceipt& receipt) {
  static constexpr auto fields = fields_of<ErasureReceipt>();
  Record record(schema, ErasureReceipt::entity_number);
  record.set(system_field::id, Value(receipt.id));
  for (const FieldDescription& field : fields) record.set(field.name, read_member(&receipt, field));
  return record;
}

std::string text(std::int64_t number) { return '"' + std::to_string(number) + '"'; }

void append_counts(std::string& out, const std::map<std::string, std::int64_t>& counts) {
  out += '{';
  for (const auto& [entity, number] : counts) {
    if (out.back() != '{') out += ',';
    append_json_text(out, entity);
    out += ':' + text(number);
  }
  out += '}';
}

void append_ids(std::string& out, std::string_view name, const std::vector<Id>& ids) {
  out.append(",\"").append(name).append("\":[");
  for (const Id id : ids) out += (out.back() == '[' ? "" : ",") + text(id.value);
  out += ']';
}

std::string receipts_text(const SchemaPtr& schema, std::span<const ErasureReceipt> receipts) {
  std::string out = "[";
  for (const ErasureReceipt& receipt : receipts)
    out += (out.size() > 1 ? "," : "") + to_json(record_of(schema, receipt));
  return out + "]";
}

std::string not_reached() {
  std::string out = "\"not_reached\":[";
  for (const std::string_view place : beyond_erasure()) {
    if (out.back() != '[') out += ',';
    append_json_text(out, place);
  }
  return out + "]";
}

SchemaPtr described_schema() {
  return std::make_shared<const Schema>(described_entities(), std::span<const CatalogField>(), 1);
}

std::vector<ErasureReceipt> read_list(const SchemaPtr& schema, std::string_view list, const std::string& store_id) {
  std::vector<ErasureReceipt> receipts;
  const auto refuse = [] {
    throw Error(Code::invalid, "the text is no list of receipts", "give what receipts_json wrote");
  };
  boost::system::error_code fault;
  const json::value parsed = json::parse({list.data(), list.size()}, fault);
  const json::object* root = fault ? nullptr : parsed.if_object();
  const json::value* id = root == nullptr ? nullptr : root->if_contains("store_id");
  const json::value* array = root == nullptr ? nullptr : root->if_contains("receipts");
  if (id == nullptr || !id->is_string() || array == nullptr || !array->is_array()) refuse();
  if (id->as_string() != std::string_view(store_id))
    throw Error(Code::invalid, "the receipts are of another store", "numbers there are other customers here");
  for (const json::value& one : array->as_array()) {
    if (!one.is_object()) refuse();
    json::object asked;
    for (const std::string_view name : {"subject_id", "erased_at", "ground", "origin"})
      if (const json::value* member = one.as_object().if_contains(name)) asked.emplace(name, *member);
    Record record(schema, ErasureReceipt::entity_number);
    set_from_json(record, json::serialize(asked));
    receipts.push_back(record.as<ErasureReceipt>());
    if (!receipts.back().subject_id || !receipts.back().erased_at) refuse();
  }
  return receipts;
}

// The receipt of who was merged into another came with that one's.
bool is_known(std::span<const ErasureReceipt> here, const ErasureReceipt& receipt) {
  return std::ranges::any_of(here, [&](const ErasureReceipt& own) {
    return own.subject_id == receipt.subject_id && *own.erased_at >= *receipt.erased_at;
  });
}

}  // namespace

void keep_receipts(Writer& writer, std::span<ErasureReceipt> receipts) {
  const SchemaPtr schema = writer.schema();
  const Entity& entity = receipt_entity(*schema);
  for (ErasureReceipt& receipt : receipts) {
    const bool is_new = !receipt.id;
    if (is_new) receipt.id = writer.allocate(entity, 1);
    const Record record = record_of(schema, receipt);
    const Row row = record.row();
    writer.put(entity, std::span(&row, 1), is_new);
  }
}

std::vector<ErasureReceipt> all_receipts(Reader& reader) {
  const SchemaPtr schema = reader.schema();
  const Entity& entity = receipt_entity(*schema);
  std::vector<ErasureReceipt> receipts;
  const Query query{.entity = entity.name};
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row)
      receipts.push_back(Record(schema, entity.number, row_of(batch, row)).as<ErasureReceipt>());
  }
  return receipts;
}

void finish_all(Session& session, std::chrono::milliseconds wait, std::span<Forgotten> forgotten) {
  if (forgotten.empty() || session.finish_forgetting(wait) != 0) return;
  const std::vector<ErasureReceipt> all = all_receipts(*session.store().read());
  for (Forgotten& one : forgotten) {
    one.clean = true;
    for (ErasureReceipt& receipt : one.receipts)
      receipt.cleaned_at = std::ranges::find(all, receipt.id, &ErasureReceipt::id)->cleaned_at;
  }
}

ErasureReceipt receipt_told_to(const Rights& rights, const Schema& schema, ErasureReceipt receipt) {
  receipt.position = rights.token_of(receipt.position.value_or(0));
  const bool all = std::ranges::all_of(schema.entities(), [&](const Entity& entity) {
    return entity.keeping != Keeping::journalled || rights.reads_all(entity);
  });
  if (all) return receipt;
  receipt.records.reset();
  receipt.digest.value.clear();
  receipt.counts.clear();
  return receipt;
}

std::vector<ErasureReceipt> erasure_receipts(const Session& session) {
  const std::unique_ptr<Reader> reader = session.store().read();
  require_erasing(session.rights(*reader).get(), *reader->schema());
  std::vector<ErasureReceipt> receipts = all_receipts(*reader);
  if (const RightsPtr rights = session.rights(*reader))
    for (ErasureReceipt& receipt : receipts) receipt = receipt_told_to(*rights, *reader->schema(), std::move(receipt));
  return receipts;
}

std::string receipts_json(const Session& session) {
  const std::unique_ptr<Reader> reader = session.store().read();
  std::string out = "{\"store_id\":\"" + reader->info().store_id + "\",\"receipts\":";
  return out + receipts_text(reader->schema(), erasure_receipts(session)) + "," + not_reached() + "}";
}

std::string to_json(const Forgotten& forgotten) {
  std::string out = "{\"receipts\":" + receipts_text(described_schema(), forgotten.receipts) + ",\"emptied\":";
  append_counts(out, forgotten.emptied);
  out += ",\"kept\":";
  append_counts(out, forgotten.kept);
  const auto milliseconds = [](std::chrono::microseconds time) { return text(time.count() / 1'000); };
  out += std::string(",\"clean\":") + (forgotten.clean ? "true" : "false");
  out += ",\"milliseconds\":{\"records\":" + milliseconds(forgotten.records_time);
  out += ",\"index\":" + milliseconds(forgotten.index_time);
  out += ",\"files\":" + milliseconds(forgotten.purge_time) + "}," + not_reached();
  return out + "}";
}

ForgottenAgain forget_again(Session& session, std::string_view receipts, const ForgetOptions& options) {
  std::vector<ErasureReceipt> wanted;
  std::vector<Forgotten> forgotten;
  ForgottenAgain again;
  const auto origin_here = [&](Id customer) {
    const std::unique_ptr<Reader> reader = session.store().read();
    return origin_of(*reader, customer);
  };
  {
    const std::unique_ptr<Reader> reader = session.store().read();
    require_erasing(session.rights(*reader).get(), *reader->schema());
    wanted = read_list(reader->schema(), receipts, reader->info().store_id);
  }
  for (const ErasureReceipt& receipt : wanted) {
    if (is_known(all_receipts(*session.store().read()), receipt)) {
      again.before.push_back(receipt.subject_id);
    } else if (receipt.origin.empty() || origin_here(receipt.subject_id) != receipt.origin) {
      again.unknown.push_back(receipt.subject_id);
    } else {
      ForgetOptions one = options;
      one.ground = receipt.ground;
      one.clean = false;
      forgotten.push_back(session.forget_customer(receipt.subject_id, one));
      again.forgotten.push_back(receipt.subject_id);
    }
  }
  finish_all(session, options.wait, forgotten);
  again.clean = std::ranges::all_of(forgotten, &Forgotten::clean);
  return again;
}

std::string to_json(const ForgottenAgain& again) {
  std::string out = std::string("{\"clean\":") + (again.clean ? "true" : "false");
  append_ids(out, "forgotten", again.forgotten);
  append_ids(out, "before", again.before);
  append_ids(out, "unknown", again.unknown);
  return out + "}";
}

}  // namespace emptor
