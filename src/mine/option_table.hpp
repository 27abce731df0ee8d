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
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/options.hpp"
#include "emptor/core/error.hpp"

namespace emptor::mine {

/// What a number may be; of a list, each of its numbers.
struct Bounds {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

[[noreturn]] void refuse_number(std::string_view option);

/// A number of JSON as one of C++. Throws Code::invalid, naming the option.
template <class Number>
Number number_option(const boost::json::value& value, std::string_view option) {
  boost::json::error_code beyond;
  const auto number = value.to_number<Number>(beyond);
  if (beyond) refuse_number(option);
  return number;
}

struct OptionEntry;

/// How members of one type are described, read and written, whatever struct they are of.
struct OptionKind {
  std::string_view type;  ///< of JSON; empty: a whole number or a text, as given
  bool list = false;      ///< of these
  void (*read)(const OptionEntry& entry, const boost::json::value& from, void* to) = nullptr;
  boost::json::value (*write)(const OptionEntry& entry, const void* from) = nullptr;
};

struct OptionEntry {
  std::string_view name;
  const OptionKind* kind = nullptr;
  std::size_t offset = 0;                    ///< of the member in its struct
  std::vector<std::string_view> names = {};  ///< of an enumeration's values
  boost::json::object schema = {};
};

namespace option {

template <class Member>
void read_member(std::string_view name, const boost::json::value& from, Member& to) {
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
    for (const boost::json::value& one : from.as_array()) read_member(name, one, to.emplace_back());
  } else {
    to = number_option<Member>(from, name);
  }
}

template <class Member>
constexpr bool is_list = requires {
  typename Member::value_type;
}
&&!std::same_as<Member, std::string> && !std::same_as<Member, boost::json::value>;

template <class Member>
constexpr std::string_view type_of() {
  if constexpr (std::same_as<Member, bool>) return "boolean";
  if constexpr (std::same_as<Member, std::string>) return "string";
  if constexpr (std::integral<Member>) return "integer";
  if constexpr (std::floating_point<Member>) return "number";
  return {};
}

template <class Member>
constexpr std::string_view item_type_of() {
  if constexpr (is_list<Member>) {
    return type_of<typename Member::value_type>();
  } else {
    return type_of<Member>();
  }
}

template <class Member>
constexpr OptionKind kind_of{
    item_type_of<Member>(), is_list<Member>,
    [](const OptionEntry& entry, const boost::json::value& from, void* to) {
      read_member(entry.name, from, *static_cast<Member*>(to));
    },
    [](const OptionEntry&, const void* from) { return boost::json::value_from(*static_cast<const Member*>(from)); }};

template <class Number>
constexpr OptionKind enumeration_of{"string", false,
                                    [](const OptionEntry& entry, const boost::json::value& from, void* to) {
                                      const auto at =
                                          std::find(entry.names.begin(), entry.names.end(), from.as_string());
                                      if (at != entry.names.end())
                                        *static_cast<Number*>(to) = static_cast<Number>(at - entry.names.begin());
                                    },
                                    [](const OptionEntry& entry, const void* from) {
                                      const auto number = static_cast<std::size_t>(*static_cast<const Number*>(from));
                                      return boost::json::value(entry.names.at(number));
                                    }};

}  // namespace option

/// The table of a struct of which no type is known.
class OptionEntries {
 public:
  void add(OptionEntry entry, Bounds bounds, std::string_view doc);
  /// Those of a struct that lies at an offset in this one, but for some.
  void add_all(const OptionEntries& inner, std::size_t offset, std::initializer_list<std::string_view> but);
  std::string schema(const void* defaults) const;
  void read(std::string_view json, const void* defaults, void* options) const;
  boost::json::object write(const void* options) const;

 private:
  std::vector<OptionEntry> entries_;
};

template <class Options>
class OptionTable {
 public:
  /// A number, truth, text, or list of these; an array of JSON is a list of whole numbers and texts, as given, and a
  /// value of JSON one of them (null: not given).
  template <class Member>
  OptionTable& add(std::string_view name, Member Options::*member, Bounds bounds, std::string_view doc) {
    entries_.add({name, &option::kind_of<Member>, offset_of(member)}, bounds, doc);
    return *this;
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
    entries_.add({name, &option::enumeration_of<std::underlying_type_t<Enum>>, offset_of(member), names}, {}, doc);
    return *this;
  }
  /// All that describes a struct which is a member, as options of this one; but for these, which keep their defaults.
  template <class Inner>
  OptionTable& all_of(Inner Options::*member, const OptionTable<Inner>& inner,
                      std::initializer_list<std::string_view> but = {}) {
    entries_.add_all(inner.entries(), offset_of(member), but);
    return *this;
  }

  std::string schema() const { return entries_.schema(&defaults_); }
  /// The options that an object holds, over the defaults. An empty text is none. Throws Code::invalid with every fault.
  Options read(std::string_view json, Options options = {}) const {
    entries_.read(json, &defaults_, &options);
    return options;
  }
  boost::json::object write(const Options& options) const { return entries_.write(&options); }
  const OptionEntries& entries() const noexcept { return entries_; }

 private:
  template <class Member>
  std::size_t offset_of(Member Options::*member) const noexcept {
    return static_cast<std::size_t>(reinterpret_cast<const char*>(&(defaults_.*member)) -
                                    reinterpret_cast<const char*>(&defaults_));
  }

  OptionEntries entries_;
  Options defaults_{};
};

}  // namespace emptor::mine
