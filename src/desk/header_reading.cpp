#include "desk/header_reading.hpp"

#include <algorithm>
#include <array>

#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::string_view subjects[] = {"customer",    "person",   "staff",   "manager", "team",
                                         "territory",   "product",  "order",   "line",    "return",
                                         "opportunity", "supplier", "carrier", "payment"};

bool is_subject(std::string_view concept_name) {
  return std::find(std::begin(subjects), std::end(subjects), concept_name) != std::end(subjects);
}

struct Phrase {
  std::string_view concepts;  // in any order
  std::string_view attribute;
};

// What may follow a subject or stand alone. Single concepts that are not listed are their own attribute.
constexpr Phrase phrases[] = {
    {"given name", "given"},
    {"first name", "given"},
    {"family name", "family"},
    {"last name", "family"},
    {"full name", "name"},
    {"first", "given"},
    {"last", "family"},
    {"description name", "name"},
    {"company name", "company"},
    {"contact name", "contact"},
    {"contact given", "contact_given"},
    {"contact family", "contact_family"},
    {"contact given name", "contact_given"},
    {"contact family name", "contact_family"},
    {"contact title", "contact_title"},
    {"date time", "date"},
    {"ship date", "shipped"},
    {"ship time", "shipped"},
    {"ship date time", "shipped"},
    {"due date", "due"},
    {"due time", "due"},
    {"due ship date", "due"},
    {"due ship", "due"},
    {"payment date", "paid_at"},
    {"payment time", "paid_at"},
    {"payment mode", "payment"},
    {"ship mode", "mode"},
    {"ship cost", "freight"},
    {"ship amount", "freight"},
    {"ship price", "freight"},
    {"freight cost", "freight"},
    {"freight amount", "freight"},
    {"sale", "amount"},
    {"sale amount", "amount"},
    {"amount price", "amount"},
    {"amount line", "amount"},
    {"payment amount", "amount"},
    {"revenue sale", "revenue"},
    {"amount revenue", "revenue"},
    {"annual revenue", "revenue"},
    {"sale price", "price"},
    {"sale quantity", "quantity"},
    {"amount quantity", "quantity"},
    {"cost price", "cost"},
    {"amount cost", "total_cost"},
    {"amount profit", "profit"},
    {"amount discount", "discount"},
    {"quantity stock", "stock"},
    {"currency id", "currency"},
    {"sale channel", "channel"},
    {"postal id", "postal"},
    {"address postal", "postal"},
    {"postal title", "postal"},
    {"address city", "city"},
    {"address country", "country"},
    {"address state", "state"},
    {"address email", "email"},
    {"phone id", "phone"},
    {"mobile id", "mobile"},
    {"mobile phone", "mobile"},
    {"mobile phone id", "mobile"},
    {"fax id", "fax"},
    {"contact phone", "phone"},
    {"contact phone id", "phone"},
    {"contact email", "email"},
    {"contact mobile", "mobile"},
    {"contact address", "address"},
    {"country id", "country"},
    {"country name", "country"},
    {"country region", "country"},
    {"region state", "state"},
    {"state id", "state"},
    {"state name", "state"},
    {"city name", "city"},
    {"birth date", "birth"},
    {"birth year", "birth_year"},
    {"marital status", "marital"},
    {"education level", "education"},
    {"annual income", "income"},
    {"founded year", "founded"},
    {"founded date", "founded"},
    {"since date", "since"},
    {"since time", "since"},
    {"hire date", "hired"},
    {"hire", "hired"},
    {"open date", "opened"},
    {"open time", "opened"},
    {"open", "opened"},
    {"close date", "closed"},
    {"close time", "closed"},
    {"close", "closed"},
    {"close amount", "amount"},
    {"close reason", "reason"},
    {"industry name", "industry"},
    {"tier level", "tier"},
    {"level", "tier"},
    {"category name", "category"},
    {"category description", "category"},
    {"category id", "category_id"},
    {"subcategory name", "subcategory"},
    {"subcategory id", "subcategory_id"},
    {"category subcategory", "subcategory"},
    {"brand name", "brand"},
    {"sku id", "sku"},
    {"sku name", "name"},
    {"title name", "title"},
    {"occupation title", "title"},
    {"row id", "row"},
    {"id row", "row"},
    {"language id", "language"},
    {"segment name", "segment"},
    {"due open date", "due"},
};

// Parts of a name that say nothing more once there is an attribute: "SalesTerritoryKey", "sales_agent".
constexpr std::string_view colours[] = {"sale", "contact"};

bool same_set(const Concepts& concepts, std::string_view phrase) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < phrase.size(); ++count) {
    const std::size_t end = std::min(phrase.find(' ', at), phrase.size());
    if (std::find(concepts.begin(), concepts.end(), phrase.substr(at, end - at)) == concepts.end()) return false;
    at = end + 1;
  }
  return count == concepts.size();
}

std::string_view attribute_of(const Concepts& concepts) {
  if (concepts.empty()) return "self";
  if (std::find(concepts.begin(), concepts.end(), unknown_concept) != concepts.end()) return {};
  for (const Phrase& phrase : phrases)
    if (same_set(concepts, phrase.concepts)) return phrase.attribute;
  return concepts.size() == 1 ? concepts.front() : std::string_view();
}

std::string_view without_colours(Concepts concepts) {
  std::erase_if(concepts, [](std::string_view c) {
    return std::find(std::begin(colours), std::end(colours), c) != std::end(colours);
  });
  return attribute_of(concepts);
}

// "territory" is spoken of as a region too, where it has a key or a name of its own.
bool names_territory(const Concepts& concepts) {
  return same_set(concepts, "region id") || same_set(concepts, "region name") ||
         same_set(concepts, "region description") || same_set(concepts, "region sale");
}

}  // namespace

Reading read_header(std::string_view header) {
  Concepts concepts = concepts_of(header);
  if (concepts.empty()) return {};
  if (names_territory(concepts)) return {"territory", same_set(concepts, "region id") ? "id" : "name"};
  if (same_set(concepts, "region manager") || same_set(concepts, "manager name region")) return {"manager", "self"};
  // The last subject is the one spoken of: "order_customer_id" is the customer's.
  std::string_view subject;
  for (const std::string_view c : concepts)
    if (is_subject(c)) subject = c;
  if (subject == "line" && same_set(concepts, "order line id")) return {"line", "number"};
  Concepts rest;
  for (const std::string_view c : concepts)
    if (!is_subject(c)) rest.push_back(c);
  // "payment" and "return" qualify as well as name: "PaymentMethod", "payment date".
  if (subject == "payment") {
    rest.push_back("payment");
    if (const std::string_view attribute = attribute_of(rest); !attribute.empty()) return {{}, attribute};
    rest.pop_back();
  }
  std::string_view attribute = attribute_of(rest);
  if (attribute.empty() || (attribute == "amount" && subject == "staff")) attribute = without_colours(rest);
  if (subject == "supplier" || subject == "carrier") return {subject, attribute.empty() ? "other" : attribute};
  if (attribute.empty()) return {};
  return {subject, attribute};
}

std::string_view subject_of_table(std::string_view table_name) {
  const std::size_t table = table_name.rfind('#');
  std::string_view stem = table == std::string_view::npos ? table_name : table_name.substr(table + 1);
  if (table == std::string_view::npos) stem = stem.substr(0, std::min(stem.find(".csv"), stem.rfind('.')));
  std::string_view subject;
  for (const std::string_view c : concepts_of(stem)) {
    const bool names_kind =
        is_subject(c) || c == "category" || c == "subcategory" || c == "region" || c == "calendar" || c == "dictionary";
    if (names_kind)
      subject = c;
    else if (c == "sale" && subject.empty())
      subject = "order";
  }
  return subject;
}

std::string custom_field_name(std::string_view header) {
  std::string name;
  for (const std::string& word : words_of(header)) {
    if (!name.empty()) name += '_';
    for (std::size_t at = 0; at < word.size();) {
      const char32_t c = next_code_point(word, at);
      if (c < 0x80) {
        name += static_cast<char>(c);
        continue;
      }
      static constexpr std::array digits = {'0', '1', '2', '3', '4', '5', '6', '7',
                                            '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
      name += 'u';
      for (int shift = c > 0xffff ? 16 : 12; shift >= 0; shift -= 4) name += digits[(c >> shift) & 15];
    }
  }
  if (name.empty()) name = "column";
  if (name.size() > 56) name.resize(56);
  return name.starts_with("x_") ? name : "x_" + name;  // an exported custom field comes home
}

}  // namespace emptor::desk
