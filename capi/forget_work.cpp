#include "forget_work.hpp"

#include <filesystem>
#include <memory>

#include "emptor/core/error.hpp"
#include "emptor/desk/portability.hpp"
#include "emptor/session/forget.hpp"
#include "insight/facts/mapped_file.hpp"
#include "operation_work.hpp"

namespace emptor::capi {
namespace {

constexpr std::string_view none_schema = R"({"type":"object","properties":{}})";

constexpr std::string_view wait_property =
    R"("wait_seconds":{"type":"integer","minimum":0,"maximum":86400,"description":"for those who read what was; 10 without it"})";

constexpr std::string_view forget_properties =
    R"("ground":{"type":"string","enum":["request","withdrawn","expired","court","other"],"description":"the legal ground; request, and expired of forget_due, without it"},
"dry_run":{"type":"boolean","description":"count what would go, write nothing"})";

constexpr std::string_view customer_schema = R"({"type":"object","required":["customer_id"],"properties":{
"customer_id":{"type":"integer","minimum":1}}})";

constexpr std::string_view again_schema = R"({"type":"object","required":["receipts"],"properties":{
"receipts":{"type":"string","description":"what erasure_receipts told, as text"}}})";

constexpr std::string_view due_schema = R"({"type":"object","properties":{
"limit":{"type":"integer","minimum":1,"maximum":100000,"description":"customers at most; 1000 without it"}}})";

constexpr std::string_view export_schema = R"({"type":"object","required":["customer_id"],"properties":{
"customer_id":{"type":"integer","minimum":1},
"with_deleted":{"type":"boolean","description":"list deleted records too; true without it"}}})";

constexpr std::string_view csv_schema = R"({"type":"object","required":["customer_id","folder"],"properties":{
"customer_id":{"type":"integer","minimum":1},
"with_deleted":{"type":"boolean","description":"deleted records too, which no store takes back; true without it"},
"folder":{"type":"string","description":"where the files go, one for each entity; made if absent"}}})";

constexpr std::string_view import_schema = R"({"type":"object","properties":{
"document":{"type":"string","description":"what export_customer told, as text"},
"folder":{"type":"string","description":"where export_customer_csv put its files, instead"},
"dry_run":{"type":"boolean","description":"check only"}}})";

std::chrono::milliseconds wait_of(const OptionReader& options) {
  return std::chrono::seconds(options.integer("wait_seconds", 10));
}

ForgetOptions options_of(const OptionReader& options) {
  return {.ground = options.text("ground", "request"), .dry_run = options.flag("dry_run"), .wait = wait_of(options)};
}

std::size_t limit_of(const OptionReader& options) { return static_cast<std::size_t>(options.integer("limit", 1'000)); }

OperationAnswer run_forget(Session& session, const OptionReader& options, bool) {
  return {to_json(session.forget_customer(Id{options.integer("customer_id")}, options_of(options)))};
}

OperationAnswer run_finish(Session& session, const OptionReader& options, bool) {
  return {"{\"waiting\":\"" + std::to_string(session.finish_forgetting(wait_of(options))) + "\"}"};
}

OperationAnswer run_receipts(Session& session, const OptionReader&, bool) { return {receipts_json(session)}; }

OperationAnswer run_again(Session& session, const OptionReader& options, bool) {
  return {to_json(forget_again(session, needed(options, "receipts"), {.wait = wait_of(options)}))};
}

OperationAnswer run_due(Session& session, const OptionReader& options, bool) {
  return {"{\"due\":" + to_json(due_to_forget(session, limit_of(options))) + "}"};
}

OperationAnswer run_forget_due(Session& session, const OptionReader& options, bool) {
  std::string json = "{\"forgotten\":[";
  for (const Forgotten& one : forget_due(session, limit_of(options), options_of(options)))
    json += (json.back() == '[' ? "" : ",") + to_json(one);
  return {json + "]}"};
}

OperationAnswer run_export_customer(Session& session, const OptionReader& options, bool) {
  return {export_customer(session.view(), Id{options.integer("customer_id")},
                          {.with_deleted = options.flag("with_deleted", true)})};
}

OperationAnswer run_export_customer_csv(Session& session, const OptionReader& options, bool) {
  const std::filesystem::path folder = needed(options, "folder");
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  std::vector<std::shared_ptr<ReplacedFile>> files;
  const std::uint64_t records = export_customer_csv(
      session.view(), Id{options.integer("customer_id")},
      [&](std::string_view entity) -> TextSink {
        files.push_back(std::make_shared<ReplacedFile>((folder / (std::string(entity) + ".csv")).string()));
        return [file = files.back()](std::string_view text) { file->write(std::as_bytes(std::span(text))); };
      },
      {.with_deleted = options.flag("with_deleted", true)});
  for (const auto& file : files) finish(*file);
  return {"{\"records\":\"" + std::to_string(records) + "\",\"files\":\"" + std::to_string(files.size()) + "\"}"};
}

OperationAnswer run_import_customer(Session& session, const OptionReader& options, bool) {
  const ApplyOptions how{.dry_run = options.flag("dry_run")};
  const std::string folder = options.text("folder");
  const Receipt receipt = folder.empty() ? import_customer(session, needed(options, "document"), how)
                                         : import_customer_csv(session, folder, how);
  return {"{\"records\":\"" + std::to_string(receipt.inserted) + "\"}"};
}

}  // namespace

std::vector<Operation> forget_operations() {
  return {
      {"forget_customer", "a customer is forgotten by law, for good, with a receipt; what law keeps stays without them",
       with_properties(with_properties(customer_schema, forget_properties), wait_property), false, run_forget},
      {"finish_forgetting", "completes erasures whose files somebody was still reading",
       with_properties(none_schema, wait_property), false, run_finish},
      {"erasure_receipts", "who was forgotten, when, on which ground, and what that could not reach",
       std::string(none_schema), false, run_receipts},
      {"forget_again", "forgets, in a store restored from an older backup, whom receipts say were forgotten",
       with_properties(again_schema, wait_property), false, run_again},
      {"due_to_forget", "whom segments that forget have, and since when", std::string(due_schema), false, run_due},
      {"forget_due", "forgets them, with a receipt each",
       with_properties(with_properties(due_schema, forget_properties), wait_property), false, run_forget_due},
      {"export_customer", "all that one customer may take elsewhere, as a document that a store takes back",
       std::string(export_schema), false, run_export_customer},
      {"export_customer_csv", "the same as CSV files, which a store takes back too", std::string(csv_schema), false,
       run_export_customer_csv},
      {"import_customer", "takes such a document, or such files, into this store", std::string(import_schema), false,
       run_import_customer},
  };
}

}  // namespace emptor::capi
