// Where each column of a table goes, given what a row of it is.
#include <algorithm>

#include "desk/known_names.hpp"
#include "desk/party_kinds.hpp"
#include "desk/understanding.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t npos = TableUnderstanding::npos;

struct AttributeField {
  std::string_view attribute, field;
};

constexpr AttributeField customer_fields[] = {{"id", "external_id"},
                                              {"name", "name"},
                                              {"given", "given_name"},
                                              {"family", "family_name"},
                                              {"title", "title"},
                                              {"kind", "kind"},
                                              {"gender", "gender"},
                                              {"birth", "birth_date"},
                                              {"birth_year", "birth_year"},
                                              {"age", "age"},
                                              {"marital", "marital_status"},
                                              {"education", "education"},
                                              {"occupation", "occupation"},
                                              {"income", "annual_revenue"},
                                              {"revenue", "annual_revenue"},
                                              {"segment", "segment"},
                                              {"tier", "tier"},
                                              {"country", "country"},
                                              {"state", "region"},
                                              {"region", "region"},
                                              {"city", "city"},
                                              {"postal", "postal_code"},
                                              {"language", "language"},
                                              {"industry", "industry"},
                                              {"founded", "founded_year"},
                                              {"since", "since"},
                                              {"notes", "notes"},
                                              {"parent", "parent_id"},
                                              {"opened", "since"},
                                              {"channel", "preferred_channel"}};
constexpr AttributeField contact_channels[] = {{"email", "email"}, {"phone", "phone"},     {"mobile", "mobile"},
                                               {"fax", "fax"},     {"address", "address"}, {"web", "web"}};
constexpr AttributeField product_fields[] = {{"id", "external_id"},
                                             {"name", "name"},
                                             {"sku", "sku"},
                                             {"category", "category"},
                                             {"subcategory", "subcategory"},
                                             {"brand", "brand"},
                                             {"description", "description"},
                                             {"price", "price"},
                                             {"cost", "cost"},
                                             {"stock", "stock"},
                                             {"currency", "currency"},
                                             {"active", "active"},
                                             {"discontinued", "discontinued"}};
constexpr AttributeField user_fields[] = {{"id", "external_id"},   {"self", "external_id"},   {"name", "name"},
                                          {"given", "given_name"}, {"family", "family_name"}, {"title", "title"},
                                          {"email", "email"},      {"phone", "phone"},        {"hired", "hired_on"},
                                          {"language", "language"}};
constexpr AttributeField territory_fields[] = {{"id", "external_id"}, {"name", "name"},   {"description", "name"},
                                               {"self", "name"},      {"region", "name"}, {"country", "country"},
                                               {"continent", "group"}};
constexpr AttributeField order_fields[] = {
    {"id", "external_id"},     {"self", "external_id"}, {"date", "ordered_at"},   {"time", "ordered_at.time"},
    {"shipped", "shipped_at"}, {"due", "due_at"},       {"status", "status"},     {"channel", "channel"},
    {"mode", "channel"},       {"freight", "freight"},  {"currency", "currency"}, {"opened", "ordered_at"}};
constexpr AttributeField line_fields[] = {{"quantity", "quantity"}, {"price", "price"},       {"amount", "amount"},
                                          {"revenue", "amount"},    {"discount", "discount"}, {"total_cost", "cost"},
                                          {"cost", "cost.unit"},    {"profit", "profit"}};
constexpr AttributeField opportunity_fields[] = {
    {"id", "external_id"},     {"self", "external_id"},        {"name", "name"},          {"stage", "stage"},
    {"status", "stage"},       {"opened", "opened_at"},        {"date", "opened_at"},     {"closed", "closed_at"},
    {"due", "expected_close"}, {"amount", "amount"},           {"revenue", "amount"},     {"price", "amount"},
    {"quantity", "quantity"},  {"probability", "probability"}, {"reason", "lost_reason"}, {"currency", "currency"},
    {"notes", "notes"}};
constexpr AttributeField return_fields[] = {{"id", "external_id"},    {"date", "returned_at"}, {"time", "returned_at"},
                                            {"quantity", "quantity"}, {"amount", "amount"},    {"price", "amount"},
                                            {"reason", "reason"},     {"currency", "currency"}};
constexpr AttributeField payment_fields[] = {{"id", "number"},        {"amount", "amount"}, {"paid_at", "paid_at"},
                                             {"date", "paid_at"},     {"mode", "method"},   {"payment", "method"},
                                             {"currency", "currency"}};

template <std::size_t Count>
std::string_view field_of(const AttributeField (&fields)[Count], std::string_view attribute) {
  for (const AttributeField& known : fields)
    if (known.attribute == attribute) return known.field;
  return {};
}

class Aim {
 public:
  Aim(TableUnderstanding& table, const Schema& schema, const std::vector<TableUnderstanding>& tables)
      : table_(table), schema_(schema), tables_(tables) {}

  void run() {
    if (fields_by_name()) return finish();
    const std::string& kind = table_.kind;
    aim_keys();
    for (std::size_t i = 0; i < table_.readings.size(); ++i) {
      if (table_.claimed(i)) continue;
      if (reading(i).attribute == "row" && column(i).unique()) {
        put(i, "", "", "number of the row in its source: not kept");
        continue;
      }
      if (kind == "order_line" || kind == "order") aim_in_sales(i);
      if (kind == "customer") aim_in_customers(i);
      if (kind == "product") aim_in_products(i);
      if (kind == "user") aim_in_users(i);
      if (kind == "territory") aim_own(i, "territory", "territory", territory_fields);
      if (kind == "opportunity") aim_with_references(i, "opportunity", opportunity_fields);
      if (kind == "return") aim_with_references(i, "return", return_fields);
      if (kind == "payment") aim_with_references(i, "payment", payment_fields);
    }
    if (kind == "order_line") settle_lines();
    if (kind == "customer") settle_customers();
    finish();
  }

 private:
  const Reading& reading(std::size_t i) const { return table_.readings[i]; }
  const ColumnProfile& column(std::size_t i) const { return table_.profile.columns[i]; }
  bool has(std::string_view entity, std::string_view field) const { return table_.target(entity, field) != nullptr; }

  void put(std::size_t column, std::string_view entity, std::string_view field, std::string note = {}) {
    table_.targets.push_back({column, std::string(entity), std::string(field), std::move(note)});
  }

  // Puts the column there unless the place is taken or the values do not fit it.
  bool offer(std::size_t i, std::string_view entity, std::string_view field, std::string note = {}) {
    if (entity.empty() || field.empty() || has(entity, field)) return false;
    const Entity* described = schema_.find(entity);
    const std::string_view plain = field.substr(0, field.find('.'));
    const Field* known = described == nullptr ? nullptr : described->find(plain);
    if (known != nullptr && known->type != Type::id && field != "ordered_at.time" &&
        !fits(column(i), table_.profile.sample, i, *known))
      return false;
    const bool number = field == "profit" || field == "total" || field == "birth_year";
    if (number && !column(i).mostly_numeric()) return false;
    put(i, entity, field, std::move(note));
    return true;
  }

  // Columns that name a record of another entity: its key if it has no better one, and its name.
  bool offer_reference(std::size_t i, std::string_view entity, std::string_view attribute) {
    if (attribute == "id") return offer(i, entity, key_field);
    const bool keyed = has(entity, key_field);
    if (attribute != "self" && attribute != "name") return false;
    if (keyed) return offer(i, entity, "name");
    put(i, entity, key_field);
    if (!column(i).numeric() && !has(entity, "name")) put(i, entity, "name");
    return true;
  }

  std::string_view entity_of(std::string_view subject) const {
    if (subject == "person")
      return table_.kind == "user" || table_.column_of("customer", "id") != npos ||
                     table_.column_of("customer", "self") != npos
                 ? "user"
                 : "customer";
    if (subject == "staff") return "user";
    if (subject == "manager") return table_.kind == "user" || table_.kind == "customer" ? "" : "user";
    if (subject == "customer" || subject == "product" || subject == "order" || subject == "territory" ||
        subject == "opportunity" || subject == "team")
      return subject;
    return {};
  }

  // Ids first, so that a name beside an id is only a name.
  void aim_keys() {
    const std::string_view own = table_.kind;
    for (std::size_t i = 0; i < table_.readings.size(); ++i) {
      if (reading(i).attribute != "id" || reading(i).subject.empty() || column(i).filled == 0) continue;
      const std::string_view entity = entity_of(reading(i).subject);
      if (own == "return" && reading(i).subject == "return") put(i, own, key_field);
      if ((entity == "opportunity" && own != "opportunity") || !may_name(own, entity)) continue;
      if (!entity.empty()) offer(i, entity, key_field);
    }
    const std::size_t plain = table_.column_of("", "id");
    const bool master = own == "customer" || own == "product" || own == "user" || own == "territory" ||
                        own == "order" || own == "opportunity";
    if (master && plain != npos && column(plain).key_like()) offer(plain, own, key_field);
  }

  // A customer's row does not name one product or order: "NumOfProducts" counts.
  static bool may_name(std::string_view own, std::string_view entity) {
    const bool group = entity == "user" || entity == "team" || entity == "territory";
    if (own == "customer" || own == "user" || own == "territory") return entity == own || group;
    return own != "product" || entity == own;
  }

  bool fields_by_name() {
    static constexpr std::string_view known_kinds[] = {"order_line", "order",       "customer", "product", "user",
                                                       "territory",  "opportunity", "return",   "payment"};
    const Entity* entity = schema_.find(table_.kind);
    if (entity == nullptr) return false;
    if (std::find(std::begin(known_kinds), std::end(known_kinds), table_.kind) != std::end(known_kinds)) return false;
    std::size_t known = 0;
    for (const ColumnProfile& c : table_.profile.columns)
      known += entity->find(c.name) != nullptr || c.name == key_field;
    if (known * 3 < table_.profile.columns.size() * 2) return false;
    const bool has_key = table_.column_of("*", "id") != npos;
    for (std::size_t i = 0; i < table_.profile.columns.size(); ++i) {
      const std::string& name = column(i).name;
      const Field* field = entity->find(name);
      if (name == key_field || (has_key && name == "id")) {
        if (!has(table_.kind, key_field)) put(i, table_.kind, key_field);
      } else if (field != nullptr && (field->has(field_flag::system) || field->number < system_field::count)) {
        put(i, "", "", "kept by the library itself");
      } else if (field != nullptr && field->type == Type::id && field->reference != table_.kind &&
                 schema_.find(field->reference) != nullptr) {
        offer(i, field->reference, key_field);
      } else if (field != nullptr) {
        offer(i, table_.kind, name);
      }
    }
    return true;
  }

  template <std::size_t Count>
  void aim_own(std::size_t i, std::string_view entity, std::string_view subject,
               const AttributeField (&fields)[Count]) {
    if (!reading(i).subject.empty() && reading(i).subject != subject) return;
    if (reading(i).attribute == "self" && offer_reference(i, entity, "self")) return;
    offer(i, entity, field_of(fields, reading(i).attribute));
  }

  bool aim_customer(std::size_t i) {
    const std::string_view attribute = reading(i).attribute;
    if (attribute == "id" || attribute == "self") return offer_reference(i, "customer", attribute);
    if (attribute == "name" && !has("customer", key_field)) return offer_reference(i, "customer", attribute);
    if (const std::string_view channel = field_of(contact_channels, attribute); !channel.empty()) {
      if (has("contact_point", channel) || !reaches(i, channel)) return false;
      put(i, "contact_point", channel);
      return true;
    }
    return offer(i, "customer", field_of(customer_fields, attribute));
  }

  // "telephone: yes" is no number to call.
  bool reaches(std::size_t i, std::string_view channel) const {
    const std::string_view marks = channel == "email" ? "@" : channel == "web" ? "." : "0123456789";
    if (channel == "address") return !column(i).numeric();
    const Sample& sample = table_.profile.sample;
    std::size_t filled = 0, fit = 0;
    for (std::size_t row = 0; row < sample.rows(); ++row) {
      if (sample.cell(row, i).empty()) continue;
      ++filled;
      fit += sample.cell(row, i).find_first_of(marks) != std::string_view::npos;
    }
    return filled == 0 || fit * 2 > filled;
  }

  bool aim_user(std::size_t i) {
    const std::string_view attribute = reading(i).attribute;
    if (attribute == "id" || attribute == "self" || attribute == "name") return offer_reference(i, "user", attribute);
    return offer(i, "user", field_of(user_fields, attribute));
  }

  bool aim_product(std::size_t i) {
    const std::string_view attribute = reading(i).attribute;
    if (attribute == "id" || attribute == "self" || attribute == "name")
      return offer_reference(i, "product", attribute);
    if (attribute == "sku" && !has("product", key_field)) return offer(i, "product", key_field);
    return offer(i, "product", field_of(product_fields, attribute));
  }

  void aim_in_sales(std::size_t i) {
    const std::string_view subject = reading(i).subject, attribute = reading(i).attribute;
    const bool line = table_.kind == "order_line";
    if (attribute.empty()) return;
    if (attribute == "row" ||
        (subject == "line" && (attribute == "number" || attribute == "self" || attribute == "id")))
      return put(i, "", "", "number of the row in its source: not kept");
    const std::string_view of_line = field_of(line_fields, attribute);
    const std::string_view entity = entity_of(subject);
    const bool of_sale = subject.empty() || subject == "order" || subject == "line" || subject == "product";
    if (line && of_sale && !of_line.empty() && offer(i, "order_line", of_line)) return;
    if (!line && of_sale && (attribute == "amount" || attribute == "revenue") && offer(i, "order", "total")) return;
    if (entity == "customer") return static_cast<void>(aim_customer(i));
    if (entity == "user") return static_cast<void>(aim_user(i));
    if (entity == "product" && names_product()) return static_cast<void>(aim_product(i));
    if (entity == "territory") return static_cast<void>(offer_reference(i, "territory", attribute));
    if (subject.empty() || subject == "order" || subject == "line") aim_plain_in_sales(i, line);
  }

  // A column that does not say of whom it speaks.
  void aim_plain_in_sales(std::size_t i, bool line) {
    const std::string_view attribute = reading(i).attribute;
    if (attribute == "time" && !has_date_column()) {
      offer(i, "order", "ordered_at");
      return;
    }
    // An "id" alone that repeats is somebody's: the buyer's, where nobody else is.
    const bool nobodys = reading(i).subject.empty() && attribute == "id" && !column(i).unique() &&
                         !has("customer", key_field) && !names_customer();
    if (nobodys) return;
    if (offer(i, "order", field_of(order_fields, attribute))) return;
    if (line && (attribute == "sku" || attribute == "category" || attribute == "subcategory" || attribute == "brand")) {
      if (attribute == "sku" || names_product())
        aim_product(i);
      else if (attribute == "category")
        offer(i, "order_line", "category");
      return;
    }
    if (attribute == "description") {
      const bool names_product =
          !has_column("product", "name") && (has("product", key_field) || has_column("*", "sku"));
      offer(i, names_product ? "product" : "order_line", names_product ? "name" : "description");
      return;
    }
    static constexpr std::string_view not_of_customers[] = {"notes",   "title",  "since",   "opened",
                                                            "channel", "parent", "founded", "revenue"};
    const bool other =
        std::find(std::begin(not_of_customers), std::end(not_of_customers), attribute) != std::end(not_of_customers);
    if (other || (!has("customer", key_field) && !names_customer())) return;
    if (attribute == "region" && !depends_on_customer(i)) {
      offer_reference(i, "territory", "self");
      return;
    }
    if (depends_on_customer(i)) aim_customer(i);
  }

  bool names_product() const {
    return has("product", key_field) || has_column("product", "self") || has_column("product", "name") ||
           has_column("*", "sku");
  }
  bool has_column(std::string_view subject, std::string_view attribute) const {
    return table_.column_of(subject, attribute) != npos;
  }
  bool has_date_column() const {
    for (std::size_t i = 0; i < table_.readings.size(); ++i)
      if (reading(i).attribute == "date" && (reading(i).subject.empty() || reading(i).subject == "order")) return true;
    return false;
  }
  bool names_customer() const { return has_column("customer", "self") || has_column("customer", "name"); }

  bool depends_on_customer(std::size_t i) const {
    const ColumnTarget* key = table_.target("customer", key_field);
    const std::size_t at = key != nullptr                                 ? key->column
                           : table_.column_of("customer", "self") != npos ? table_.column_of("customer", "self")
                                                                          : table_.column_of("customer", "name");
    return at != npos && dependence(table_.profile.sample, at, i).share >= .95;
  }

  void aim_in_customers(std::size_t i) {
    const std::string_view subject = reading(i).subject, attribute = reading(i).attribute;
    if (subject == "staff" && attribute == "self" && column(i).numeric()) {
      offer(i, "customer", "employees");
    } else if (subject == "staff" || (subject == "manager" && !has("user", key_field))) {
      aim_user(i);
    } else if (subject == "territory") {
      offer_reference(i, "territory", attribute);
    } else if (subject.empty() || subject == "customer" || subject == "person") {
      if (attribute == "category" && tells_gender(table_.profile.sample, i) && offer(i, "customer", "gender")) return;
      if ((attribute == "category" || attribute == "segment") && offer(i, "customer", "kind")) return;
      aim_customer(i);
    }
    if (attribute == "location" && tells_country(table_.profile.sample, i)) offer(i, "customer", "country");
  }

  // A company's name is the customer's where no person is named.
  void settle_customers() {
    const std::size_t company = table_.column_of("*", "company");
    const bool person = has("customer", "given_name") || has("customer", "family_name");
    if (company != npos && !table_.claimed(company) && !person && !has("customer", "name")) {
      put(company, "customer", "name");
      if (!has("customer", key_field) && column(company).key_like()) put(company, "customer", key_field);
    }
    if (!has("customer", key_field)) {
      for (std::size_t i = 0; i < table_.readings.size(); ++i)
        if (!table_.claimed(i) && column(i).unique() && fold(column(i).name).ends_with("id"))
          return put(i, "customer", key_field);
    }
  }

  void aim_in_products(std::size_t i) {
    const std::string_view subject = reading(i).subject;
    if (subject.empty() || subject == "product") aim_product(i);
  }

  void aim_in_users(std::size_t i) {
    const std::string_view subject = reading(i).subject, attribute = reading(i).attribute;
    const bool leads_others = table_.column_of("staff", "self") != npos || table_.column_of("staff", "id") != npos ||
                              table_.column_of("staff", "name") != npos || has("user", key_field);
    if (subject == "manager" && leads_others) {
      if (attribute != "self" && attribute != "id" && attribute != "name") return;
      offer(i, refers_to_key(i) ? "user" : "team", refers_to_key(i) ? "manager_id" : "manager_name");
    } else if (subject == "team") {
      if (attribute == "self" || attribute == "id" || attribute == "name" || attribute == "city" ||
          attribute == "location")
        offer_reference(i, "team", attribute == "id" ? "id" : "self");
    } else if (subject == "territory" || (subject.empty() && attribute == "region" && !has_column("", "city"))) {
      offer_reference(i, "territory", attribute == "id" ? "id" : "self");
    } else if (subject.empty() || subject == "staff" || subject == "person" || subject == "manager") {
      aim_user(i);
    }
  }

  // Whether the values are keys (or names that are keys) of the table's own records.
  bool refers_to_key(std::size_t i) const {
    const ColumnTarget* key = table_.target("user", key_field);
    if (key == nullptr) return false;
    const auto keys = table_.profile.sample.values(key->column, 1'000'000);
    std::size_t found = 0, all = 0;
    for (const auto& [value, rows] : table_.profile.sample.values(i, 1'000'000)) {
      ++all;
      found += keys.count(value) > 0;
    }
    return all > 0 && found * 2 >= all;
  }

  template <std::size_t Count>
  void aim_with_references(std::size_t i, std::string_view own, const AttributeField (&fields)[Count]) {
    const std::string_view subject = reading(i).subject, attribute = reading(i).attribute;
    const std::string_view entity = entity_of(subject);
    if (subject.empty() || subject == own || (subject == "order" && attribute != "id" && attribute != "self")) {
      if (own == "return" && attribute == "self" && column(i).guess.boolean())
        return put(i, "", "", "says that the row is a return, as the file does");
      if (attribute == "region") return static_cast<void>(offer_reference(i, "territory", "self"));
      if (attribute == "sku") return static_cast<void>(offer(i, "product", key_field));
      offer(i, own, field_of(fields, attribute));
    } else if (!entity.empty()) {
      offer_reference(i, entity, attribute);
    }
  }

  void settle_lines() {
    if (!has("customer", key_field)) find_unnamed_customer();
    if (!has("order_line", "quantity")) find_unnamed_quantity();
    price_or_amount();
  }

  // Somebody or something tells of several sales: without a better candidate that is the buyer.
  void find_unnamed_customer() {
    for (std::size_t i = 0; i < table_.readings.size(); ++i) {
      const bool id = (reading(i).subject.empty() && reading(i).attribute == "id") ||
                      (!reading(i).known() && fold(column(i).name).ends_with("id"));
      if (!id || table_.claimed(i) || column(i).unique() || column(i).filled == 0 || refers_elsewhere(i)) continue;
      return put(i, "customer", key_field, "an id that several sales share: taken for the buyer");
    }
  }

  bool refers_elsewhere(std::size_t i) const {
    return std::any_of(tables_.begin(), tables_.end(), [&](const TableUnderstanding& other) {
      return &other != &table_ && other.key_column != npos && other.kind != "customer" &&
             fold(other.profile.columns[other.key_column].name) == fold(column(i).name);
    });
  }

  // Beside an amount, the one column of small whole numbers that nothing else explains counts the units.
  void find_unnamed_quantity() {
    if (!has("order_line", "amount") && !has("order_line", "price")) return;
    std::size_t found = npos;
    for (std::size_t i = 0; i < table_.readings.size(); ++i) {
      const ColumnProfile& c = column(i);
      if (table_.claimed(i) || reading(i).known() || !c.numeric() || !c.guess.integer() || c.unique() ||
          c.distinct > 1'000 || c.distinct < 2 || fold(c.name).ends_with("id") || depends_on_customer(i))
        continue;
      if (found != npos) return;
      found = i;
    }
    if (found != npos)
      put(found, "order_line", "quantity", "small whole numbers beside an amount: taken for the quantity");
  }

  // Without a product, a "price" that grows with the quantity is what the whole line came to.
  void price_or_amount() {
    if (has("order_line", "amount") || has("product", key_field)) return;
    const ColumnTarget* quantity = table_.target("order_line", "quantity");
    const ColumnTarget* price = table_.target("order_line", "price");
    if (quantity == nullptr || price == nullptr) return;
    const auto format = column(price->column).guess.likely_number(.9);
    double sum[2] = {0, 0};
    std::size_t rows[2] = {0, 0};
    for (std::size_t row = 0; row < table_.profile.sample.rows(); ++row) {
      const std::string_view units = table_.profile.sample.cell(row, quantity->column);
      const auto value = read_number(table_.profile.sample.cell(row, price->column), *format);
      if (!value || (units != "1" && units != "2")) continue;
      sum[units == "2"] += value->to_double();
      ++rows[units == "2"];
    }
    if (rows[0] < 30 || rows[1] < 30) return;
    const double ratio = sum[1] / static_cast<double>(rows[1]) / (sum[0] / static_cast<double>(rows[0]));
    if (ratio < 1.6) return;
    for (ColumnTarget& target : table_.targets)
      if (target.is("order_line", "price")) {
        target.field = "amount";
        target.note = "grows with the quantity: taken for what the line came to";
      }
  }

  // What nobody understands is kept as a custom field of the record that it depends on.
  void finish() {
    for (std::size_t i = 0; i < table_.readings.size(); ++i) {
      if (table_.claimed(i)) continue;
      if (column(i).filled == 0 && column(i).guess.seen() == 0) {
        put(i, "", "", "every cell is blank");
        continue;
      }
      ColumnTarget target{i, record_of(i), custom_field_name(column(i).name), "kept as a custom field"};
      target.custom = true;
      table_.targets.push_back(std::move(target));
    }
  }

  std::string record_of(std::size_t i) const {
    if (table_.kind != "order_line") return table_.kind;
    const auto follows = [&](std::string_view entity, double share) {
      const ColumnTarget* key = table_.target(entity, key_field);
      if (key == nullptr || column(i).distinct < 2) return false;
      const Dependence found = dependence(table_.profile.sample, key->column, i);
      return found.keys >= 10 && found.share >= share;
    };
    if (follows("customer", .99)) return "customer";
    if (follows("product", .99)) return "product";
    if (follows("order", .99)) return "order";
    return "order_line";
  }

  TableUnderstanding& table_;
  const Schema& schema_;
  const std::vector<TableUnderstanding>& tables_;
};

}  // namespace

bool fits(const ColumnProfile& column, const Sample& sample, std::size_t at, const Field& field) {
  if (column.guess.seen() == 0) return true;
  switch (field.type) {
    case Type::integer:
    case Type::decimal:
    case Type::real:
      return column.mostly_numeric() && !column.guess.leading_zeros();
    case Type::date:
    case Type::instant:
      return column.dated();
    case Type::boolean:
      return column.guess.boolean();
    case Type::text:
      break;
    default:
      return true;
  }
  if (field.name == "gender") return sample.values(at, 12).size() > 0;
  if (field.choices.empty()) return true;
  const auto values = sample.values(at, 50);
  const bool party = field.name == "kind" && field.choices.front() == party_kind_of(field.choices.front());
  return !values.empty() && std::all_of(values.begin(), values.end(), [&](const auto& value) {
    if (party) return !party_kind_of(value.first).empty();
    return std::find(field.choices.begin(), field.choices.end(), fold(value.first)) != field.choices.end();
  });
}

void aim_columns(TableUnderstanding& table, const Schema& schema, const std::vector<TableUnderstanding>& tables) {
  if (table.kind.empty() || table.kind == lookup_kind) return;
  Aim(table, schema, tables).run();
}

}  // namespace emptor::desk
