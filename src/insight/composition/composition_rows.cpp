#include "insight/composition/composition_rows.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/long_call.hpp"
#include "emptor/core/country.hpp"
#include "emptor/core/error.hpp"
#include "insight/composition/composition_purchases.hpp"
#include "insight/composition/group_column.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/stored_details.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_a_batch = 10'000;
constexpr std::size_t most_groups_read = 50'000;  // beyond it a field names customers rather than groups
constexpr std::array<std::string_view, 12> known_names = {"kind",    "stage",    "tier",   "industry",
                                                          "gender",  "age_band", "source", "tenure",
                                                          "country", "region",   "city",   "postal_area"};
constexpr std::size_t first_place = 8;  // among them
constexpr std::array<std::string_view, 5> text_names = {"kind", "stage", "tier", "industry", "gender"};

struct Band {
  std::int32_t below;
  std::string_view name;
};
constexpr Band ages[] = {{18, "0-17"}, {25, "18-24"}, {35, "25-34"}, {45, "35-44"}, {55, "45-54"}, {65, "55-64"}};
constexpr Band tenures[] = {{90, "0-3 months"}, {365, "3-12 months"}, {730, "1-2 years"}, {1'826, "2-5 years"}};

template <std::size_t N>
std::string_view band_of(const Band (&bands)[N], std::int32_t value, std::string_view beyond) {
  for (const Band& band : bands)
    if (value < band.below) return band.name;
  return beyond;
}

std::int32_t years_between(Date birth, Date day) {
  const bool had = std::pair(day.month(), day.day()) >= std::pair(birth.month(), birth.day());
  return day.year() - birth.year() - (had ? 0 : 1);
}

struct Address {
  std::string country, region, city, postal_code;
  bool preferred = false;
};

bool is_dimension(const Field& field) {
  const bool type = field.type == Type::text || field.type == Type::boolean || field.type == Type::integer;
  return type && field.number >= system_field::count && !field.has(field_flag::personal) &&
         !field.has(field_flag::system) && !field.has(field_flag::unique) && field.reference.empty();
}

class CompositionReader {
 public:
  CompositionReader(const View& view, const Facts& facts, const CompositionWindow& window, std::size_t characters)
      : view_(view), facts_(facts), window_(window), postal_characters_(characters) {}

  CompositionRows read(const std::vector<std::string>& by) {
    out_.data_version = facts_.data_version;
    read_customers();
    plan(by);
    read_addresses();
    read_purchases();
    read_fields();
    for (GroupColumn& one : columns_) {
      if (one.groups() > most_groups_read) refuse(one.take().name, "has too many values for groups");
      if (!by.empty() || !one.empty()) out_.dimensions.push_back(one.take());
    }
    return std::move(out_);
  }

 private:
  [[noreturn]] static void refuse(const std::string& name, std::string_view why) {
    std::string known;
    for (const std::string_view one : known_names) known += (known.empty() ? "" : ", ") + std::string(one);
    throw Error(
        Problem{.code = Code::invalid,
                .message = "'" + name + "' " + std::string(why),
                .field = "by",
                .hint = "known are " + known + ", and fields of customers of few values that are not personal"});
  }

  void read_customers() {
    each_row(view_, {.entity = "customer", .fields = {"version"}, .limit = rows_a_batch},
             [&](const Batch& batch, std::size_t i) {
               out_.customer.push_back(batch.ids[i].value);
               out_.data_version = std::max(out_.data_version, batch.columns[0].bits[i]);
             });
  }

  void plan(const std::vector<std::string>& by) {
    const Entity& entity = view_.schema().entity("customer");
    const std::vector<std::string> all(known_names.begin(), known_names.end());
    for (const std::string& name : by.empty() ? all : by) {
      const auto known =
          static_cast<std::size_t>(std::find(known_names.begin(), known_names.end(), name) - known_names.begin());
      if (known == known_names.size()) {
        const auto field = std::find_if(entity.fields.begin(), entity.fields.end(),
                                        [&](const Field& one) { return one.name == name; });
        if (field == entity.fields.end()) refuse(name, "is no field of customers");
        if (!is_dimension(*field)) refuse(name, "is a field that makes no groups");
      }
      columns_.emplace_back(name, known >= first_place && known < known_names.size(), out_.size());
      names_.push_back(name);
    }
  }

  std::optional<std::size_t> row_of(std::int64_t customer) const {
    const auto at = std::lower_bound(out_.customer.begin(), out_.customer.end(), customer);
    if (at == out_.customer.end() || *at != customer) return std::nullopt;
    return static_cast<std::size_t>(at - out_.customer.begin());
  }

  /// The preferred address, else the first.
  void read_addresses() {
    const Query query{.entity = "contact_point",
                      .where = Where::equal("channel", "address"),
                      .fields = {"customer_id", "version", "preferred", "country", "region", "city", "postal_code"},
                      .limit = rows_a_batch};
    each_row(view_, query, [&](const Batch& batch, std::size_t i) {
      out_.data_version = std::max(out_.data_version, batch.columns[1].bits[i]);
      const std::optional<std::size_t> row = row_of(batch.columns[0].bits[i]);
      if (!row) return;
      const Value preferred = batch.columns[2].value(i);
      const bool first_choice = preferred.present() && preferred.boolean();
      const auto [at, fresh] = addresses_.try_emplace(*row);
      if (!fresh && (at->second.preferred || !first_choice)) return;
      const auto text = [&](std::size_t column) { return std::string(batch.columns[column].text(i)); };
      at->second = {text(3), text(4), text(5), text(6), first_choice};
    });
  }

  void read_purchases() {
    const CustomerLines lines = lines_of(facts_);
    const LineDetails details = read_line_details(view_, facts_);
    out_.data_version = std::max(out_.data_version, details.data_version);
    const auto order_of = [&](std::size_t n, std::size_t i, const TimedLine&) { return facts_.of(n).order[i]; };
    const CompositionSource source{lines, details, [&](std::int64_t customer) { return row_of(customer); }, order_of};
    first_day_ = add_purchases(source, window_, out_);
  }

  /// Every field that any dimension needs, read once.
  void read_fields() {
    std::vector<std::string> fields = {"country", "region", "city", "postal_code", "birth_date",
                                       "age",     "since",  "kind", "source"};
    for (const std::string_view name : text_names) fields.emplace_back(name);
    for (const std::string& name : names_) fields.push_back(name);
    std::erase_if(fields, [&](const std::string& name) { return !view_.schema().entity("customer").find(name); });
    std::sort(fields.begin(), fields.end());
    fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
    std::size_t row = 0;
    const Query query{.entity = "customer", .fields = fields, .limit = rows_a_batch};
    each_row(view_, query, [&](const Batch& batch, std::size_t i) {
      if (i == 0) beat("composition", row, out_.size());
      const auto cell = [&](std::string_view name) {
        const auto at = std::lower_bound(fields.begin(), fields.end(), name);
        return batch.columns[static_cast<std::size_t>(at - fields.begin())].value(i);
      };
      const Address address = address_of(row, cell);
      for (std::size_t d = 0; d < names_.size(); ++d) columns_[d].add(row, group_of(names_[d], row, address, cell));
      ++row;
    });
  }

  template <class Cell>
  Address address_of(std::size_t row, const Cell& cell) const {
    const auto found = addresses_.find(row);
    Address address = found == addresses_.end() ? Address() : found->second;
    const auto fill = [&](std::string& part, const char* field) {
      if (part.empty()) part = cell(field).text();
    };
    fill(address.country, "country");
    fill(address.region, "region");
    fill(address.city, "city");
    fill(address.postal_code, "postal_code");
    if (const std::string_view code = country_code(address.country); !code.empty()) address.country = code;
    return address;
  }

  static std::string placed(const std::string& place, const std::string& country) {
    return place.empty() || country.empty() ? place : place + " (" + country + ")";
  }

  template <class Cell>
  std::string group_of(const std::string& name, std::size_t row, const Address& address, const Cell& cell) const {
    if (name == "country") return address.country;
    if (name == "region") return placed(address.region, address.country);
    if (name == "city") return placed(address.city, address.country);
    if (name == "postal_area") return placed(postal_area(address.postal_code), address.country);
    if (name == "age_band") return age_band(cell);
    if (name == "tenure") return tenure(row, cell);
    const Value value = cell(name);
    if (!value.present()) return {};
    if (value.type() == Type::boolean) return value.boolean() ? "true" : "false";
    return value.type() == Type::integer ? std::to_string(value.integer()) : std::string(value.text());
  }
  /// The first characters, whole ones.
  std::string postal_area(const std::string& code) const {
    std::size_t end = 0;
    for (std::size_t taken = 0; end < code.size(); ++end) {
      const bool starts = (static_cast<unsigned char>(code[end]) & 0xC0U) != 0x80U;
      if (starts && taken++ == postal_characters_) break;
    }
    return code.substr(0, end);
  }
  template <class Cell>
  std::string age_band(const Cell& cell) const {
    if (cell("kind").text() == "organisation") return {};
    const Value birth = cell("birth_date"), age = cell("age");
    if (!birth.present() && !age.present()) return {};
    const auto years = birth.present() ? years_between(birth.date(), {window_.last})
                                       : static_cast<std::int32_t>(std::clamp<std::int64_t>(age.integer(), -1, 200));
    return years < 0 ? std::string() : std::string(band_of(ages, years, "65+"));
  }
  template <class Cell>
  std::string tenure(std::size_t row, const Cell& cell) const {
    const Value since = cell("since");
    if (!since.present() && first_day_[row] == CompositionRows::never) return {};
    const std::int32_t from = since.present() ? zone_.date_of(since.instant()).days : first_day_[row];
    return from > window_.last ? std::string() : std::string(band_of(tenures, window_.last - from, "5 years or more"));
  }

  const View& view_;
  const Facts& facts_;
  const CompositionWindow& window_;
  Zone zone_ = Zone::of(view_.info().zone);
  std::size_t postal_characters_;
  CompositionRows out_;
  std::vector<std::string> names_;
  std::vector<GroupColumn> columns_;
  std::vector<std::int32_t> first_day_;
  std::map<std::size_t, Address> addresses_;
};

}  // namespace

CompositionRows read_composition(const View& view, const Facts& facts, const CompositionWindow& window,
                                 const std::vector<std::string>& by, std::size_t postal_characters) {
  return CompositionReader(view, facts, window, postal_characters).read(by);
}

}  // namespace emptor
