#include "desk/card_reader.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"

namespace emptor::desk {
namespace {

constexpr LineSource order_source{"order", "ordered_at", "number", "status", "channel", {}, {}, "owner_id", {}, {}};
constexpr LineSource touch_source{"interaction", "at",        "subject", "outcome", "channel",
                                  "direction",   "next_step", "user_id", {},        {}};
constexpr LineSource case_source{"case", "opened_at", "subject",  "state", "channel",
                                 {},     "priority",  "owner_id", {},      {}};
constexpr LineSource score_source{"score", {}, "name", "label", {}, {}, {}, {}, {}, "value"};
constexpr LineSource consent_source{"consent", "stated_at", "purpose", "state", "channel", {}, {}, {}, {}, {}};
constexpr LineSource task_source{"task", "due_at", "subject", "status", "kind", {}, "priority", "user_id", {}, {}};
constexpr LineSource opportunity_source{"opportunity", "expected_close", "name",        "stage", {}, {},
                                        "next_step",   "owner_id",       "base_amount", {}};

constexpr std::size_t most_blocks = 100;
constexpr std::size_t most_names_at_once = 8;

std::vector<OrderBy> newest_first(std::string_view moment) { return {{std::string(moment), true}, {"id", true}}; }

// The columns of a batch, taken one after another.
class Columns {
 public:
  Columns(const Batch& batch, std::size_t row) : batch_(batch), row_(row) {}
  Value next() { return batch_.columns[at_++].value(row_); }
  void text(std::string_view field, std::string& to) {
    if (!field.empty()) to = next().text();
  }

 private:
  const Batch& batch_;
  std::size_t row_, at_ = 0;
};

std::optional<Instant> instant_of(const Value& value) {
  if (!value.present()) return std::nullopt;
  if (value.type() == Type::date) return Instant{value.date().days * micros_per_day};
  return value.instant();
}

CardLine line_of(const LineSource& source, const Batch& batch, std::size_t row) {
  CardLine line;
  line.entity = source.entity;
  line.id = batch.ids[row];
  Columns columns(batch, row);
  if (!source.at.empty()) line.at = instant_of(columns.next());
  columns.text(source.title, line.title);
  columns.text(source.state, line.state);
  columns.text(source.channel, line.channel);
  columns.text(source.direction, line.direction);
  columns.text(source.note, line.note);
  if (!source.user.empty()) line.user = columns.next().id();
  if (!source.amount.empty())
    if (const Value amount = columns.next(); amount.present()) line.amount = amount.decimal();
  if (!source.value.empty())
    if (const Value value = columns.next(); value.present()) line.value = value.real();
  return line;
}

Query query_of(std::string_view entity, Where where, std::size_t most) {
  Query query;
  query.entity = entity;
  query.where = std::move(where);
  query.limit = most;
  return query;
}

Where of_customer(Id customer) { return Where::equal("customer_id", customer); }

}  // namespace

Date CardReader::today() {
  if (!today_) today_ = Zone::of(view_.info().zone).date_of(now_);
  return *today_;
}

void CardReader::section(CardSection section, const std::function<void()>& read) {
  const bool late = deadline_ && std::chrono::steady_clock::now() >= *deadline_;
  try {
    if (!late) return read();
  } catch (const Error& error) {
    if (error.code() != Code::cancelled || !deadline_) throw;  // else it is the host who asks to stop
  }
  card_.complete = false;
  card_.cut[static_cast<std::size_t>(section)] = true;
}

bool CardReader::read_customer(Id customer) {
  Query query = query_of("customer", Where::equal("id", customer), 1);
  query.fields = {"name",  "kind",    "stage", "tier", "segment", "country", "language", "preferred_channel",
                  "since", "owner_id"};
  ScanKey key;
  view_.scan(query, key, batch_);
  if (batch_.rows() == 0) return false;
  Columns columns(batch_, 0);
  card_.customer = customer;
  for (std::string* text : {&card_.name, &card_.kind, &card_.stage, &card_.tier, &card_.segment, &card_.country,
                            &card_.language, &card_.preferred_channel})
    *text = columns.next().text();
  card_.since = instant_of(columns.next());
  card_.owner = columns.next().id();
  card_.state = CardState::known;
  read_sections(customer);
  return true;
}

void CardReader::read_sections(Id customer) {
  section(CardSection::blocks, [&] { read_blocks(customer); });
  section(CardSection::touches, [&] {
    read_lines(CardSection::touches, touch_source, of_customer(customer), newest_first("at"));
    if (of(CardSection::touches).empty()) return;
    const CardLine& last = of(CardSection::touches).front();
    card_.last_touch_at = last.at;
    card_.last_user = last.user;
  });
  section(CardSection::cases, [&] {
    Where open = Where::all({of_customer(customer), Where::missing("closed_at")});
    read_lines(CardSection::cases, case_source, std::move(open), newest_first("opened_at"));
  });
  section(CardSection::orders, [&] { read_orders(customer); });
  section(CardSection::consents,
          [&] { read_lines(CardSection::consents, consent_source, of_customer(customer), newest_first("stated_at")); });
  section(CardSection::next_steps, [&] { read_next_steps(customer); });
  section(CardSection::scores, [&] { read_scores(customer); });
  section(CardSection::organisations, [&] { read_organisations(customer); });
}

std::vector<CardLine> CardReader::lines(const LineSource& source, Where where, std::vector<OrderBy> order,
                                        std::size_t most) {
  Query query = query_of(source.entity, std::move(where), most);
  query.order = std::move(order);
  for (const std::string_view field : {source.at, source.title, source.state, source.channel, source.direction,
                                       source.note, source.user, source.amount, source.value})
    if (!field.empty()) query.fields.emplace_back(field);
  ScanKey key;
  view_.scan(query, key, batch_);
  std::vector<CardLine> found;
  found.reserve(batch_.rows());
  for (std::size_t row = 0; row < batch_.rows(); ++row) found.push_back(line_of(source, batch_, row));
  return found;
}

// One line more than is shown is asked for, to know whether there are more.
void CardReader::read_lines(CardSection section, const LineSource& source, Where where, std::vector<OrderBy> order) {
  of(section) = lines(source, std::move(where), std::move(order), most_ + 1);
  shorten(section);
}

void CardReader::shorten(CardSection section) {
  if (of(section).size() <= most_) return;
  card_.more[static_cast<std::size_t>(section)] = true;
  of(section).resize(most_);
}

void CardReader::read_blocks(Id customer) {
  Query query = query_of("block", of_customer(customer), most_blocks);
  query.order = newest_first("valid_from");
  query.fields = {"valid_from", "valid_to", "kind", "cause", "reason", "user_id"};
  ScanKey key;
  view_.scan(query, key, batch_);
  for (std::size_t row = 0; row < batch_.rows(); ++row) {
    Columns columns(batch_, row);
    const Value from = columns.next(), to = columns.next();
    if ((from.present() && from.date() > today()) || (to.present() && to.date() < today())) continue;
    CardLine line;
    line.entity = "block";
    line.id = batch_.ids[row];
    line.at = instant_of(from);
    line.state = columns.next().text();
    line.note = columns.next().text();
    line.title = columns.next().text();
    line.user = columns.next().id();
    if (line.state == "no_service") card_.state = CardState::blocked;
    of(CardSection::blocks).push_back(std::move(line));
  }
  shorten(CardSection::blocks);
}

void CardReader::read_orders(Id customer) {
  read_lines(CardSection::orders, order_source, of_customer(customer), newest_first("ordered_at"));
  add_order_sums();
}

void CardReader::add_order_sums() {
  std::vector<CardLine>& orders = of(CardSection::orders);
  if (orders.empty()) return;
  AggregateQuery query;
  query.entity = "order_line";
  std::vector<Value> ids;
  for (const CardLine& order : orders) ids.emplace_back(order.id);
  query.where = Where::in("order_id", std::move(ids));
  query.group_by = {"order_id"};
  query.measures = {{Measure::sum, "base_amount"}};
  const Groups sums = view_.aggregate(query);
  for (const Groups::Group& sum : sums.groups) {
    const Id order = sum.keys.front().id();
    const auto line = std::ranges::find_if(orders, [&](const CardLine& each) { return each.id == order; });
    if (sum.results.front().present()) line->amount = sum.results.front().decimal();
  }
}

// What is due first comes first, what is due some day after it; a touch's agreement and an opportunity's plan follow.
void CardReader::read_next_steps(Id customer) {
  std::vector<CardLine>& steps = of(CardSection::next_steps);
  const auto add = [&](std::vector<CardLine> found) { std::ranges::move(found, std::back_inserter(steps)); };
  for (const Where& dated : {Where::present("due_at"), Where::missing("due_at")}) {
    Where open = Where::all({of_customer(customer), dated, Where::missing("done_at"),
                             Where::compare("status", Operator::not_equal, "done"),
                             Where::compare("status", Operator::not_equal, "cancelled")});
    if (steps.size() <= most_)
      add(lines(task_source, std::move(open), {{"due_at", false}, {"id", false}}, most_ + 1 - steps.size()));
  }
  const std::vector<CardLine>& touches = of(CardSection::touches);
  const auto agreed = std::ranges::find_if(touches, [](const CardLine& touch) { return !touch.note.empty(); });
  if (agreed != touches.end()) {
    steps.push_back(*agreed);
    std::swap(steps.back().title, steps.back().note);
    steps.back().note.clear();
  }
  Where undecided = Where::all({of_customer(customer), Where::missing("outcome")});
  add(lines(opportunity_source, std::move(undecided), newest_first("opened_at"), most_));
  shorten(CardSection::next_steps);
}

// Those of live models as they are now. A model that cannot be read is no reason to show less than what was written.
void CardReader::read_scores(Id customer) {
  read_lines(CardSection::scores, score_source, of_customer(customer), {{"id", false}});
  std::vector<CardLine>& scores = of(CardSection::scores);
  if (scores.empty()) return;
  try {
    for (ScoreNow& now : session_.scores_now(view_, customer)) {
      const auto line = std::ranges::find(scores, now.name, &CardLine::title);
      if (line == scores.end()) continue;
      line->value = now.value;
      line->state = std::move(now.label);
    }
  } catch (const Error& error) {
    if (error.code() != Code::corrupt && error.code() != Code::newer && error.code() != Code::unsupported) throw;
  }
}

void CardReader::read_organisations(Id customer) {
  Query query = query_of("relationship",
                         Where::all({Where::equal("related_id", customer), Where::in("kind", {"contact", "employee"})}),
                         most_ + 1);
  query.fields = {"customer_id", "kind", "position", "valid_to"};
  ScanKey key;
  view_.scan(query, key, batch_);
  std::vector<CardLine>& found = of(CardSection::organisations);
  for (std::size_t row = 0; row < batch_.rows(); ++row) {
    Columns columns(batch_, row);
    CardLine line;
    line.entity = "customer";
    line.id = columns.next().id();
    line.state = columns.next().text();
    line.note = columns.next().text();
    const Value to = columns.next();
    if (!to.present() || to.date() >= today()) found.push_back(std::move(line));
  }
  shorten(CardSection::organisations);
  name_customers(found);
}

void CardReader::name_customers(std::vector<CardLine>& lines) {
  if (lines.empty()) return;
  std::vector<Value> ids;
  for (const CardLine& line : lines) ids.emplace_back(line.id);
  Query query = query_of("customer", Where::in("id", std::move(ids)), lines.size());
  query.fields = {"name", "owner_id"};
  ScanKey key;
  view_.scan(query, key, batch_);
  // Who was deleted is nobody's contact any more.
  std::erase_if(lines, [&](CardLine& line) {
    const auto found = std::ranges::find(batch_.ids, line.id);
    if (found == batch_.ids.end()) return true;
    const auto row = static_cast<std::size_t>(found - batch_.ids.begin());
    line.title = batch_.columns[0].text(row);
    if (!line.user) line.user = batch_.columns[1].value(row).id();
    return false;
  });
}

std::vector<Contact> CardReader::nearest(const std::vector<Contact>& contacts) {
  std::vector<Value> ids;
  for (const Contact& contact : contacts) ids.emplace_back(contact.customer);
  Query query = query_of("relationship",
                         Where::all({Where::in("customer_id", ids), Where::in("related_id", ids),
                                     Where::in("kind", {"contact", "employee"})}),
                         most_blocks);
  query.fields = {"customer_id", "valid_to"};
  ScanKey key;
  view_.scan(query, key, batch_);
  std::vector<Contact> left = contacts;
  for (std::size_t row = 0; row < batch_.rows(); ++row) {
    const Value to = batch_.columns[1].value(row);
    if (to.present() && to.date() < today()) continue;
    std::erase_if(left, [&](const Contact& c) { return c.customer == batch_.columns[0].value(row).id(); });
  }
  return left.empty() ? contacts : left;
}

void CardReader::read_candidates(const std::vector<Contact>& contacts) {
  card_.state = CardState::ambiguous;
  section(CardSection::candidates, [&] {
    std::vector<CardLine>& found = of(CardSection::candidates);
    for (const Contact& contact : contacts) {
      CardLine line;
      line.id = contact.customer;
      line.note = contact.label;
      found.push_back(std::move(line));
    }
    shorten(CardSection::candidates);
    name_customers(found);
    for (CardLine& line : found) {
      for (CardLine& last : lines(touch_source, of_customer(line.id), newest_first("at"), 1)) {
        line.at = last.at;
        line.channel = std::move(last.channel);
        line.direction = std::move(last.direction);
        line.user = last.user ? last.user : line.user;
      }
      line.entity = "customer";
    }
  });
}

void CardReader::name_users() {
  std::vector<std::pair<Id, std::string*>> wanted;
  const auto want = [&](Id user, std::string& name) {
    if (user) wanted.emplace_back(user, &name);
  };
  want(card_.owner, card_.owner_name);
  want(card_.last_user, card_.last_user_name);
  for (auto& lines : card_.sections)
    for (CardLine& line : lines) want(line.user, line.user_name);
  std::vector<Id> users;
  for (const auto& [user, name] : wanted) users.push_back(user);
  std::ranges::sort(users);
  users.erase(std::unique(users.begin(), users.end()), users.end());
  for (std::size_t begin = 0; begin < users.size(); begin += most_names_at_once) {
    std::vector<Value> some(
        users.begin() + static_cast<std::ptrdiff_t>(begin),
        users.begin() + static_cast<std::ptrdiff_t>(std::min(users.size(), begin + most_names_at_once)));
    Query query = query_of("user", Where::in("id", std::move(some)), most_names_at_once);
    query.fields = {"name"};
    query.with_deleted = true;  // who left is still who it was
    ScanKey key;
    view_.scan(query, key, batch_);
    for (std::size_t row = 0; row < batch_.rows(); ++row)
      for (const auto& [user, name] : wanted)
        if (user == batch_.ids[row]) *name = batch_.columns[0].text(row);
  }
}

}  // namespace emptor::desk
