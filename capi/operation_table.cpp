#include "operation_table.hpp"

#include <vector>

#include "access_work.hpp"
#include "audit_work.hpp"
#include "emptor/core/error.hpp"
#include "emptor/insight/compute.hpp"
#include "emptor/insight/fit_table.hpp"
#include "emptor/mine/algorithm.hpp"
#include "emptor/model/json.hpp"
#include "forget_work.hpp"
#include "operation_work.hpp"
#include "ownership_work.hpp"
#include "search_work.hpp"
#include "segment_work.hpp"
#include "tag_work.hpp"

namespace emptor::capi {
namespace {

constexpr std::string_view files_schema = R"({"type":"object","required":["paths"],"properties":{
"paths":{"type":"array","items":{"type":"string"},"description":"files and folders"},
"mapping":{"type":"string","description":"text of a mapping file; guessed from headers without it"},
"source":{"type":"string","description":"name of the source system: import without it"},
"currency":{"type":"string","description":"of amounts without one"},
"zone":{"type":"string","description":"of times without one"}}})";

constexpr std::string_view import_properties =
    R"("rejects":{"type":"string","description":"path of a file for refused lines"},
"dry_run":{"type":"boolean","description":"understand and check only"})";

constexpr std::string_view export_schema = R"({"type":"object","required":["entity","path"],"properties":{
"entity":{"type":"string"},"path":{"type":"string","description":"the file; replaced if it is there"},
"format":{"type":"string","enum":["csv","jsonl"]},
"fields":{"type":"array","items":{"type":"string"},"description":"only these"},
"where":{"type":"string","description":"FIELD=VALUE, or a rule: only records of which it holds"},
"with_deleted":{"type":"boolean"},"byte_order_mark":{"type":"boolean"},
"guard_formulas":{"type":"boolean","description":"an apostrophe before what a spreadsheet would run; true without it"}}})";

constexpr std::string_view verify_schema = R"({"type":"object","properties":{
"deep":{"type":"boolean","description":"compare every record too; true without it"},
"head":{"type":"string","description":"POSITION:HASH that was noted before, and kept elsewhere: that entry must still be the same"}}})";

constexpr std::string_view feed_schema = R"({"type":"object","properties":{
"after":{"type":"integer","minimum":0,"description":"position to start after"},
"limit":{"type":"integer","minimum":1,"maximum":1000000,"description":"changes at most, about; 1000 without it"}}})";

constexpr std::string_view payloads_schema = R"({"type":"object","properties":{
"after":{"type":"integer","minimum":0,"description":"position to start after"},
"limit":{"type":"integer","minimum":1,"maximum":1000000,"description":"ends after an entry with which there are so many; 1000 without it"},
"entities":{"type":"array","items":{"type":"string"},"description":"only changes of these"}}})";

constexpr std::string_view payload_schema_schema = R"({"type":"object","required":["entity"],"properties":{
"entity":{"type":"string"}}})";

constexpr std::string_view backup_schema = R"({"type":"object","required":["path"],"properties":{
"path":{"type":"string","description":"the copy, which must not be there yet"}}})";

constexpr std::string_view copy_schema = R"({"type":"object","required":["to"],"properties":{
"to":{"type":"string","description":"the path of a file or postgres://...; must not be there yet, or hold nothing"}}})";

constexpr std::string_view join_schema = R"({"type":"object","required":["copy"],"properties":{
"copy":{"type":"string","description":"the path of a file or postgres://...: a copy of this store that lived apart"},
"theirs":{"type":"boolean","description":"where both sides changed a value, take the copy's"},
"dry_run":{"type":"boolean","description":"tell what would be done, and do nothing"}}})";

constexpr std::string_view seal_schema = R"({"type":"object","properties":{
"fields":{"type":"array","items":{"type":"string"},"description":"ENTITY.FIELD each; none: only tell what is sealed"}}})";

constexpr std::string_view report_schema = R"({"type":"object","required":["path"],"properties":{
"path":{"type":"string","description":"the page; replaced if it is there"},
"language":{"type":"string","enum":["en","zh"]},"title":{"type":"string"},
"as_of":{"type":"string","description":"YYYY-MM-DD; the last day with a purchase without it"},
"top_customers":{"type":"integer","minimum":1,"maximum":1000}}})";

constexpr std::string_view generate_schema = R"({"type":"object","required":["folder"],"properties":{
"folder":{"type":"string","description":"made if absent; files of these names are replaced"},
"customers":{"type":"integer","minimum":1,"maximum":10000000},"lines":{"type":"integer","minimum":0,"maximum":200000000,"description":"exactly so many; 0: what the buyers come to"},
"seed":{"type":"integer","minimum":0},"start":{"type":"string","description":"YYYY-MM-DD"},
"days":{"type":"integer","minimum":1,"maximum":3650},"currency":{"type":"string"},
"flaws":{"type":"boolean","description":"plant doubles and other flaws; true without it"},
"season":{"type":"boolean","description":"the week and the year; true without it"},
"causes":{"type":"boolean","description":"those who leave have a cause that shows before; true without it"},
"campaigns":{"type":"boolean","description":"with a hold-out and an effect; true without it"},
"front_office":{"type":"boolean","description":"files beyond customers, products and lines; true without it"}}})";

constexpr std::string_view statistics_schema = R"({"type":"object","properties":{
"revenue":{"type":"boolean","description":"sum the lines of every month, which reads all of them; true without it"}}})";

constexpr std::string_view live_schema = R"({"type":"object","required":["name"],"properties":{
"name":{"type":"string","description":"of the kept model: rfm, lifetime, churn"},
"on":{"type":"boolean","description":"false: no longer; true without it"}}})";

constexpr std::string_view live_scores_schema = R"({"type":"object","required":["customer_id"],"properties":{
"customer_id":{"type":"integer","minimum":1},
"as_of":{"type":"string","description":"YYYY-MM-DD, the day to score for; today without it"},
"reasons":{"type":"boolean","description":"tell what the scores come from"},
"language":{"type":"string","enum":["en","zh"]}}})";

constexpr std::string_view analyse_schema = R"({"type":"object","properties":{
"seconds":{"type":"number","minimum":0,"description":"after so many no further insight is begun; no limit without it"},
"memory_mib":{"type":"integer","minimum":1,"maximum":1099511627776,"description":"MiB that an insight may hold: one that may need more is left out, and its verdict says so; no limit without it"},
"rows":{"type":"integer","minimum":1,"description":"records that an insight may read: one that reads more is left out, and its verdict says so; no limit without it"},
"changed_share":{"type":"number","minimum":0,"maximum":1,"description":"models since which at most this share of customers changed are kept; everything is fitted anew without it"},
"answer":{"type":"string","description":"field that says what came of each customer; found without it"},
"positive":{"type":"string","description":"its value that is the event; found without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of verdicts, reasons and words"}}})";

constexpr std::string_view insight_properties =
    R"("as_of":{"type":"string","description":"YYYY-MM-DD, the day it stands for; the last day with a purchase without it"},
"no_write":{"type":"boolean","description":"do not keep the result as scores and tags"})";

Operation insight_operation(const InsightEntry& entry) {
  return {std::string(entry.name), std::string(entry.doc), with_properties(entry.options_schema, insight_properties),
          true, [&entry](Session& session, const OptionReader& options, bool table) {
            return run_one_insight(entry, session, options, table);
          }};
}

std::vector<Operation> all_operations() {
  std::vector<Operation> all = {
      {"import",
       "files and folders in, checked; the report tells what was understood, done and refused; its problems are the "
       "table",
       with_properties(files_schema, import_properties), true, run_import},
      {"problems", "what is wrong with files, without importing them", std::string(files_schema), true, run_problems},
      {"export", "the records of an entity as CSV or JSON lines", std::string(export_schema), false, run_export},
      {"verify", "the journal's chain recomputed, and every record compared with it", std::string(verify_schema), false,
       run_verify},
      {"feed", "what changed, in order, after a position", std::string(feed_schema), true, run_feed},
      {"feed_payloads", "what changed, each change as a payload for a webhook or a queue, with the record as it is now",
       std::string(payloads_schema), false, run_feed_payloads},
      {"feed_schema", "the JSON Schema of the payloads of an entity", std::string(payload_schema_schema), false,
       run_feed_schema},
      {"backup", "a consistent copy of the store, while others use it", std::string(backup_schema), false, run_backup},
      {"copy", "the whole store into one of any kind; the answer is the hash of the state, which both have",
       std::string(copy_schema), false, run_copy},
      {"join_copy", "takes over what was done in a copy of the store that lived apart; tells what contradicts",
       std::string(join_schema), false, run_join_copy},
      {"seal_fields",
       "keeps personal fields encrypted from now on, under the key that the store was opened with; tells "
       "all that are sealed",
       std::string(seal_schema), false, run_seal_fields},
      {"rotate_keys", "wraps every secret of the store with the first of the keys that it was opened with",
       R"({"type":"object","properties":{}})", false, run_rotate_keys},
      {"state_hash", "one hash for all that the store holds, the same on every kind of store",
       R"({"type":"object","properties":{}})", false, run_state_hash},
      {"report", "one offline page about the customers, as confidential as the store", std::string(report_schema),
       false, run_report},
      {"generate", "a folder of made-up extracts with the flaws of real ones, and the truth about them",
       std::string(generate_schema), false, run_generate},
      {"statistics", "how much there is of everything: records, orders by month, contacts by agent ...",
       std::string(statistics_schema), true, run_statistics},
  };
  const std::vector<Operation> live = {
      {"live", "a kept model's scores kept up to date inside every write, or no longer", std::string(live_schema),
       false, run_live},
      {"live_models", "the kept models, whether they are live, and what hinders it",
       R"({"type":"object","properties":{}})", false, run_live_models},
      {"live_scores", "what the live models say of one customer now, and why", std::string(live_scores_schema), false,
       run_live_scores},
  };
  all.insert(all.end(), live.begin(), live.end());
  for (Operation& one : ownership_operations()) all.push_back(std::move(one));
  for (Operation& one : access_operations()) all.push_back(std::move(one));
  for (Operation& one : tag_operations()) all.push_back(std::move(one));
  for (Operation& one : segment_operations()) all.push_back(std::move(one));
  for (Operation& one : search_operations()) all.push_back(std::move(one));
  for (Operation& one : audit_operations()) all.push_back(std::move(one));
  for (Operation& one : forget_operations()) all.push_back(std::move(one));
  all.push_back({"analyse", "all insights, their results kept, and of each whether the data and the budgets suffice",
                 with_properties(analyse_schema, insight_properties), false, run_analyse});
  for (const InsightEntry& entry : insights()) all.push_back(insight_operation(entry));
  return all;
}

struct Listed {
  std::string_view name, doc, options, input, output;
};

void append_listed(std::string& json, const Listed& listed) {
  json += json.size() > 1 ? ",{\"name\":" : "{\"name\":";
  append_json_text(json, listed.name);
  json += ",\"doc\":";
  append_json_text(json, listed.doc);
  json.append(",\"options\":").append(listed.options);
  json.append(",\"input\":\"").append(listed.input).append("\",\"output\":\"").append(listed.output).append("\"}");
}

}  // namespace

std::span<const Operation> operations() {
  static const std::vector<Operation> all = all_operations();
  return all;
}

const Operation& operation(std::string_view name) {
  std::string known;
  for (const Operation& one : operations()) {
    if (one.name == name) return one;
    known += (known.empty() ? "" : ", ") + one.name;
  }
  throw Error(Code::not_found, "there is no operation of this name", "known are " + known);
}

std::string list_operations() {
  std::string json = "[";
  for (const Operation& one : operations())
    append_listed(json, {one.name, one.doc, one.options_schema, "none", one.gives_table ? "table" : "document"});
  for (const ComputationEntry& entry : computations()) {
    append_listed(json, {entry.name, entry.doc, entry.options_schema, "table", "table"});
    json.back() = ',';
    json.append(entry.run_batches != nullptr ? "\"batches\":true}" : "\"batches\":false}");
  }
  for (const TableModelEntry& entry : table_models())
    append_listed(json, {entry.name, entry.doc, entry.options_schema, "table", "model"});
  for (const mine::AlgorithmEntry& entry : mine::algorithms()) {
    append_listed(json, {entry.name, entry.doc, entry.options, "matrix", "model"});
    json.back() = ',';
    json.append("\"target\":\"").append(name_of(entry.target));
    json.append(entry.batches ? "\",\"batches\":true}" : "\",\"batches\":false}");
  }
  return json += ']';
}

}  // namespace emptor::capi
