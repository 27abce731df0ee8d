#include "session/segments/book.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "emptor/core/error.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/system.hpp"
#include "session/rule/segment_rules.hpp"

namespace emptor::segments {
namespace {

constexpr std::size_t kept_books = 4;
constexpr std::size_t threshold_size = 1 + sizeof(std::int64_t);  // its type, its bits

std::optional<Rule> rule_of(const Schema& schema, std::string_view text) {
  try {
    return Rule::parse_segment(schema, text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

struct PlaceFields {
  explicit PlaceFields(const Entity& of)
      : entity(of),
        bit(of.field("bit").number),
        since(of.field("since").number),
        first(of.field("first").number),
        thresholds(of.field("thresholds").number) {}
  const Entity& entity;
  FieldNumber bit, since, first, thresholds;

  Place place(const Batch& row) const {
    const auto number = [&](FieldNumber field) { return row.columns[field].bits[0]; };
    return {number(bit), number(since), number(first)};
  }
};

// Those that name a segment which is not there, or themselves through others, are taken out.
void keep_founded(std::vector<Source>& sources, std::vector<Place>& places) {
  std::vector<std::string_view> founded;
  const auto stands = [&](const RuleTerm& term, const auto& self) -> bool {
    if (term.kind == RuleTerm::Kind::compare && term.subject.kind == RuleSubject::Kind::segment)
      return std::ranges::find(founded, std::string_view(term.subject.name)) != founded.end();
    return std::ranges::all_of(term.children, [&](const RuleTerm& child) { return self(child, self); });
  };
  std::vector<std::uint8_t> kept(sources.size());
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (kept[i] || !stands(sources[i].rule.root(), stands)) continue;
      kept[i] = 1;
      founded.push_back(sources[i].name);
      more = true;
    }
  }
  std::size_t left = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!kept[i]) continue;
    if (left != i) {
      sources[left] = std::move(sources[i]);
      places[left] = places[i];
    }
    ++left;
  }
  sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(left), sources.end());
  places.resize(left);
}

}  // namespace

std::int64_t generation_of(Reader& reader) {
  const std::string text = reader.setting(generation_setting);
  std::int64_t generation = 0;
  std::from_chars(text.data(), text.data() + text.size(), generation);
  return generation;
}

bool is_kept(const Entity& segment, Row row) {
  return !row[system_field::deleted_at].present() && is_active(segment, row);
}

void each_kept_segment(Reader& reader, const std::function<void(Id, Row)>& take) {
  const SchemaPtr schema = reader.schema();
  const Entity& entity = schema->entity(Segment::entity_name);
  each_segment(reader, [&](Id id, Row row) {
    if (is_active(entity, row)) take(id, row);
  });
}

std::string thresholds_text(std::span<const Value> thresholds) {
  std::string text;
  for (const Value& value : thresholds) {
    const std::int64_t bits = value.present() ? value.bits() : 0;
    text += value.present() ? static_cast<char>(value.type()) : static_cast<char>(0x7f);
    text.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  }
  return text;
}

std::vector<Value> thresholds_of(std::string_view text) {
  std::vector<Value> values;
  for (; text.size() >= threshold_size; text.remove_prefix(threshold_size)) {
    std::int64_t bits = 0;
    std::memcpy(&bits, text.data() + 1, sizeof bits);
    const auto type = static_cast<Type>(text.front());
    const bool known = type <= Type::bytes && type != Type::text && type != Type::bytes;
    values.push_back(known ? Value::of_bits(type, bits) : Value());
  }
  return values;
}

Book::Book(Reader& reader, bool placed) : generation_(generation_of(reader)), zone_(Zone::of(reader.info().zone)) {
  const SchemaPtr schema = reader.schema();
  const Entity& segment = schema->entity(Segment::entity_name);
  const PlaceFields fields(schema->entity(SegmentPlace::entity_name));
  std::vector<Source> sources;
  Batch kept;
  each_kept_segment(reader, [&](Id id, Row row) {
    auto rule = rule_of(*schema, row[segment.field("rule").number].text());
    if (placed) reader.get(fields.entity, std::span(&id, 1), kept);
    if (!rule || (placed && !kept.ids[0])) return;
    Place place = placed ? fields.place(kept) : Place{};
    const Value& watched = row[segment.field("watched").number];
    place.watched = watched.present() && watched.boolean();
    places_.push_back(place);
    sources.push_back({id, std::string(row[segment.field("name").number].text()), std::move(*rule),
                       placed ? thresholds_of(kept.columns[fields.thresholds].text(0)) : std::vector<Value>()});
  });
  keep_founded(sources, places_);
  for (const Place& place : places_) {
    newest_ = std::max(newest_, place.since);
    octets_ = std::max(octets_, static_cast<std::size_t>(place.bit / 8 + 1));
    any_watched_ |= place.watched;
  }
  program_ = std::make_unique<Program>(schema, std::move(sources));
}

BookPtr Books::of(Reader& reader) {
  const std::pair key(generation_of(reader), reader.info().schema_version);
  const std::lock_guard lock(turn_);
  for (const auto& [known, book] : known_)
    if (known == key) return book;
  auto book = std::make_shared<const Book>(reader);
  known_.emplace_back(key, book);
  if (known_.size() > kept_books) known_.erase(known_.begin());
  return book;
}

}  // namespace emptor::segments
