#include "insight/survival/agreements.hpp"

#include <algorithm>
#include <tuple>

#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

/// An agreement as its record has it.
struct Recorded {
  Agreement agreement;
  std::string status;
  std::optional<Date> ends_on, cancelled_on;
};

std::string text_at(const Batch& batch, std::size_t column, std::size_t row) {
  return std::string(batch.columns[column].text(row));
}
std::optional<Date> day_at(const Batch& batch, std::size_t column, std::size_t row) {
  const Value value = batch.columns[column].value(row);
  return value.present() ? std::optional(value.date()) : std::nullopt;
}

class AgreementReading {
 public:
  AgreementReading(const View& view, Agreements& out) : view_(view), days_(Zone::of(view.info().zone)), out_(out) {}

  std::vector<Recorded> read() {
    read_contracts();
    read_subscriptions();
    return std::move(all_);
  }

 private:
  /// The first fields are version, customer, starts_on, ends_on, status and renews.
  template <class Take>
  void each(const char* entity, std::vector<std::string> more, const Take& take) {
    std::vector<std::string> fields = {"version", "customer_id", "starts_on", "ends_on", "status", "renews"};
    fields.insert(fields.end(), more.begin(), more.end());
    each_row(view_, {.entity = entity, .fields = std::move(fields), .limit = 20'000},
             [&](const Batch& batch, std::size_t row) {
               const Value version = batch.columns[0].value(row);
               if (version.present()) out_.data_version = std::max(out_.data_version, version.integer());
               Recorded one{.agreement = {}, .status = text_at(batch, 4, row), .ends_on = {}, .cancelled_on = {}};
               const std::optional<Date> start = day_at(batch, 2, row);
               if (!start || !batch.columns[1].valid[row] || one.status == "draft") {
                 ++out_.skipped;
                 return;
               }
               one.agreement.customer = batch.columns[1].bits[row];
               one.agreement.start = *start;
               one.ends_on = day_at(batch, 3, row);
               one.agreement.renews = batch.columns[5].valid[row] && batch.columns[5].bits[row] != 0;
               take(batch, row, one);
               all_.push_back(std::move(one));
             });
  }
  void read_contracts() {
    each("contract", {"kind"}, [&](const Batch& batch, std::size_t row, Recorded& one) {
      one.agreement.kind = text_at(batch, 6, row);
      if (one.agreement.kind.empty()) one.agreement.kind = "contract";
    });
  }
  void read_subscriptions() {
    each("subscription", {"period", "channel", "product_id", "cancelled_at"},
         [&](const Batch& batch, std::size_t row, Recorded& one) {
           const std::string period = text_at(batch, 6, row);
           one.agreement.kind = period.empty() ? "subscription" : "subscription " + period;
           one.agreement.channel = text_at(batch, 7, row);
           if (batch.columns[8].valid[row]) one.agreement.product = batch.columns[8].bits[row];
           if (batch.columns[9].valid[row]) one.cancelled_on = Date{days_.of(batch.columns[9].bits[row])};
         });
  }

  const View& view_;
  DayFinder days_;
  Agreements& out_;
  std::vector<Recorded> all_;
};

/// The newest day on which something began, was cancelled or had ended by the status that it has.
std::optional<Date> newest_day(const std::vector<Recorded>& all) {
  std::optional<Date> newest;
  const auto see = [&](const std::optional<Date>& day) {
    if (day && (!newest || newest->days < day->days)) newest = day;
  };
  for (const Recorded& one : all) {
    see(one.agreement.start);
    see(one.cancelled_on);
    if (one.status == "ended" || one.status == "cancelled") see(one.ends_on);
  }
  return newest;
}

/// Whether it is known how it stood on the day; sets its end.
bool settle(Recorded& one, Date day) {
  Agreement& agreement = one.agreement;
  if (agreement.start.days > day.days) return false;
  const bool over = one.status == "ended" || one.status == "cancelled";
  std::optional<Date> last = one.ends_on;
  if (!last && over) last = one.cancelled_on;
  if (over && !last) return false;
  agreement.ended = last && last->days <= day.days && (over || !agreement.renews);
  agreement.end = agreement.ended ? Date{std::max(last->days, agreement.start.days)} : day;
  return true;
}

auto key_of(const Agreement& one) {
  return std::tuple(one.customer, std::string_view(one.kind), one.product, one.start.days, one.end.days);
}

bool continues(const Agreement& before, const Agreement& after, std::int32_t gap_days) {
  return before.customer == after.customer && before.kind == after.kind && before.product == after.product &&
         after.start.days <= before.end.days + gap_days;
}

}  // namespace

Agreements read_agreements(const View& view, std::optional<Date> as_of, std::int32_t gap_days) {
  Agreements out;
  std::vector<Recorded> recorded = AgreementReading(view, out).read();
  out.last_day = as_of ? as_of : newest_day(recorded);
  std::vector<Agreement> settled;
  for (Recorded& one : recorded) {
    if (settle(one, *out.last_day)) {
      settled.push_back(std::move(one.agreement));
    } else {
      ++out.skipped;
    }
  }
  std::sort(settled.begin(), settled.end(),
            [](const Agreement& a, const Agreement& b) { return key_of(a) < key_of(b); });
  for (Agreement& one : settled) {
    if (out.all.empty() || !continues(out.all.back(), one, gap_days)) {
      out.all.push_back(std::move(one));
    } else if (Agreement& last = out.all.back(); one.end.days >= last.end.days) {
      last.end = one.end;
      last.ended = one.ended;
      last.renews = one.renews;
    }
  }
  return out;
}

}  // namespace emptor
