/// Options described once: from the description of a struct's members follow the JSON Schema, the reader and the writer
/// of its options.
///
///     const OptionTable<KmeansOptions> table = OptionTable<KmeansOptions>()
///         .add("k", &KmeansOptions::k, {1}, "clusters")
///         .choice("start", &KmeansOptions::start, {"plus_plus", "parallel"}, "where the centres begin");
///     const KmeansOptions options = table.read(R"({"k":5})");
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.hpp"
#include "emptor/core/error.hpp"

namespace emptor::mine {

/// What a number may be; of a list, each of its numbers.
struct Bounds {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

/// A number of JSON as one of C++. Throws Code::invalid, naming the option.
template <class Number>
Number number_option(const boost::json::value& value, std::string_view option) {
  boost::json::error_code beyond;
  const auto number = value.to_number<Number>(beyond);
  if (!beyond) return number;
  throw Error(Problem{.code = Code::invalid,
                      .message = "the option '" + std::string(option) + "' is a number that cannot be held",
                      .field = std::string(option)});
}

template <class Options>
class OptionTable {
 public:
  /// A number, truth, text, or list of these; an array of JSON is a list of whole numbers and texts, as given, and a
  /// value of JSON one of them (null: not given).
  template <class Member>
  OptionTable& add(std::string_view name, Member Options::*member, Bounds bounds, std::string_view doc) {
    return put(name, schema_of<Member>(bounds), doc,
               {[=](const boost::json::value& from, Options& to) { read_member(from, name, to.*member); },
                [=](const Options& from) { return boost::json::value_from(from.*member); }});
  }
  template <class Member>
  OptionTable& add(std::string_view name, Member Options::*member, std::string_view doc) {
    constexpr bool counts = std::unsigned_integral<Member> && !std::same_as<Member, bool>;
    return add(name, member, counts ? Bounds{0} : Bounds{}, doc);
  }
  /// An enumeration, by the names of its values in their order.
  template <class Enum>
  OptionTable& choice(std::string_view name, Enum Options::*member, std::initializer_list<std::string_view> names,
                      std::string_view doc) {
    const std::vector<std::string_view> all(names);
    boost::json::array allowed;
    for (const std::string_view one : all) allowed.emplace_back(one);
    return put(
        name, {{"type", "string"}, {"enum", allowed}}, doc,
        {[=](const boost::json::value& from, Options& to) {
           for (std::size_t i = 0; i < all.size(); ++i)
             if (from.as_string() == all[i]) to.*member = static_cast<Enum>(i);
         },
         [=](const Options& from) { return boost::json::value(all.at(static_cast<std::size_t>(from.*member))); }});
  }
  /// All that describes a struct which is a member, as options of this one; but for these, which keep their defaults.
  template <class Inner>
  OptionTable& all_of(Inner Options::*member, const OptionTable<Inner>& inner,
                      std::initializer_list<std::string_view> but = {}) {
    for (const auto& one : inner.entries()) {
      if (std::find(but.begin(), but.end(), one.name) != but.end()) continue;
      auto read = one.read;
      auto write = one.write;
      entries_.push_back({one.name, one.schema,
                          [=](const boost::json::value& from, Options& to) { read(from, to.*member); },
                          [=](const Options& from) { return write(from.*member); }});
    }
    return *this;
  }

  std::string schema() const {
    boost::json::object properties;
    for (const Entry& entry : entries_) {
      boost::json::object property = entry.schema;
      if (const boost::json::value value = entry.write(Options{}); tells(value, property))
        property.emplace("default", value);
      properties.emplace(entry.name, std::move(property));
    }
    return boost::json::serialize(boost::json::object{{"type", "object"}, {"properties", std::move(properties)}});
  }
  /// The options that an object holds, over the defaults. An empty text is none. Throws Code::invalid with every fault.
  Options read(std::string_view json, Options options = {}) const {
    const boost::json::object given = checked_options(schema(), json.empty() ? "{}" : json);
    for (const Entry& entry : entries_)
      if (const boost::json::value* value = given.if_contains(entry.name)) entry.read(*value, options);
    return options;
  }
  boost::json::object write(const Options& options) const {
    boost::json::object all;
    for (const Entry& entry : entries_) all.emplace(entry.name, entry.write(options));
    return all;
  }

  struct Entry {
    std::string_view name;
    boost::json::object schema;
    std::function<void(const boost::json::value&, Options&)> read;
    std::function<boost::json::value(const Options&)> write;
  };
  const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  struct Ways {
    std::function<void(const boost::json::value&, Options&)> read;
    std::function<boost::json::value(const Options&)> write;
  };

  OptionTable& put(std::string_view name, boost::json::object schema, std::string_view doc, Ways ways) {
    schema.emplace("description", doc);
    entries_.push_back({name, std::move(schema), std::move(ways.read), std::move(ways.write)});
    return *this;
  }

  /// Whether a default says anything: an empty list or text does not, nor does a number that must be given.
  static bool tells(const boost::json::value& value, const boost::json::object& schema) {
    if (value.is_null()) return false;
    if (value.is_array()) return !value.get_array().empty();
    if (value.is_string()) return !value.get_string().empty();
    const boost::json::value* least = schema.if_contains("minimum");
    return least == nullptr || value.to_number<double>() >= least->to_number<double>();
  }

  template <class Member>
  static boost::json::object schema_of(Bounds bounds) {
    if constexpr (std::same_as<Member, boost::json::array>) {
      return {{"type", "array"}, {"items", {{"type", {"integer", "string"}}}}};
    } else if constexpr (std::same_as<Member, boost::json::value>) {
      return {{"type", {"integer", "string"}}};
    } else if constexpr (requires { typename Member::value_type; } && !std::same_as<Member, std::string>) {
      return {{"type", "array"}, {"items", schema_of<typename Member::value_type>(bounds)}};
    } else {
      boost::json::object schema{{"type", type_of<Member>()}};
      if (bounds.least > -std::numeric_limits<double>::infinity())
        schema.emplace("minimum", bound<Member>(bounds.least));
      if (bounds.most < std::numeric_limits<double>::infinity()) schema.emplace("maximum", bound<Member>(bounds.most));
      return schema;
    }
  }
  template <class Member>
  static boost::json::value bound(double at) {
    if constexpr (std::integral<Member>) return static_cast<std::int64_t>(at);
    return at;
  }
  template <class Member>
  static constexpr std::string_view type_of() {
    if constexpr (std::same_as<Member, bool>) return "boolean";
    if constexpr (std::same_as<Member, std::string>) return "string";
    return std::integral<Member> ? "integer" : "number";
  }

  template <class Member>
  static void read_member(const boost::json::value& from, std::string_view name, Member& to) {
    if constexpr (std::same_as<Member, bool>) {
      to = from.as_bool();
    } else if constexpr (std::same_as<Member, std::string>) {
      to = from.as_string();
    } else if constexpr (std::same_as<Member, boost::json::value>) {
      to = from;
    } else if constexpr (std::same_as<Member, boost::json::array>) {
      to = from.as_array();
    } else if constexpr (requires { typename Member::value_type; }) {
      to.clear();
      for (const boost::json::value& one : from.as_array()) read_member(one, name, to.emplace_back());
    } else {
      to = number_option<Member>(from, name);
    }
  }

  std::vector<Entry> entries_;
};

}  // namespace emptor::mine
