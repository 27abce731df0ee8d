// A customer's document as CSV files: one for each entity, its columns the id and the fields that are filled, besides
// portability.csv, which tells the format, and custom_fields.csv. Cells are the plain notation of values; a text that
// is there but empty, or of apostrophes only, has one apostrophe more.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "core/hex.hpp"
#include "desk/csv_cell.hpp"
#include "desk/csv_reader.hpp"
#include "desk/customer_document.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/plain.hpp"

namespace emptor::desk {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view head_file = "portability", fields_file = "custom_fields";

bool is_apostrophes(std::string_view text) { return text.find_first_not_of('\'') == std::string_view::npos; }

// ---- writing

void add_cell(std::string& text, const Value& value) {
  if (value.present() && value.type() == Type::text) {
    if (is_apostrophes(value.text())) text += '\'';
    append_guarded_csv_cell(text, value.text());
  } else {
    text += to_plain(value);
  }
}

void add_row(std::string& text, const std::vector<Value>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += ',';
    add_cell(text, cells[i]);
  }
  text += "\r\n";
}

bool is_told(const Field& field) { return field.number == system_field::deleted_at || is_given(field); }

std::vector<FieldNumber> filled_fields(const Entity& entity, const std::vector<const Record*>& records) {
  std::vector<FieldNumber> fields{system_field::id};
  for (const Field& field : entity.fields)
    if (is_told(field) &&
        std::ranges::any_of(records, [&](const Record* one) { return (*one)[field.number].present(); }))
      fields.push_back(field.number);
  return fields;
}

std::string table_of(const Entity& entity, const std::vector<const Record*>& records) {
  const std::vector<FieldNumber> fields = filled_fields(entity, records);
  std::string text;
  std::vector<Value> cells;
  for (const FieldNumber field : fields) cells.emplace_back(std::string_view(entity.fields[field].name));
  add_row(text, cells);
  for (const Record* const record : records) {
    cells.clear();
    for (const FieldNumber field : fields) cells.push_back((*record)[field]);
    add_row(text, cells);
  }
  return text;
}

std::string table_of(const std::vector<CustomField>& fields) {
  std::string text = "entity,name,type,personal,indexed,doc\r\n";
  for (const CustomField& field : fields)
    add_row(text,
            {Value(std::string_view(field.entity)), Value(std::string_view(field.name)), Value(name_of(field.type)),
             Value((field.flags & field_flag::personal) != 0), Value((field.flags & field_flag::indexed) != 0),
             field.doc.empty() ? Value() : Value(std::string_view(field.doc))});
  return text;
}

// ---- reading

[[noreturn]] void refuse(std::string message, std::string entity = {}, std::string field = {},
                         std::optional<std::int64_t> line = {}) {
  throw Error(Problem{Code::invalid, std::move(message), std::move(entity), std::move(field), line,
                      "give the folder that export_customer_csv wrote, as it was"});
}

/// A file of such a folder, row by row.
class Table {
 public:
  Table(const fs::path& folder, std::string_view name)
      : name_(name), reader_(open_file((folder / (name_ + ".csv")).string()), {}, name_) {
    if (!next()) refuse("the file has no first row of names", name_);
    for (std::size_t i = 0; i < row_.cells; ++i) names_.emplace_back(cells_[i]);
  }

  const std::string& name() const noexcept { return name_; }
  const std::vector<std::string>& names() const noexcept { return names_; }
  std::int64_t line() const noexcept { return static_cast<std::int64_t>(row_.line); }

  bool next() {
    const bool more = reader_.next(cells_, row_);
    if (!more && reader_.open_quote() != 0)
      refuse("a quote is not closed", name_, {}, static_cast<std::int64_t>(reader_.open_quote()));
    if (more && (row_.stray_quotes || (!names_.empty() && row_.cells != names_.size())))
      refuse("a row has not as many cells as there are names", name_, {}, line());
    return more;
  }
  /// Valid until the next row.
  std::string_view cell(std::size_t column) const { return cells_[column]; }
  std::string_view cell(std::string_view name) const {
    const auto at = std::ranges::find(names_, name);
    if (at == names_.end()) refuse("the file lacks a column", name_, std::string(name));
    return cell(static_cast<std::size_t>(at - names_.begin()));
  }

 private:
  std::string name_;
  CsvReader reader_;
  CsvRow row_;
  std::vector<std::string_view> cells_;
  std::vector<std::string> names_;
};

// `kept` owns what the value views where it differs from the cell.
std::optional<Value> value_of(Type type, std::string_view cell, std::string& kept) {
  if (cell.empty()) return Value();
  if (type == Type::text) return Value(is_apostrophes(cell) ? cell.substr(1) : without_guard(cell));
  if (type != Type::bytes) return parse_plain(type, cell);
  std::optional<std::string> bytes = from_hex(cell);
  if (!bytes) return std::nullopt;
  kept = std::move(*bytes);
  return Value::bytes(kept);
}

void read_records(Table& table, const SchemaPtr& schema, std::vector<Record>& records) {
  const Entity& entity = schema->entity(table.name());
  std::vector<const Field*> fields;
  for (const std::string& name : table.names()) {
    const Field* const field = entity.find(name);
    if (field == nullptr || (field->number != system_field::id && !is_told(*field)))
      refuse("the file has a column that is no field of this entity", entity.name, name);
    fields.push_back(field);
  }
  std::string kept;
  while (table.next()) {
    Record& record = records.emplace_back(schema, entity.number);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::optional<Value> value = value_of(fields[i]->type, table.cell(i), kept);
      if (!value) refuse("the cell is no value of this field", entity.name, fields[i]->name, table.line());
      record.set(fields[i]->number, *value);
    }
    if (!record.id()) refuse("a row has no id", entity.name, "id", table.line());
    if (record.deleted()) records.pop_back();
  }
}

std::vector<CustomField> read_custom_fields(Table table) {
  std::vector<CustomField> fields;
  while (table.next()) {
    CustomField& field = fields.emplace_back();
    field.entity = table.cell("entity");
    field.name = table.cell("name");
    field.type = type_of_name(table.cell("type"));
    if (table.cell("personal") == "true") field.flags |= field_flag::personal;
    if (table.cell("indexed") == "true") field.flags |= field_flag::indexed;
    field.doc = without_guard(table.cell("doc"));
  }
  return fields;
}

// Names of the files, in order. What is no file of ours may hold what would be lost.
std::vector<std::string> entities_in(const fs::path& folder) {
  std::error_code failed;
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".csv" && name != head_file && name != fields_file) names.push_back(name);
  }
  if (failed) throw Error(Code::io, "the folder cannot be read", "look at its permissions");
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::uint64_t write_customer_csv(const Schema& schema, const Belongings& all, std::string_view currency, Id customer,
                                 bool with_deleted, const SinkOfEntity& sink_of) {
  std::map<EntityNumber, std::vector<const Record*>> records;
  std::uint64_t count = 0;
  const auto add = [&](const std::vector<Record>& part) {
    for (const Record& record : part) records[record.entity().number].push_back(&record);
    count += part.size();
  };
  add(all.records);
  add(all.referred);
  if (with_deleted) add(all.deleted);
  std::string head = "format,currency,customer\r\n";
  add_row(head, {Value(document_format), Value(currency), Value(customer)});
  sink_of(head_file)(head);
  if (const std::vector<CustomField> fields = custom_fields_of(schema); !fields.empty())
    sink_of(fields_file)(table_of(fields));
  for (const auto& [number, some] : records) sink_of(schema.entity(number).name)(table_of(schema.entity(number), some));
  return count;
}

CustomerDocument read_customer_csv(const std::string& folder) {
  const fs::path place(folder);
  std::error_code absent;
  if (!fs::exists(place / (std::string(head_file) + ".csv"), absent)) refuse("the folder holds no customer's files");
  Table head(place, head_file);
  if (!head.next() || head.cell("format") != document_format) refuse("the files are in another format");
  CustomerDocument read;
  read.currency = head.cell("currency");
  if (fs::exists(place / (std::string(fields_file) + ".csv"), absent))
    read.custom_fields = read_custom_fields(Table(place, fields_file));
  read.records = [place](const SchemaPtr& schema) {
    std::vector<Record> records;
    for (const std::string& name : entities_in(place)) {
      if (schema->find(name) == nullptr) refuse("the folder has a file of no entity", name);
      Table table(place, name);
      read_records(table, schema, records);
    }
    return records;
  };
  return read;
}

}  // namespace emptor::desk
