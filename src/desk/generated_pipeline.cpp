// The sales that may come about, through the pipeline to won, lost or still open.
#include <algorithm>
#include <array>

#include "desk/generated_file.hpp"
#include "desk/generated_people.hpp"
#include "desk/generated_plan.hpp"
#include "desk/generated_progress.hpp"
#include "desk/generated_service.hpp"

namespace emptor {
namespace {

using Words = std::string_view;
constexpr std::array<Words, 8> steps = {"find", "visit", "trust", "need", "study", "proposal", "sign", "satisfy"};
constexpr std::array<Words, 3> lost_reasons = {"price", "competitor", "no need"};

class PipelineWriter {
 public:
  PipelineWriter(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made)
      : options_(options), season_(season), file_(folder, "opportunities.csv"), made_(made) {
    file_.raw_line(
        "opportunity_id,customer_id,owner_id,stage,open_date,close_date,due_date,amount,currency,source,"
        "close_reason");
  }
  void write(std::uint64_t customer) {
    const Life life = life_of(options_, season_, customer);
    Random random = stream(options_, DrawnFor::pipeline, customer);
    const double mean =
        is_organisation(options_, customer) ? planted::opportunities_of_organisation : planted::opportunities_of_person;
    for (std::uint64_t left = random.poisson(mean); left > 0; --left) write_one(customer, life, random);
  }
  void close() { file_.close(); }

 private:
  void write_one(std::uint64_t customer, const Life& life, Random& random) {
    const std::size_t source = pick_by(random, planted::source_weights);
    const bool wins = random.uniform() < planted::win_rates[source];
    const std::int32_t opened = season_.moment(life.begin + random.uniform() * (season_.whole() - life.begin)).day;
    const std::int32_t lasts = 3 + static_cast<std::int32_t>(25 * random.gamma(2));
    const std::int64_t amount = 100 + static_cast<std::int64_t>(200'000 * random.gamma(1.5));
    const bool open = opened + lasts >= options_.days;
    const std::size_t step = static_cast<std::size_t>((options_.days - opened) * 7 / lasts);
    file_.cell("D" + std::to_string(++made_.opportunities)).cell(customer_code(customer));
    file_.cell(owner_code(options_, customer))
        .cell(open   ? steps[std::min<std::size_t>(step, 6)]
              : wins ? "won"
                     : "lost");
    file_.cell(day_text(opened)).cell(open ? std::string() : day_text(opened + lasts)).cell(day_text(opened + 53));
    file_.hundredths(amount).cell(options_.currency.code()).cell(opportunity_source(source));
    file_.cell(open || wins ? Words() : lost_reasons[random.below(lost_reasons.size())]).end_line();
  }
  std::string day_text(std::int32_t day) const { return to_string(Date{options_.start.days + day}); }

  const GenerateOptions& options_;
  const Season& season_;
  GeneratedFile file_;
  Generated& made_;
};

}  // namespace

std::string_view opportunity_source(std::size_t source) {
  static constexpr Words names[] = {"referral", "exhibition", "web", "cold call"};
  return names[source];
}

void write_pipeline(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made) {
  PipelineWriter writer(folder, options, season, made);
  for_each_customer(options, "opportunities", [&](std::uint64_t customer) { writer.write(customer); });
  writer.close();
}

}  // namespace emptor
