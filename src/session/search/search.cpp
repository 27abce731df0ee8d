#include "emptor/session/search.hpp"

#include <algorithm>
#include <functional>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/json.hpp"
#include "emptor/model/party.hpp"
#include "session/search/candidates.hpp"
#include "session/search/search_view.hpp"
#include "session/search/snippet.hpp"

namespace emptor {
namespace {

using seek::DocKey;
using seek::Term;

constexpr std::size_t least_chunk = 16, most_chunk = 1024;
constexpr double k1 = 1.2, b = 0.75;

[[noreturn]] void refuse(Code code, std::string message, std::string field, std::string hint) {
  throw Error(Problem{code, std::move(message), {}, std::move(field), {}, std::move(hint)});
}

void check(const SearchQuery& query) {
  const auto within = [](std::size_t value, std::size_t least, std::size_t most, const char* field) {
    if (value < least || value > most)
      refuse(Code::invalid, "the number is out of range", field,
             "give one from " + std::to_string(least) + " to " + std::to_string(most));
  };
  within(query.limit, 1, 1'000, "limit");
  within(query.candidates, 1, 100'000, "candidates");
  within(query.snippet, 1, 10'000, "snippet");
  if (query.ranked && query.after)
    refuse(Code::invalid, "a ranked page has none after it", "after", "ask for more hits, or for the newest first");
}

/// A record that matches, with how often it holds each word and how long it is.
struct Match {
  DocKey key;
  std::vector<std::uint32_t> counts;
  std::uint32_t length = 0;
  double score = 0;
};

std::uint32_t count_tokens(std::string_view folded) {
  std::uint32_t count = 0;
  for (std::size_t at = 0; !seek::next_token(folded, at).text.empty();) ++count;
  return count;
}

class Search {
 public:
  Search(const Session& session, const SearchQuery& query)
      : query_(query), session_(session), told_(session.view()), view_(told_), reader_(view_.reader()) {
    check(query);
    view_.refuse_past();
    choose_entities();
    std::vector<std::string> fields;
    for (const Entity* const entity : entities_)
      for (const FieldNumber field : entity->searched_fields) fields.push_back(entity->fields[field].name);
    terms_ = seek::parse_terms(query.text, fields);
    for (const Term& term : terms_)
      if (!term.excluded) wanted_.push_back(&term);
    if (query.after) after_ = key_of(*query.after);
  }

  SearchPage run() {
    const std::size_t most = query_.ranked ? query_.candidates : query_.limit;
    const bool in_order = std::ranges::all_of(
        entities_, [&](const Entity* entity) { return view_.moment(*entity) == entity->moment_field; });
    std::vector<Match> matches;
    if (query_.customer || view_.sees_few() || !is_indexed())
      matches = sorted(most, [&](const auto& take) { scan(take); });
    else if (!in_order)
      matches = sorted(most, [&](const auto& take) { walk(no_bounds(), take); });
    else
      walk(bounds(), [&](Match&& match) {
        matches.push_back(std::move(match));
        return matches.size() <= most;
      });
    SearchPage page;
    const bool more = matches.size() > most;
    if (more) matches.resize(most);
    page.capped = query_.ranked && more;
    if (query_.ranked) rank(matches);
    if (matches.size() > query_.limit) matches.resize(query_.limit);
    page.hits = hits_of(matches);
    if (more && !query_.ranked) page.next = key_of(matches.back().key);
    return page;
  }

 private:
  using TakeMatch = std::function<bool(Match&&)>;

  void choose_entities() {
    for (const Entity& entity : view_.schema().entities())
      if (!entity.searched_fields.empty() && is_asked(entity) && view_.may_read(entity)) entities_.push_back(&entity);
    for (const std::string& name : query_.entities)
      if (view_.schema().entity(name).searched_fields.empty())
        refuse(Code::invalid, "this entity has no text that is searched", "entities",
               "docs/entities.md says which fields are searched");
    if (entities_.empty())
      refuse(Code::denied, "the actor may read none of what is searched", "entities",
             "ask for a role that may read it");
  }

  bool is_asked(const Entity& entity) const {
    return query_.entities.empty() || std::ranges::find(query_.entities, entity.name) != query_.entities.end();
  }

  const Entity& entity_of(EntityNumber number) const { return view_.schema().entity(number); }

  DocKey key_of(const SearchKey& key) const {
    return {key.at ? key.at->micros : DocKey::no_moment, view_.schema().entity(key.entity).number, key.id};
  }
  SearchKey key_of(const DocKey& key) const {
    return {key.at == DocKey::no_moment ? std::nullopt : std::optional(Instant{key.at}), entity_of(key.entity).name,
            key.id};
  }

  seek::Bounds no_bounds() const {
    seek::Bounds bounds;
    for (const Entity* const entity : entities_) bounds.entities.push_back(entity->number);
    std::ranges::sort(bounds.entities);
    bounds.wanted = query_.ranked ? query_.candidates : query_.limit;
    return bounds;
  }

  seek::Bounds bounds() const {
    seek::Bounds bounds = no_bounds();
    if (query_.from) bounds.from = query_.from->micros;
    if (query_.until) bounds.until = query_.until->micros;
    bounds.after = after_;
    return bounds;
  }

  bool is_indexed() {
    root_ = seek::read_root(reader_);
    if (!seek::is_usable(reader_, root_)) return false;
    late_ = memory().late(reader_, root_);
    return late_ != nullptr;
  }

  seek::SearchMemory& memory() {
    if (!memory_) memory_ = session_.store().kept<seek::SearchMemory>();
    return *memory_;
  }

  // What the record is to the query, by what the actor sees of it; nothing where it does not match.
  std::optional<Match> match_of(const Entity& entity, Row shown) const {
    const std::vector<std::string> texts = seek::folded_texts(entity, shown);
    if (!seek::matches(terms_, query_.any, &entity, texts)) return std::nullopt;
    const auto key = shown_key(entity, shown);
    const bool asked = (!query_.from || (key.at != DocKey::no_moment && key.at >= query_.from->micros)) &&
                       (!query_.until || (key.at != DocKey::no_moment && key.at <= query_.until->micros)) &&
                       (!after_ || after_->before(key));
    if (!asked || (query_.customer && customer_of(entity, shown) != query_.customer)) return std::nullopt;
    Match match{key, {}, 0, 0};
    if (query_.ranked) count(entity, texts, match);
    return match;
  }

  void count(const Entity& entity, const std::vector<std::string>& texts, Match& match) const {
    match.counts.resize(wanted_.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      match.length += count_tokens(texts[i]);
      for (std::size_t t = 0; t < wanted_.size(); ++t)
        if (is_of(*wanted_[t], entity, i))
          match.counts[t] += static_cast<std::uint32_t>(seek::count_term(*wanted_[t], texts[i]));
    }
  }

  static bool is_of(const Term& term, const Entity& entity, std::size_t text) {
    return term.field.empty() || entity.fields[entity.searched_fields[text]].name == term.field;
  }

  // By its moment as the actor sees it.
  DocKey shown_key(const Entity& entity, Row shown) const {
    DocKey key{DocKey::no_moment, entity.number, shown[system_field::id].id()};
    if (const auto moment = view_.moment(entity); moment && shown[*moment].present())
      key.at = seek::key_at(shown[*moment]);
    return key;
  }

  static Id customer_of(const Entity& entity, Row shown) {
    if (entity.number == Customer::entity_number) return shown[system_field::id].id();
    return entity.customer_field ? shown[*entity.customer_field].id() : no_id;
  }

  // Matches by way of the index, in its order, until `take` has enough.
  void walk(seek::Bounds bounds, const TakeMatch& take) {
    const std::size_t wanted = bounds.wanted;
    seek::Candidates candidates(reader_, memory(), root_, *late_, terms_, query_.any, std::move(bounds));
    std::vector<DocKey> keys;
    for (std::size_t chunk = std::clamp(wanted + wanted / 2, least_chunk, most_chunk);;
         chunk = std::min(chunk * 2, most_chunk)) {
      beat("search");
      candidates.next(chunk, keys);
      if (keys.empty()) return;
      std::vector<std::optional<Match>> found(keys.size());
      for (const Entity* const entity : entities_) look_at(*entity, keys, found);
      for (std::optional<Match>& match : found)
        if (match && !take(std::move(*match))) return;
    }
  }

  void look_at(const Entity& entity, const std::vector<DocKey>& keys, std::vector<std::optional<Match>>& found) const {
    std::vector<Id> ids;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (keys[i].entity == entity.number) {
        ids.push_back(keys[i].id);
        places.push_back(i);
      }
    if (ids.empty()) return;
    const bool ordered = view_.moment(entity) == entity.moment_field;
    view_.each_of(entity, ids, [&](std::size_t i, Row shown) {
      // One that the index has by another moment is told where it stands now.
      if (ordered && !(shown_key(entity, shown) == keys[places[i]])) return;
      found[places[i]] = match_of(entity, shown);
    });
  }

  // All records that the actor sees are looked at.
  void scan(const TakeMatch& take) {
    for (const Entity* const entity : entities_) {
      if (query_.customer && !entity->customer_field && entity->number != Customer::entity_number) continue;
      const std::string owner =
          entity->number == Customer::entity_number ? "id" : std::string(customer_field_name(*entity));
      const Where where = query_.customer ? Where::equal(owner, Value(query_.customer)) : Where();
      view_.each_where(*entity, where, [&](Row shown) {
        if (auto match = match_of(*entity, shown)) take(std::move(*match));
      });
    }
  }

  static std::string_view customer_field_name(const Entity& entity) {
    return entity.customer_field ? std::string_view(entity.fields[*entity.customer_field].name) : std::string_view();
  }

  // The first so many and one more of what comes in any order.
  template <class Source>
  static std::vector<Match> sorted(std::size_t most, const Source& source) {
    std::vector<Match> matches;
    const auto before = [](const Match& x, const Match& y) { return x.key.before(y.key); };
    const auto same = [](const Match& x, const Match& y) { return x.key == y.key; };
    const auto cut = [&] {
      std::ranges::sort(matches, before);
      matches.erase(std::unique(matches.begin(), matches.end(), same), matches.end());
      if (matches.size() > most + 1) matches.resize(most + 1);
    };
    source([&](Match&& match) {
      matches.push_back(std::move(match));
      if (matches.size() > 2 * most + 1000) cut();
      return true;
    });
    cut();
    return matches;
  }

  void rank(std::vector<Match>& matches) const {
    if (matches.empty()) return;
    const double all = static_cast<double>(matches.size());
    double sum = 0;
    for (const Match& match : matches) sum += match.length;
    const double average = std::max(sum / all, 1.0);
    std::vector<double> weights;
    for (std::size_t t = 0; t < wanted_.size(); ++t) {
      const auto holds = [t](const Match& match) { return match.counts[t] > 0; };
      const double with = static_cast<double>(std::ranges::count_if(matches, holds));
      weights.push_back(elementary::log(1.0 + (all - with + 0.5) / (with + 0.5)));
    }
    for (Match& match : matches)
      for (std::size_t t = 0; t < wanted_.size(); ++t) {
        const double count = match.counts[t];
        const double norm = k1 * (1.0 - b + b * (match.length / average));
        match.score += weights[t] * (count * (k1 + 1.0) / (count + norm));
      }
    std::ranges::sort(matches, [](const Match& x, const Match& y) {
      return x.score != y.score ? x.score > y.score : x.key.before(y.key);
    });
  }

  std::vector<SearchHit> hits_of(const std::vector<Match>& matches) const {
    std::vector<SearchHit> hits(matches.size());
    for (const Entity* const entity : entities_) {
      std::vector<Id> ids;
      std::vector<std::size_t> places;
      for (std::size_t i = 0; i < matches.size(); ++i)
        if (matches[i].key.entity == entity->number) {
          ids.push_back(matches[i].key.id);
          places.push_back(i);
        }
      view_.each_of(*entity, ids, [&](std::size_t i, Row shown) {
        hits[places[i]] = hit_of(*entity, shown, matches[places[i]]);
        view_.note(*entity, shown);
      });
    }
    return hits;
  }

  SearchHit hit_of(const Entity& entity, Row shown, const Match& match) const {
    SearchHit hit;
    hit.entity = entity.name;
    hit.id = match.key.id;
    hit.customer = customer_of(entity, shown);
    if (match.key.at != DocKey::no_moment) hit.at = Instant{match.key.at};
    hit.score = match.score;
    const std::vector<std::string> texts = seek::folded_texts(entity, shown);
    for (std::size_t i = 0; i < texts.size() && hit.field.empty(); ++i) {
      std::vector<const Term*> here;
      bool found = false;
      for (const Term* const term : wanted_)
        if (is_of(*term, entity, i)) {
          here.push_back(term);
          found |= seek::find_term(*term, texts[i]) != std::string::npos;
        }
      if (!found) continue;
      const Field& field = entity.fields[entity.searched_fields[i]];
      hit.field = field.name;
      seek::cut_snippet(hit, shown[field.number].text(), here, query_.snippet);
    }
    return hit;
  }

  const SearchQuery& query_;
  const Session& session_;
  const View told_;
  const SearchView view_;
  Reader& reader_;
  std::vector<const Entity*> entities_;
  std::vector<Term> terms_;
  std::vector<const Term*> wanted_;
  std::optional<DocKey> after_;
  seek::Root root_;
  seek::LateDocsPtr late_;
  std::shared_ptr<seek::SearchMemory> memory_;
};

void append_key(std::string& json, const SearchKey& key) {
  if (key.at) json += "\"at\":\"" + to_string(*key.at) + "\",";
  json += "\"entity\":";
  append_json_text(json, key.entity);
  json += ",\"id\":\"" + std::to_string(key.id.value) + '"';
}

void append_hit(std::string& json, const SearchHit& hit) {
  json += "{\"entity\":";
  append_json_text(json, hit.entity);
  json += ",\"id\":\"" + std::to_string(hit.id.value) + '"';
  if (hit.customer) json += ",\"customer_id\":\"" + std::to_string(hit.customer.value) + '"';
  if (hit.at) json += ",\"at\":\"" + to_string(*hit.at) + '"';
  json += ",\"field\":";
  append_json_text(json, hit.field);
  json += ",\"snippet\":";
  append_json_text(json, hit.snippet);
  json += ",\"marks\":[";
  for (std::size_t i = 0; i < hit.marks.size(); ++i)
    json += std::string(i > 0 ? ",[" : "[") + std::to_string(hit.marks[i].first) + "," +
            std::to_string(hit.marks[i].second) + "]";
  json += ']';
  if (hit.score != 0) {
    json += ",\"score\":";
    append_json(json, Value(hit.score));
  }
  json += '}';
}

}  // namespace

SearchPage search(const Session& session, const SearchQuery& query) {
  const LongCall call(session.options().progress);
  return Search(session, query).run();
}

std::string to_json(const SearchPage& page) {
  std::string json = "{\"hits\":[";
  for (std::size_t i = 0; i < page.hits.size(); ++i) {
    if (i > 0) json += ',';
    append_hit(json, page.hits[i]);
  }
  json += ']';
  if (page.next) {
    json += ",\"next\":{";
    append_key(json, *page.next);
    json += '}';
  }
  if (page.capped) json += ",\"capped\":true";
  return json += '}';
}

}  // namespace emptor
