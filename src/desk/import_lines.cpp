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

}  // namespace

void ImportRun::run_line(TablePlan& table, const TableRow& row) {
  const LinePlan& line = *table.line;
  reasons_.clear();
  read_line(table, row.line);
  check_order_cells(table, row.line);
  if (!reasons_.empty()) return reject(table, row);
  ++lines_read_;
  ++lines_in_set_;
  const RecordPlan& order_plan = table.records[line.order];
  EntityPool& orders = pools_[order_pool_];
  std::string_view number = line.numbered ? key_of(table, order_plan) : std::string_view();
  const bool numbered = !number.empty();
  const std::uint64_t content = content_of(table);
  const Fingerprint document = document_of(table, number);
  const Occurrences::Seen seen =
      contents_.add(Fingerprinter(document.high).add(document.low).add(content).narrow(), mark_of_row(line));
  if (seen.whole_row)
    ProblemLog::count(
        log_.at("duplicate_row", "order_line", table.table->profile.name, "",
                "These rows repeat an earlier row of their document in every cell; they are kept, as true "
                "repetitions, and counted."),
        row.line);
  const auto key = static_cast<std::int64_t>(Fingerprinter(content).add(std::uint64_t{seen.occurrence}).narrow());

  // Was this very line imported before? Then the row says nothing new about anybody.
  bool known = false;
  Slot order = no_slot;
  if (numbered) {
    order = orders.records.find(document);
    if (order == no_slot && !orders.fresh && !order_plan.refers) {
      order = orders.records.add(document);
      load_stored(orders, order, number);
    }
    if (order != no_slot && orders.records[order].stored) {
      load_lines(order);
      known = stored_lines_.contains(Fingerprinter(order).add(static_cast<std::uint64_t>(key)).narrow());
    }
  } else {
    order = unnumbered_order(document, static_cast<std::uint64_t>(key));
    known = orders.records[order].stored;
    number = document_key_;
  }
  for (std::size_t i = 0; i < table.records.size(); ++i) {
    if (i == line.order && !numbered) {
      slots_[i] = order;
      orders.records[order].seen = true;
      if (!known) write_fields(table, i, order, document_key_, row.line);
      continue;
    }
    slots_[i] = touch(table, i, row.line, known);
  }
  order = slots_[line.order];
  const Slot customer = line.customer == npos ? orders.records[order].link : slots_[line.customer];
  const Slot product = line.product == npos ? no_slot : slots_[line.product];
  price_line(table, product);
  settle_kind(table, line, order, number);
  tell_line_problems(table, line, order, customer, row.line);
  add_to_totals();
  if (known) {
    ++lines_unchanged_;
    return;
  }
  ++lines_written_;
  tell_unreadable(table, row.line);
  write_line(line, order, customer, product, key);
}

void ImportRun::read_number_cell(const TablePlan& table, const std::optional<CellPlan>& cell,
                                 std::optional<std::int64_t>& value, std::uint64_t row) {
  value.reset();
  if (!cell || cells_[cell->column].empty()) return;
  const ReadCell read = reader_.read(*cell, cells_);
  if (read.unreadable) return reasons_.push_back(table.table->profile.columns[cell->column].name + " is not a number");
  if (read.value.present()) value = read.value.micros();
  if (read.outlier || read.rounded) {
    static const RecordPlan lines{"order_line"};
    note_cell(table, lines, *cell, read, row);
  }
}

void ImportRun::read_line(const TablePlan& table, std::uint64_t row) {
  const LinePlan& line = *table.line;
  read_number_cell(table, line.quantity, line_.quantity, row);
  read_number_cell(table, line.price, line_.price, row);
  read_number_cell(table, line.amount, line_.amount, row);
  read_number_cell(table, line.discount, line_.discount, row);
  read_number_cell(table, line.profit, line_.profit, row);
  read_number_cell(table, line.cost, line_.cost, row);
  if (line.unit_cost) {
    std::optional<std::int64_t> unit;
    read_number_cell(table, line.unit_cost, unit, row);
    if (unit) line_.cost = multiply_micros(*unit, line_.quantity.value_or(Decimal::micros_per_unit));
  }
  if (line_.discount && line.discount_style == DiscountStyle::percent) *line_.discount /= 100;
  line_.currency.clear();
  if (!line.currency || cells_[line.currency->column].empty()) return;
  if (const auto currency = Currency::parse(cells_[line.currency->column]))
    line_.currency = currency->code();
  else
    reasons_.push_back(table.table->profile.columns[line.currency->column].name + " is not a currency code");
}

// What an order cannot do without has to be readable, or the line is refused.
void ImportRun::check_order_cells(const TablePlan& table, std::uint64_t) {
  const LinePlan& line = *table.line;
  const Recent& recent = recent_[line.order];
  for (const CellPlan& cell : table.records[line.order].cells) {
    if (cell.kind != CellKind::instant || cell.field != "ordered_at" || cells_[cell.column].empty()) continue;
    if (recent.slot != no_slot && line.numbered && recent.cells == cells_mark(table.records[line.order])) continue;
    if (reader_.read(cell, cells_).unreadable)
      reasons_.push_back(table.table->profile.columns[cell.column].name + " is not a date");
  }
}

// What the line says, however its file writes it: values, not digits; no numbers of rows.
std::uint64_t ImportRun::content_of(const TablePlan& table) const {
  const LinePlan& line = *table.line;
  Fingerprinter content;
  if (line.product != npos) content.add(cells_[table.records[line.product].key.front()]);
  for (const auto& value : {line_.quantity, line_.price, line_.amount, line_.discount})
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

Slot ImportRun::unnumbered_order(const Fingerprint& document, std::uint64_t key) {
  const Fingerprint own = Fingerprinter(document.high).add(document.low).add(key).wide();
  document_key_ = "sale:";
  for (const std::uint64_t half : {own.high, own.low})
    for (int shift = 60; shift >= 0; shift -= 4) document_key_ += "0123456789abcdef"[(half >> shift) & 15];
  EntityPool& pool = pools_[order_pool_];
  const Fingerprint print = fingerprint(document_key_);
  Slot slot = pool.records.find(print);
  if (slot != no_slot) return slot;
  slot = pool.records.add(print);
  if (!pool.fresh) load_stored(pool, slot, document_key_);
  return slot;
}

void ImportRun::load_lines(Slot order) {
  SlotState& state = pools_[order_pool_].records[order];
  if (state.lines_known) return;
  state.lines_known = true;
  Query query;
  query.entity = "order_line";
  query.where = Where::equal("order_id", Value(Id{state.id}));
  query.fields = {"source_key"};
  ScanKey at;
  Batch batch;
  bool more = true;
  while (more) {
    more = view().scan(query, at, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i)
      if (batch.columns[0].valid[i])
        stored_lines_.insert(Fingerprinter(order).add(static_cast<std::uint64_t>(batch.columns[0].bits[i])).narrow());
  }
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

Id ImportRun::buyer_of(Slot order, Slot customer) const {
  const RecordPool& customers = pools_[customer_pool_ == npos ? order_pool_ : customer_pool_].records;
  const Slot linked = pools_[order_pool_].records[order].link;
  if (linked != no_slot) return Id{customers[linked].id};
  if (customer != no_slot) return Id{customers[customer].id};
  const auto stored = stored_buyers_.find(order);
  return stored == stored_buyers_.end() ? no_id : Id{stored->second};
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
  if (currency != base_currency_) {
    put.set("currency", std::string_view(currency));
    if (line_.amount)
      if (const auto base = to_base(*line_.amount, currency, pools_[order_pool_].records[order].day))
        put.set("base_amount", Value(*base));
  }
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

void ImportRun::settle_kind(const TablePlan& table, const LinePlan& line, Slot order, std::string_view number) {
  SlotState& state = pools_[order_pool_].records[order];
  const std::int64_t sign = line_.amount.value_or(0) != 0 ? line_.amount.value_or(0) : line_.quantity.value_or(0);
  bool credit = state.credit;
  if (line.credit_prefixes.empty()) {
    state.debit = state.debit || sign > 0;
    credit = sign < 0 && !state.debit ? true : state.debit ? false : credit;
  } else {
    const std::size_t digits = number.find_first_of("0123456789");
    credit = digits != std::string_view::npos && std::find(line.credit_prefixes.begin(), line.credit_prefixes.end(),
                                                           number.substr(0, digits)) != line.credit_prefixes.end();
  }
  if (state.kind_known && state.credit == credit) return;
  state.kind_known = true;
  state.credit = credit;
  put_record(table.records[line.order], order, number).set("kind", credit ? "credit_note" : "sale");
}

void ImportRun::tell_line_problems(const TablePlan& table, const LinePlan& line, Slot order, Slot customer,
                                   std::uint64_t row) {
  const std::string& file = table.table->profile.name;
  const SlotState& state = pools_[order_pool_].records[order];
  const auto count = [&](std::string_view code, std::string_view text) {
    ProblemLog::count(log_.at(code, "order_line", file, "", text), row);
  };
  if (customer == no_slot && state.link == no_slot && !stored_buyers_.contains(order))
    count("missing_customer", "These rows name no customer; they are kept as anonymous sales.");
  if (state.credit)
    count("cancellations", "These rows belong to credit notes or take back what was sold.");
  else if (line_.amount && *line_.amount < 0)
    count("negative_amount", "These rows have a negative amount though their document is no credit note.");
  else if (line_.quantity && *line_.quantity < 0)
    count("negative_quantity", "These rows have a negative quantity though their document is no credit note.");
  if (line_.price && *line_.price == 0) count("zero_price", "These rows have a price of zero.");
  if (!line_.amount) count("no_amount", "These rows have no amount, and none follows from a price.");
  if (static_cast<std::int64_t>(state.day) * micros_per_day > now_.micros)
    count("future_date", "These rows are dated after today.");
  const std::string& currency = line_.currency.empty() ? currency_ : line_.currency;
  if (currency != base_currency_ && line_.amount && !to_base(*line_.amount, currency, state.day))
    count("no_rate",
          "There is no exchange rate for the currency of these rows; they have no amount in the base currency.");
  static_cast<void>(line);
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
