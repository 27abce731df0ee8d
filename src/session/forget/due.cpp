// Retention: whom segments that forget have, and the call that forgets them.
#include <algorithm>
#include <utility>

#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "emptor/session/forget.hpp"
#include "session/forget/receipts.hpp"
#include "session/forget/subject.hpp"
#include "session/rights/guard.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_at_once = 1'000;

std::vector<Segment> forgetting_segments(const View& view) {
  const Query query{.entity = std::string(Segment::entity_name),
                    .where = Where::all({Where::equal("forgets", true), Where::negate(Where::equal("active", false))})};
  std::vector<Segment> segments;
  for (const Record& record : view.select(query)) segments.push_back(record.as<Segment>());
  return segments;
}

std::optional<Instant> entered_at(const View& view, Id customer, Id segment) {
  const Query query{.entity = std::string(SegmentChange::entity_name),
                    .where = Where::all({Where::equal("customer_id", customer), Where::equal("segment_id", segment),
                                         Where::equal("kind", std::string_view("enter"))}),
                    .order = {{"at", true}},
                    .limit = 1};
  const std::vector<Record> newest = view.select(query);
  return newest.empty() ? std::nullopt : std::optional(newest.front().get("at").instant());
}

// Whoever is erased stays in the segment if nothing personal is asked: they are due again only where something came.
class Due {
 public:
  Due(Session& session, std::size_t limit) : session_(session), limit_(limit), view_(session.view()) {
    reader_ = session.store().read();
    require_erasing(session.rights(*reader_).get(), *reader_->schema());
    for (const ErasureReceipt& receipt : all_receipts(*reader_)) erased_.push_back(receipt.subject_id);
    std::ranges::sort(erased_);
  }

  std::vector<DueToForget> find() {
    for (const Segment& segment : forgetting_segments(view_)) add_members(segment);
    std::ranges::sort(due_, {}, [](const DueToForget& one) { return std::pair(one.customer, one.segment); });
    const auto again = std::ranges::unique(due_, {}, &DueToForget::customer);
    due_.erase(again.begin(), again.end());
    if (due_.size() > limit_) due_.resize(limit_);
    for (DueToForget& one : due_) one.since = entered_at(view_, one.customer, one.segment);
    return std::move(due_);
  }

 private:
  void add_members(const Segment& segment) {
    const Query query{.entity = std::string(Customer::entity_name),
                      .where = session_.in_segment(view_, segment.id),
                      .fields = {"id"},
                      .limit = customers_at_once};
    std::size_t found = 0;
    ScanKey key;
    Batch batch;
    for (bool more = true; more && found < limit_;) {
      more = view_.scan(query, key, batch);
      for (std::size_t row = 0; row < batch.rows() && found < limit_; ++row) {
        if (!is_left(batch.ids[row])) continue;
        due_.push_back({batch.ids[row], segment.id, {}});
        ++found;
      }
    }
  }

  bool is_left(Id customer) const {
    return !std::ranges::binary_search(erased_, customer) || Subject(*reader_, customer).holds_personal();
  }

  Session& session_;
  std::size_t limit_;
  View view_;
  std::unique_ptr<Reader> reader_;
  std::vector<Id> erased_;
  std::vector<DueToForget> due_;
};

}  // namespace

std::vector<DueToForget> due_to_forget(Session& session, std::size_t limit) { return Due(session, limit).find(); }

std::string to_json(const std::vector<DueToForget>& due) {
  std::string json = "[";
  for (const DueToForget& one : due) {
    json += (json.size() > 1 ? ",{\"customer_id\":\"" : "{\"customer_id\":\"") + std::to_string(one.customer.value);
    json += "\",\"segment_id\":\"" + std::to_string(one.segment.value) + '"';
    if (one.since) json += ",\"since\":\"" + to_string(*one.since) + '"';
    json += '}';
  }
  return json + "]";
}

std::vector<Forgotten> forget_due(Session& session, std::size_t limit, ForgetOptions options) {
  if (options.ground == ForgetOptions().ground) options.ground = "expired";
  const bool clean = std::exchange(options.clean, false) && !options.dry_run;
  std::vector<Forgotten> forgotten;
  for (const DueToForget& one : due_to_forget(session, limit))
    forgotten.push_back(session.forget_customer(one.customer, options));
  if (clean) finish_all(session, options.wait, forgotten);
  return forgotten;
}

}  // namespace emptor
