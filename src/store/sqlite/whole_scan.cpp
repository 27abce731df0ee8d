#include "store/sqlite/whole_scan.hpp"

#include "store/sqlite/row_reading.hpp"

namespace emptor::sqlite {
namespace {

constexpr std::size_t least_rows = 1000;
constexpr std::size_t most_cells = 100;  // SQLite's own limit on arguments is 127

}  // namespace

RowTaker::RowTaker(sqlite3* connection) {
  check(connection, sqlite3_create_function_v2(connection, "emptor_take", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, this,
                                               &RowTaker::take_row, nullptr, nullptr, nullptr));
}

// True, which ends the step, for the last row that is wanted.
void RowTaker::take_row(sqlite3_context* context, int, sqlite3_value** cells) noexcept {
  auto& taker = *static_cast<RowTaker*>(sqlite3_user_data(context));
  try {
    sql::make_room(*taker.out_, taker.row_, taker.end_);
    sql::read_row(ArgumentCells{cells}, *taker.out_, taker.row_);
  } catch (...) {  // nothing but memory can be lacking, and nothing may pass through SQLite
    return sqlite3_result_error_nomem(context);
  }
  if (++taker.row_ == taker.end_) sqlite3_result_int(context, 1);
}

std::size_t RowTaker::take(Statement& statement, std::size_t most, Batch& out) {
  const std::size_t begin = out.rows();
  out_ = &out;
  row_ = begin;
  end_ = begin + most;
  statement.step();
  sql::resize(out, row_);
  return row_ - begin;
}

bool is_whole_scan(const sql::Layout& layout, const Query& query) {
  if (query.where.kind != Where::Kind::always || !query.order.empty() || query.limit < least_rows) return false;
  const Entity& entity = layout.schema()->entity(query.entity);
  const std::size_t fields = query.fields.empty() ? entity.fields.size() : query.fields.size();
  return fields < most_cells && sql::count_tables(sql::sqlite_dialect, entity) == 1 && layout.has_table(entity, 0);
}

// Rows pass the function in the order of ids, each once: no index may be walked in the table's place, and deleted ones
// are told apart around the call, for the terms of a WHERE have no order.
std::string compile_whole_scan(const sql::Layout& layout, const Entity& entity, const Query& query,
                               const sql::ScanPlan& plan) {
  sql::Compiler compiler(sql::sqlite_dialect, layout, entity);
  const std::string id = compiler.column(system_field::id);
  std::string take = "emptor_take(" + id;
  for (const FieldNumber number : plan.fields) take += ", " + compiler.column(number);
  take += ")";
  if (!query.with_deleted)
    take = "CASE WHEN " + compiler.column(system_field::deleted_at) + " IS NULL THEN " + take + " END";
  return "SELECT " + id + " FROM " + sql::quoted(sql::table_name(entity, 0)) + " AS t0 NOT INDEXED WHERE " + id +
         " > ?1 AND " + take + " ORDER BY " + id;
}

}  // namespace emptor::sqlite
