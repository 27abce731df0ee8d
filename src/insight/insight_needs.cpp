#include "insight/insight_needs.hpp"

#include <algorithm>
#include <array>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

/// What a run holds whatever it reads: batches of rows on their way, and one batch of results on its way back.
constexpr std::uint64_t bytes_of_a_run = std::uint64_t{24} << 20;

constexpr std::array<std::string_view, 4> written_by_insights = {"score", "tag", "alert", "recommendation"};

constexpr std::string_view touches = "case feedback interaction subscription return survey response";

constexpr InsightReads all_reads[] = {
    {"rfm", 150, 400, 0, 0, ""},
    {"lifetime", 150, 1'200, 100, 0, ""},
    {"value", 250, 2'000, 0, 250, "product payment credit block interaction"},
    {"churn", 220, 2'500, 0, 250, touches},
    {"survival", 0, 0, 0, 600, "contract subscription product"},
    {"offers", 300, 1'500, 0, 1'500, "product consent block recommendation"},
    {"replenishment", 300, 1'500, 0, 1'500, "product consent block recommendation"},
    {"campaigns", 300, 2'000, 0, 600, "campaign membership consent block"},
    {"value_class", 150, 500, 0, 150, "score"},
    {"interaction_groups", 150, 500, 0, 100, "interaction"},
    {"credit", 220, 2'000, 0, 300, "payment credit block tag"},
    {"outcome", 0, 2'000, 200, 2'000, "opportunity"},
    {"satisfaction", 150, 1'500, 0, 300,
     "survey survey_question response answer feedback interaction case membership campaign subscription return "
     "repair_order service_level product user"},
    {"service", 150, 1'000, 0, 250,
     "service_level calendar shift holiday case repair_order interaction user product score"},
    {"fraud", 200, 2'500, 0, 250, "payment return coupon contact_point block tag"},
    {"composition", 200, 1'200, 100, 400, "contact_point product"},
    {"market", 150, 1'500, 100, 500, "competitor product opportunity interaction case feedback"},
    {"habits", 220, 2'500, 0, 200, "payment product interaction"},
    {"preferences", 150, 1'000, 0, 1'200, "product payment feedback survey response case interaction"},
    {"usage", 150, 1'000, 0, 250,
     "product subscription issue asset programme enrolment case repair_order return interaction message"},
    {"next_action", 150, 1'200, 0, 250, "product score recommendation case interaction consent block"},
    {"trends", 200, 600, 0, 200, "product survey response case"},
    {"causes", 200, 600, 0, 200, "product campaign membership"},
    {"customer_profit", 220, 2'000, 60, 250, "product interaction case repair_order return campaign membership"},
};

/// Calls visit with each name between blanks.
template <class Visit>
void each_name(std::string_view names, const Visit& visit) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    visit(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

const InsightReads& reads_of(std::string_view insight) {
  const auto found = std::ranges::find(all_reads, insight, &InsightReads::insight);
  if (found == std::end(all_reads)) throw Error(Code::internal, "nobody knows what this insight reads");
  return *found;
}

}  // namespace

std::span<const InsightReads> insight_reads() { return all_reads; }

std::uint64_t InsightNeeds::count(const View& view, std::string_view entity) {
  if (std::ranges::find(written_by_insights, entity) != written_by_insights.end())
    return static_cast<std::uint64_t>(view.count(entity));
  const auto known = counts_.find(entity);
  if (known != counts_.end()) return known->second;
  return counts_[std::string(entity)] = static_cast<std::uint64_t>(view.count(entity));
}

InsightNeed InsightNeeds::of(std::string_view insight) {
  const InsightReads& reads = reads_of(insight);
  const View view = session_.view();
  InsightNeed need{.bytes = bytes_of_a_run};
  const auto add = [&](std::string_view entity, std::uint64_t bytes) {
    const std::uint64_t rows = count(view, entity);
    need.rows += rows;
    need.bytes += rows * bytes;
  };
  if (reads.line > 0)
    for (const std::string_view entity : {"order", "order_line"}) add(entity, reads.line);
  if (reads.customer > 0)
    add("customer", reads.customer + reads.field * view.schema().entity("customer").fields.size());
  each_name(reads.others, [&](std::string_view entity) { add(entity, reads.record); });
  return need;
}

}  // namespace emptor
