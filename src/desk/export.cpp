#include "emptor/desk/export.hpp"

#include <algorithm>

#include "desk/csv_cell.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/json.hpp"
#include "emptor/model/plain.hpp"

namespace emptor {
namespace {

constexpr std::size_t batch_rows = 2000;
constexpr std::size_t piece = 64 * 1024;

/// The rows of an entity, one scan, given to `write_row` as (batch, row, output).
class Exporter {
 public:
  Exporter(const View& view, std::string_view entity, const TextSink& sink, const ExportOptions& options)
      : view_(view),
        purpose_(view, Action::export_records, entity),
        sink_(sink),
        options_(options),
        entity_(view.schema().entity(entity)) {
    for (const std::string& name : options.fields) fields_.push_back(&entity_.field(name));
    if (!fields_.empty()) return;
    for (const Field& field : entity_.fields) {
      if (is_told(field)) fields_.push_back(&field);
    }
  }

  const std::vector<const Field*>& fields() const noexcept { return fields_; }
  std::string& output() noexcept { return output_; }

  template <class WriteRow>
  std::uint64_t run(const WriteRow& write_row) {
    const Query query = make_query();
    ScanKey key;
    Batch batch;
    std::uint64_t done = 0;
    const std::uint64_t total = options_.progress ? count() : 0;
    for (bool more = true; more;) {
      more = view_.scan(query, key, batch);
      for (std::size_t row = 0; row < batch.rows(); ++row) {
        write_row(batch, row);
        if (output_.size() >= piece) flush();
      }
      done += batch.rows();
      if (options_.progress && !options_.progress("export", done, total)) {
        throw Error(Code::cancelled, "the export was stopped");
      }
    }
    flush();
    return done;
  }

 private:
  const View& view_;
  ViewPurpose purpose_;
  const TextSink& sink_;
  const ExportOptions& options_;
  const Entity& entity_;
  std::vector<const Field*> fields_;
  std::string output_;

  /// What the library sets itself (versions, folded names) would mean nothing elsewhere.
  bool is_told(const Field& field) const noexcept {
    if (field.number == system_field::deleted_at) return options_.with_deleted;
    return field.number == system_field::id || !field.has(field_flag::system);
  }
  Query make_query() const {
    Query query;
    query.entity = entity_.name;
    query.where = options_.where;
    for (const Field* field : fields_) query.fields.push_back(field->name);
    query.limit = batch_rows;
    query.with_deleted = options_.with_deleted;
    return query;
  }
  std::uint64_t count() const { return static_cast<std::uint64_t>(view_.count(entity_.name, options_.where)); }
  void flush() {
    if (!output_.empty()) sink_(output_);
    output_.clear();
  }
};

}  // namespace

std::uint64_t export_csv(const View& view, std::string_view entity, const TextSink& sink,
                         const ExportOptions& options) {
  Exporter exporter(view, entity, sink, options);
  std::string& output = exporter.output();
  if (options.byte_order_mark) output += "\xEF\xBB\xBF";
  for (const Field* field : exporter.fields()) {
    append_csv_cell(output, field->name);
    output += field == exporter.fields().back() ? "\r\n" : ",";
  }
  return exporter.run([&](const Batch& batch, std::size_t row) {
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
      if (i > 0) output += ',';
      const Value value = batch.columns[i].value(row);
      if (!value.present()) continue;
      if (value.type() == Type::text) {
        options.guard_formulas ? append_guarded_csv_cell(output, value.text()) : append_csv_cell(output, value.text());
      } else {
        output += to_plain(value);
      }
    }
    output += "\r\n";
  });
}

std::uint64_t export_json_lines(const View& view, std::string_view entity, const TextSink& sink,
                                const ExportOptions& options) {
  Exporter exporter(view, entity, sink, options);
  std::string& output = exporter.output();
  return exporter.run([&](const Batch& batch, std::size_t row) {
    char before = '{';
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
      const Value value = batch.columns[i].value(row);
      if (!value.present()) continue;
      output += before;
      append_json_text(output, exporter.fields()[i]->name);
      output += ':';
      append_json(output, value);
      before = ',';
    }
    output += before == '{' ? "{}\n" : "}\n";
  });
}

}  // namespace emptor
