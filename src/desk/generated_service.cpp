#include "desk/generated_service.hpp"

#include <algorithm>
#include <array>

#include "desk/generated_file.hpp"
#include "desk/generated_people.hpp"
#include "desk/generated_plan.hpp"
#include "desk/generated_progress.hpp"

namespace emptor {
namespace {

using Words = std::string_view;
constexpr std::array<Words, 6> channels = {"phone", "email", "wechat", "chat", "visit", "web"};
constexpr std::array<Words, 5> outcomes = {"reached", "no answer", "sold", "question answered", "sent on"};
constexpr std::array<Words, 6> categories = {"delivery", "quality", "invoice", "price", "service", "other"};
constexpr std::array<Words, 3> case_kinds = {"complaint", "enquiry", "request"};
constexpr double case_kind_weights[] = {0.4, 0.4, 0.2};
constexpr double content[] = {0.05, 0.1, 0.2, 0.35, 0.3}, angry[] = {0.5, 0.3, 0.1, 0.07, 0.03};  // 1 to 5

struct CaseText {
  Words kind, category;
  std::size_t satisfaction;
};

template <std::size_t Count>
Words pick(Random& random, const std::array<Words, Count>& words) {
  return words[random.below(Count)];
}

CaseText usual_case(Random& random) {
  return {case_kinds[pick_by(random, case_kind_weights)], pick(random, categories), 1 + pick_by(random, content)};
}

CaseText case_of_cause(Random& random, Cause cause) {
  const std::size_t satisfaction = 1 + pick_by(random, angry);
  if (cause == Cause::price_rise) return {"enquiry", "price", satisfaction};
  return {"complaint", cause == Cause::bad_service ? "service" : "delivery", satisfaction};
}

class ServiceWriter {
 public:
  ServiceWriter(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made)
      : options_(options),
        season_(season),
        cases_(folder, "cases.csv"),
        touches_(folder, "interactions.csv"),
        responses_(folder, "responses.csv"),
        made_(made) {
    cases_.raw_line(
        "external_id,customer_id,number,kind,category,channel,priority,owner_id,state,opened_at,closed_at,"
        "satisfaction");
    touches_.raw_line("external_id,customer_id,user_id,at,channel,direction,outcome,duration_seconds");
    responses_.raw_line("external_id,customer_id,survey_id,channel,answered_at,score");
  }

  void write(std::uint64_t customer) {
    life_ = life_of(options_, season_, customer);
    write_touches(customer);
    if (!life_.buys) return;
    write_cases(customer);
    Random random = stream(options_, DrawnFor::survey, customer);
    if (random.uniform() < planted::survey_share) write_response(customer, random);
  }
  void close() {
    cases_.close();
    touches_.close();
    responses_.close();
  }

 private:
  double somewhen(Random& random) const { return life_.begin + random.uniform() * (life_.end - life_.begin); }
  /// Shortly before the end, and not before the beginning.
  double before_the_end(Random& random) const {
    return std::max(life_.begin, life_.end - random.uniform() * planted::sign_days);
  }
  std::uint64_t count(Random& random, double a_week) const {
    return random.poisson(a_week * (life_.end - life_.begin) / days_a_week);
  }
  std::string time_text(double units, Random& random) const {
    const Moment moment = season_.moment(units);
    const std::int64_t second = 8 * 3600 + static_cast<std::int64_t>(random.below(11 * 3600));
    return to_string(
        Instant{(std::int64_t{options_.start.days} + moment.day) * micros_per_day + second * micros_per_second});
  }

  void write_touches(std::uint64_t customer) {
    Random random = stream(options_, DrawnFor::touches, customer);
    for (std::uint64_t left = count(random, planted::touches_a_week); left > 0; --left)
      write_touch(customer, somewhen(random), pick(random, outcomes), random);
    const bool tells = life_.cause == Cause::moved_away || life_.cause == Cause::competitor;
    if (!tells || random.uniform() >= planted::told_before_leaving) return;
    write_touch(customer, before_the_end(random),
                life_.cause == Cause::moved_away ? "moved away" : "named another offer", random);
  }
  void write_touch(std::uint64_t customer, double at, Words outcome, Random& random) {
    touches_.cell("T" + std::to_string(++made_.interactions)).cell(customer_code(customer));
    touches_.cell(owner_code(options_, customer)).cell(time_text(at, random)).cell(pick(random, channels));
    touches_.cell(random.below(3) == 0 ? "out" : "in").cell(outcome).cell(30 + random.below(900)).end_line();
  }

  void write_cases(std::uint64_t customer) {
    Random random = stream(options_, DrawnFor::cases, customer);
    for (std::uint64_t left = count(random, planted::cases_a_week); left > 0; --left)
      write_case(customer, somewhen(random), usual_case(random), random);
    const double chance = planted::complaint_before_leaving[static_cast<std::size_t>(life_.cause)];
    if (random.uniform() < chance)
      write_case(customer, before_the_end(random), case_of_cause(random, life_.cause), random);
  }
  void write_case(std::uint64_t customer, double at, const CaseText& text, Random& random) {
    const std::string number = std::to_string(++made_.cases);
    const std::string opened = time_text(at, random);
    const std::int32_t closed = season_.moment(at).day + 1 + static_cast<std::int32_t>(random.below(10));
    const bool open = closed >= options_.days;
    cases_.cell("S" + number).cell(customer_code(customer)).cell("S" + number).cell(text.kind).cell(text.category);
    cases_.cell(pick(random, channels)).cell(text.satisfaction < 3 ? "high" : "normal");
    cases_.cell(owner_code(options_, customer)).cell(open ? "open" : "closed").cell(opened);
    cases_.cell(open ? std::string() : to_string(Date{options_.start.days + closed}));
    cases_.cell(open ? std::string() : std::to_string(text.satisfaction)).end_line();
  }

  /// Somewhen between the first purchase and the end of the watch: also those who left are asked.
  void write_response(std::uint64_t customer, Random& random) {
    const double at = life_.begin + random.uniform() * (season_.whole() - life_.begin);
    const bool leaving = life_.lost && at > life_.end - planted::leaving_days;
    const std::size_t answer =
        leaving ? pick_by(random, planted::answers_leaving) : pick_by(random, planted::answers_staying);
    const std::uint64_t score = answer == 0 ? random.below(7) : 5 + 2 * answer + random.below(2);
    responses_.cell("R" + std::to_string(++made_.responses)).cell(customer_code(customer)).cell("nps");
    responses_.cell(random.below(3) == 0 ? "phone" : "email").cell(time_text(at, random)).cell(score).end_line();
  }

  const GenerateOptions& options_;
  const Season& season_;
  GeneratedFile cases_, touches_, responses_;
  Generated& made_;
  Life life_;
};

}  // namespace

void write_service(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made) {
  GeneratedFile surveys(folder, "surveys.csv");
  surveys.raw_line("external_id,name,kind");
  surveys.cell("nps").cell("Would you recommend us?").cell("nps").end_line();
  surveys.close();
  ServiceWriter writer(folder, options, season, made);
  for_each_customer(options, "service", [&](std::uint64_t customer) { writer.write(customer); });
  writer.close();
}

}  // namespace emptor
