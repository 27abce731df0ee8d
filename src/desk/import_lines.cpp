// Lines of orders: known by their document, their content and how often that content came before in it.
#include <algorithm>

#include "desk/import_run.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t npos = TableUnderstanding::npos;

Value decimal(std::int64_t micros) { return Value::of_bits(Type::decimal, micros); }

std::optional<LongNumber> long_of(const std::optional<CellPlan>& plan, std::span<const std::string_view> cells,
                                  const std::optional<std::int64_t>& micros) {
  if (!micros) return std::nullopt;
  // A 32-bit float is multiplied as what it is, not as the decimal that it stands for.
  if (plan && plan->single_precision)
    if (const auto number = digits_of_single(cells[plan->column])) return number;
  return LongNumber{*micros, 6};
}

std::int64_t respelled_key(const StagedRow& row) {
  return static_cast<std::int64_t>(Fingerprinter(row.document.low).add(static_cast<std::uint64_t>(row.key)).narrow());
}

}  // namespace

// What the line says, and what it is known by.
void ImportRun::stage_line(const TablePlan& table, StagedRow& row) {
  read_line(table, row);
  check_order_cells(table, row);
  if (!row.reasons.empty()) return;
  const LinePlan& line = *table.line;
  row.document = document_of(table, line.numbered ? key_of(table, table.records[line.order]) : std::string_view());
  const std::uint64_t content = content_of(table, row.values);
  const Occurrences::Seen seen =
      contents_.add(Fingerprinter(row.document.high).add(row.document.low).add(content).narrow(), mark_of_row(line));
  if (seen.whole_row)
    ProblemLog::count(
        log_.at("duplicate_row", "order_line", table.table->profile.name, "",
                "These rows repeat an earlier row of their document in every cell; they are kept, as true "
                "repetitions, and counted."),
        row.line);
  row.key = static_cast<std::int64_t>(Fingerprinter(content).add(std::uint64_t{seen.occurrence}).narrow());
}

void ImportRun::run_line(TablePlan& table, const StagedRow& row) {
  const LinePlan& line = *table.line;
  line_ = row.values;
  ++totals_.lines_read;
  const bool numbered = name_document(table, row);
  const auto [order, spelling] = locate(table.records[line.order], document_key_, table);
  const SlotState& state = pools_[order_pool_].records[order];
  if (state.stored) load_lines(order);
  // Rows that write the number in another way count their repetitions by themselves, and are told apart by that.
  const std::int64_t key = spelling == nullptr ? row.key : respelled_key(row);
  const std::uint64_t print = line_print(order, key);
  const bool known = state.stored && stored_lines_.contains(print);
  for (std::size_t i = 0; i < table.records.size(); ++i) {
    if (i == line.order && !numbered)
      slots_[i] = touch_unnumbered(table, order, row.line, known);
    else
      slots_[i] = touch(table, i, row.line, known);
  }
  const Slot customer = line.customer == npos ? state.link : slots_[line.customer];
  const Slot product = line.product == npos ? no_slot : slots_[line.product];
  price_line(table, product);
  settle_kind(table, line, order, known);
  const bool anonymous = known ? anonymous_lines_.contains(print) : !buyer_of(order, customer);
  const bool unrated = is_foreign() && (known ? unrated_lines_.contains(print) : !base_amount(order));
  tell_line_problems(table, order, anonymous, unrated, row.line);
  tell_unreadable(table, row.line);
  add_to_totals();
  ++(known ? totals_.lines_unchanged : totals_.lines_written);
  if (!known) write_line(line, order, customer, product, key);
}

Slot ImportRun::touch_unnumbered(TablePlan& table, Slot order, std::uint64_t line, bool known) {
  save(order_pool_, order);
  pools_[order_pool_].records[order].seen = true;
  write_fields(table, table.line->order, order, document_key_, line, known);
  return order;
}

void ImportRun::read_number_cell(const TablePlan& table, const std::optional<CellPlan>& cell,
                                 std::optional<std::int64_t>& value, StagedRow& row) {
  if (!cell || cells_[cell->column].empty()) return;
  const ReadCell read = reader_.read(*cell, cells_);
  if (read.unreadable)
    return row.reasons.push_back(table.table->profile.columns[cell->column].name + " is not a number");
  if (read.value.present()) value = read.value.micros();
  if (read.outlier || read.rounded) {
    static const RecordPlan lines{"order_line"};
    note_cell(table, lines, *cell, read, row.line);
  }
}

void ImportRun::read_line(const TablePlan& table, StagedRow& row) {
  const LinePlan& line = *table.line;
  LineValues& values = row.values;
  read_number_cell(table, line.quantity, values.quantity, row);
  read_number_cell(table, line.price, values.price, row);
  read_number_cell(table, line.amount, values.amount, row);
  read_number_cell(table, line.discount, values.discount, row);
  read_number_cell(table, line.profit, values.profit, row);
  read_number_cell(table, line.cost, values.cost, row);
  if (line.unit_cost) {
    std::optional<std::int64_t> unit;
    read_number_cell(table, line.unit_cost, unit, row);
    if (unit) values.cost = multiply_micros(*unit, values.quantity.value_or(Decimal::micros_per_unit));
  }
  if (values.discount && line.discount_style == DiscountStyle::percent) *values.discount /= 100;
  if (!line.currency || cells_[line.currency->column].empty()) return;
  if (const auto currency = Currency::parse(cells_[line.currency->column]))
    values.currency = currency->code();
  else
    row.reasons.push_back(table.table->profile.columns[line.currency->column].name + " is not a currency code");
}

// What an order cannot do without has to be readable, or the line is refused.
void ImportRun::check_order_cells(const TablePlan& table, StagedRow& row) {
  for (const CellPlan& cell : table.records[table.line->order].cells) {
    if (cell.kind != CellKind::instant || cell.field != "ordered_at" || cells_[cell.column].empty()) continue;
    const std::string_view time = cell.second == npos ? std::string_view() : cells_[cell.second];
    if (cells_[cell.column] == readable_date_ && time == readable_time_) continue;  // mostly that of the row before
    if (reader_.read(cell, cells_).unreadable) {
      row.reasons.push_back(table.table->profile.columns[cell.column].name + " is not a date");
    } else {
      readable_date_ = cells_[cell.column];
      readable_time_ = time;
    }
  }
}

// What the line says, however its file writes it: values, not digits; no numbers of rows.
std::uint64_t ImportRun::content_of(const TablePlan& table, const LineValues& values) const {
  const LinePlan& line = *table.line;
  Fingerprinter content;
  if (line.product != npos) content.add(cells_[table.records[line.product].key.front()]);
  for (const auto& value : {values.quantity, values.price, values.amount, values.discount})
    content.add(static_cast<std::uint64_t>(value.value_or(0))).add(std::uint64_t{value.has_value()});
  if (line.description) content.add(cells_[line.description->column]);
  for (const CellPlan& custom : line.customs) content.add(cells_[custom.column]);
  return content.narrow();
}

std::uint64_t ImportRun::mark_of_row(const LinePlan& line) const {
  Fingerprinter printer;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const bool counted = std::find(line.ignored.begin(), line.ignored.end(), i) == line.ignored.end();
    if (counted) printer.add(cells_[i]);
  }
  return printer.narrow();
}

// A sale without a document number is a document of its own, known by buyer, time, content and occurrence.
Fingerprint ImportRun::document_of(const TablePlan& table, std::string_view number) const {
  if (!number.empty()) return fingerprint(number);
  const LinePlan& line = *table.line;
  Fingerprinter printer(1);
  for (const CellPlan& cell : table.records[line.order].cells) printer.add(cells_[cell.column]);
  if (line.customer != npos) printer.add(cells_[table.records[line.customer].key.front()]);
  return printer.wide();
}

// Sets the key of the line's document; false where the document has no number of its own.
bool ImportRun::name_document(TablePlan& table, const StagedRow& row) {
  const LinePlan& line = *table.line;
  document_key_.assign(line.numbered ? key_of(table, table.records[line.order]) : std::string_view());
  if (!document_key_.empty()) return true;
  const auto key = static_cast<std::uint64_t>(row.key);
  document_key_ = "sale:" + hexadecimal(Fingerprinter(row.document.high).add(row.document.low).add(key).wide());
  return false;
}

std::uint64_t ImportRun::line_print(Slot order, std::int64_t key) {
  return Fingerprinter(order).add(static_cast<std::uint64_t>(key)).narrow();
}

// What the file leaves out follows from the rest, and from the product.
void ImportRun::price_line(const TablePlan& table, Slot product) {
  const LinePlan& line = *table.line;
  const ProductFacts* facts = product == no_slot ? nullptr : &products_[product];
  if (!line_.price && !line_.amount && facts != nullptr) line_.price = facts->price;
  if (!line_.cost && facts != nullptr && facts->cost)
    line_.cost = multiply_micros(*facts->cost, line_.quantity.value_or(Decimal::micros_per_unit));
  if (!line_.amount) line_.amount = product_of(line);
  if (line_.profit && line_.amount && !line_.cost) line_.cost = *line_.amount - *line_.profit;
  if (line_.discount && line.discount_style == DiscountStyle::money) {
    const double gross = line_.price && line_.quantity
                             ? static_cast<double>(*line_.price) * static_cast<double>(*line_.quantity) / 1e6
                             : static_cast<double>(line_.amount.value_or(0)) + static_cast<double>(*line_.discount);
    const auto share = gross == 0 ? std::nullopt : Decimal::from_double(static_cast<double>(*line_.discount) / gross);
    line_.discount = share ? std::optional(share->micros()) : std::nullopt;
  }
}

std::optional<std::int64_t> ImportRun::product_of(const LinePlan& line) const {
  if (!line_.price) return std::nullopt;
  const bool money = line.discount && line.discount_style == DiscountStyle::money;
  if (!line_.discount && !(line.price && line.price->single_precision))
    return multiply_micros(*line_.price, line_.quantity.value_or(Decimal::micros_per_unit));
  const auto price = long_of(line.price, cells_, line_.price);
  const auto quantity = LongNumber{line_.quantity.value_or(Decimal::micros_per_unit), 6};
  LongNumber less;
  if (line_.discount && !money) {
    const bool share = line.discount_style == DiscountStyle::share;
    less = *long_of(share ? line.discount : std::nullopt, cells_, line_.discount);
  }
  auto amount = multiply(*price, quantity, less);
  if (amount && money && line_.discount) *amount -= *line_.discount;
  return amount;
}

// The customer of the order: the first that the files name, unless the row that names it was imported before; then
// the one that the store has.
Id ImportRun::buyer_of(Slot order, Slot customer) const {
  const RecordPool& customers = pools_[customer_pool_ == npos ? order_pool_ : customer_pool_].records;
  const Slot linked = pools_[order_pool_].records[order].link;
  if (linked != no_slot) return Id{customers[linked].id};
  if (const auto stored = stored_buyers_.find(order); stored != stored_buyers_.end()) return Id{stored->second};
  return customer == no_slot ? no_id : Id{customers[customer].id};
}

void ImportRun::write_line(const LinePlan& line, Slot order, Slot customer, Slot product, std::int64_t key) {
  ChangeSet::Put put = set_.put("order_line");
  put.set("order_id", Value(Id{pools_[order_pool_].records[order].id}));
  if (const Id buyer = buyer_of(order, customer)) put.set("customer_id", Value(buyer));
  if (product != no_slot) {
    put.set("product_id", Value(Id{pools_[product_pool_].records[product].id}));
    if (!products_[product].category.empty()) put.set("category", std::string_view(products_[product].category));
  }
  if (line.description && !cells_[line.description->column].empty())
    put.set("description", cells_[line.description->column]);
  if (line_.quantity) put.set("quantity", decimal(*line_.quantity));
  if (line_.price) put.set("price", decimal(*line_.price));
  if (line_.discount) put.set("discount", decimal(*line_.discount));
  if (line_.cost) put.set("cost", decimal(*line_.cost));
  if (line_.amount) put.set("amount", decimal(*line_.amount));
  const std::string& currency = line_.currency.empty() ? currency_ : line_.currency;
  if (currency != base_currency_) put.set("currency", std::string_view(currency));
  if (is_foreign())
    if (const auto base = base_amount(order)) put.set("base_amount", Value(*base));
  if (line_.profit) put.set("x_profit", decimal(*line_.profit));
  for (const CellPlan& custom : line.customs) {
    const ReadCell read = reader_.read(custom, cells_);
    if (read.value.present()) put.set(custom.field, read.value);
  }
  put.set("source_key", Value(key));
}

// A cell of a custom field that is not of the kind that the column showed is left out, and told.
void ImportRun::tell_unreadable(const TablePlan& table, std::uint64_t row) {
  static const RecordPlan lines{"order_line"};
  for (const CellPlan& custom : table.line->customs)
    if (const ReadCell read = reader_.read(custom, cells_); read.unreadable) note_cell(table, lines, custom, read, row);
}

// A document is a credit note by its number, or while it has nothing but lines that are taken back.
void ImportRun::settle_kind(const TablePlan& table, const LinePlan& line, Slot order, bool known) {
  SlotState& state = pools_[order_pool_].records[order];
  const std::int64_t sign = line_.amount.value_or(0) != 0 ? line_.amount.value_or(0) : line_.quantity.value_or(0);
  bool credit = state.credit;
  if (line.credit_prefixes.empty()) {
    const bool sold = sign > 0, taken_back = sign < 0;
    state.debit = state.debit || sold;
    state.told_debit = state.told_debit || sold;
    credit = !state.debit && (taken_back || state.credit);
    state.told_credit = !state.told_debit && (taken_back || state.told_credit);
  } else {
    const std::size_t digits = document_key_.find_first_of("0123456789");
    credit = digits != std::string::npos && std::find(line.credit_prefixes.begin(), line.credit_prefixes.end(),
                                                      document_key_.substr(0, digits)) != line.credit_prefixes.end();
    state.told_credit = credit;
  }
  if (known || (state.kind_known && state.credit == credit)) return;
  state.kind_known = true;
  state.credit = credit;
  put_record(table.records[line.order], order, document_key_).set("kind", credit ? "credit_note" : "sale");
}

void ImportRun::tell_line_problems(const TablePlan& table, Slot order, bool anonymous, bool unrated,
                                   std::uint64_t row) {
  const std::string& file = table.table->profile.name;
  const SlotState& state = pools_[order_pool_].records[order];
  const auto count = [&](std::string_view code, std::string_view text) {
    ProblemLog::count(log_.at(code, "order_line", file, "", text), row);
  };
  if (anonymous) count("missing_customer", "These rows name no customer; they are kept as anonymous sales.");
  if (state.told_credit)
    count("cancellations", "These rows belong to credit notes or take back what was sold.");
  else if (line_.amount && *line_.amount < 0)
    count("negative_amount", "These rows have a negative amount though their document is no credit note.");
  else if (line_.quantity && *line_.quantity < 0)
    count("negative_quantity", "These rows have a negative quantity though their document is no credit note.");
  if (line_.price && *line_.price == 0) count("zero_price", "These rows have a price of zero.");
  if (!line_.amount) count("no_amount", "These rows have no amount, and none follows from a price.");
  if (static_cast<std::int64_t>(state.day) * micros_per_day > now_.micros)
    count("future_date", "These rows are dated after today.");
  if (unrated)
    count("no_rate",
          "There is no exchange rate for the currency of these rows; they have no amount in the base currency.");
}

// Whether the line has an amount in another currency than the store's.
bool ImportRun::is_foreign() const {
  return line_.amount && (line_.currency.empty() ? currency_ : line_.currency) != base_currency_;
}

std::optional<Decimal> ImportRun::base_amount(Slot order) {
  const std::string& currency = line_.currency.empty() ? currency_ : line_.currency;
  return to_base(*line_.amount, currency, pools_[order_pool_].records[order].day);
}

void ImportRun::add_to_totals() {
  if (!line_.amount) return;
  totals_.lines[line_.currency.empty() ? currency_ : line_.currency].add(*line_.amount);
}

std::optional<Decimal> ImportRun::to_base(std::int64_t micros, std::string_view currency, std::int32_t day) {
  if (!rates_) {
    rates_.emplace(*Currency::parse(base_currency_));
    Query query;
    query.entity = "exchange_rate";
    query.limit = 1'000'000;
    for (const Record& record : view().select(query))
      if (const auto of = Currency::parse(record.get("currency").text()))
        rates_->set(*of, record.get("valid_from").date(), record.get("rate").decimal());
  }
  return rates_->to_base({Decimal::from_micros(micros), *Currency::parse(currency)}, Date{day});
}

}  // namespace emptor::desk
