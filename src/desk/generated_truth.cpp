#include "desk/generated_truth.hpp"

#include <boost/json.hpp>
#include <filesystem>

#include "desk/generated_basket.hpp"
#include "desk/generated_file.hpp"
#include "desk/generated_people.hpp"
#include "desk/generated_plan.hpp"
#include "desk/generated_progress.hpp"
#include "desk/generated_service.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::uint64_t most_listed = 1'000;

template <std::size_t Count>
json::array list_of(const double (&values)[Count]) {
  json::array list;
  for (const double value : values) list.emplace_back(value);
  return list;
}

json::object options_of(const GenerateOptions& options) {
  return {{"customers", options.customers},
          {"lines", options.lines},
          {"seed", options.seed},
          {"start", to_string(options.start)},
          {"days", options.days},
          {"currency", options.currency.code()},
          {"flaws", options.flaws},
          {"season", options.season},
          {"causes", options.causes},
          {"campaigns", options.campaigns},
          {"front_office", options.front_office}};
}

/// With the rates multiplied for `lines`, so that the file says what holds.
json::object buyers_of(const GenerateOptions& options, const OrderPlan& plan) {
  const BuyerModel& model = options.buyers;
  return {{"unit", "week of the season's time (truth/season.csv)"},
          {"r", model.r},
          {"alpha", model.alpha / plan.rate_factor},
          {"s", model.s},
          {"beta", model.beta},
          {"p", model.p},
          {"q", model.q},
          {"gamma", model.gamma},
          {"orders_left_out", plan.left_out},
          {"orders_of_campaigns", plan.of_campaigns},
          {"orders_that_went_to_a_competitor", plan.stayed_away},
          {"prospects", planted::prospect_share}};
}

json::object causes_of() {
  json::object causes;
  for (std::size_t i = 0; i < cause_count; ++i) {
    const auto cause = static_cast<Cause>(i);
    json::object signs = {{"share", planted::cause_weights[i]}};
    if (planted::complaint_before_leaving[i] > 0) signs["case"] = planted::complaint_before_leaving[i];
    if (cause == Cause::price_rise) signs["prices_of_last_two_orders"] = planted::dear_factor;
    if (cause == Cause::bad_service) signs["line_of_last_order_sent_back"] = planted::sent_back_before_leaving;
    if (cause == Cause::late_delivery) signs["each_of_last_two_orders_late"] = planted::late_before_leaving;
    if (cause == Cause::competitor) {
      signs["last_part_of_life"] = planted::competitor_time;
      signs["orders_kept_in_it"] = planted::competitor_kept;
    }
    if (cause == Cause::competitor || cause == Cause::moved_away) signs["contact_tells"] = planted::told_before_leaving;
    causes[name_of(cause)] = std::move(signs);
  }
  return {{"by_cause", std::move(causes)},
          {"sign_days", planted::sign_days},
          {"otherwise",
           {{"cases_a_week", planted::cases_a_week},
            {"late", planted::late_share},
            {"lines_sent_back", double(planted::returned_per_thousand) / 1000}}},
          {"nps",
           {{"classes", {"detractor", "passive", "promoter"}},
            {"leaving_days", planted::leaving_days},
            {"leaving", list_of(planted::answers_leaving)},
            {"staying", list_of(planted::answers_staying)}}}};
}

json::object affinities_of(const std::vector<GeneratedProduct>& products) {
  std::size_t next = products.size() - planted::planted_products;
  json::array sets, sequences;
  for (const planted::Affinity& affinity : planted::affinities) {
    json::array skus, supports;
    double independent = 1;
    for (std::size_t i = 0; i < affinity.products; ++i) {
      skus.emplace_back(products[next++].sku);
      supports.emplace_back(affinity.all + affinity.alone[i]);
      independent *= affinity.all + affinity.alone[i];
    }
    sets.push_back({{"products", std::move(skus)},
                    {"support", affinity.all},
                    {"supports", std::move(supports)},
                    {"lift", affinity.all / independent}});
  }
  for (const planted::Sequence& sequence : planted::sequences) {
    const json::value first = json::string(products[next++].sku), second = json::string(products[next++].sku);
    sequences.push_back({{"first", first},
                         {"second", second},
                         {"weeks", sequence.weeks},
                         {"probability", 1 - (1 - sequence.next) * (1 - sequence.second)},
                         {"otherwise", sequence.second}});
  }
  return {{"sets", std::move(sets)}, {"sequences", std::move(sequences)}, {"zipf", planted::zipf_exponent}};
}

json::object campaigns_of(const std::vector<CampaignSum>& sums) {
  json::array waves;
  for (const CampaignSum& sum : sums) {
    const double members = double(sum.reached + sum.held_out);
    waves.push_back({{"campaign_id", "K" + std::to_string(waves.size() + 1)},
                     {"reached", sum.reached},
                     {"held_out", sum.held_out},
                     {"converted_reached", sum.converted_reached},
                     {"converted_held_out", sum.converted_held_out},
                     {"effect", members > 0 ? sum.effect / members : 0}});
  }
  return {{"classes", {"persuadable", "sure_thing", "lost_cause", "sleeping_dog"}},
          {"born_from_1985_on", list_of(planted::uplift_young)},
          {"others", list_of(planted::uplift_other)},
          {"converts_reached", list_of(planted::convert_reached)},
          {"converts_alone", list_of(planted::convert_alone)},
          {"days", planted::campaign_days},
          {"waves", std::move(waves)}};
}

json::object pipeline_of() {
  json::object rates;
  for (std::size_t i = 0; i < std::size(planted::win_rates); ++i) rates[opportunity_source(i)] = planted::win_rates[i];
  return {{"win_rates", std::move(rates)}};
}

/// Which customer is a double of which, as far as they are few enough to be listed.
json::array listed_doubles(const GenerateOptions& options) {
  json::array pairs;
  for (std::uint64_t customer = options.customers; customer > 0 && pairs.size() < most_listed; --customer) {
    const Standing standing = standing_of(options, customer);
    if (standing.role != PersonRole::twice) break;
    pairs.push_back({json::string(customer_code(standing.other)), json::string(customer_code(customer))});
  }
  return pairs;
}

json::array listed_suspects(const GenerateOptions& options) {
  json::array codes;
  for (std::uint64_t customer = 1; customer <= options.customers && codes.size() < most_listed; ++customer) {
    if (has_suspect_name(options, customer)) codes.emplace_back(customer_code(customer));
  }
  return codes;
}

void write_summary(const std::string& folder, json::object truth) {
  GeneratedFile file(folder, "truth.json");
  file.raw_line(json::serialize(truth));
  file.close();
}

void write_season(const std::string& folder, const GenerateOptions& options, const Season& season) {
  GeneratedFile file(folder, "season.csv");
  file.raw_line("date,units_until_its_end");
  for (std::int32_t day = 0; day < options.days; ++day)
    file.cell(to_string(Date{options.start.days + day})).real(season.until(day)).end_line();
  file.close();
}

void write_doubles(const std::string& folder, const GenerateOptions& options) {
  GeneratedFile file(folder, "doubles.csv");
  file.raw_line("customer_id,original_id,name_typed,moved,other_email,phone_notation");
  for (std::uint64_t customer = 1; customer <= options.customers; ++customer) {
    const Standing standing = standing_of(options, customer);
    if (standing.role != PersonRole::twice) continue;
    const Retyping retyping = retyping_of(options, customer);
    file.cell(customer_code(customer)).cell(customer_code(standing.other)).cell(name_of(retyping.typing));
    file.cell(retyping.moved ? "true" : "false").cell(retyping.other_mail ? "true" : "false");
    file.cell(std::uint64_t{retyping.notation}).end_line();
  }
  file.close();
}

class CustomerTruth {
 public:
  CustomerTruth(const std::string& folder, const GenerateOptions& options, const Season& season, double factor)
      : options_(options), season_(season), factor_(factor), file_(folder, "customers.csv") {
    file_.raw_line(
        "customer_id,buys,lambda,mu,nu,begin_units,end_units,lost,last_day,cause,uplift,role,other_id,person_id,phone");
  }
  void write(std::uint64_t customer) {
    const Life life = life_of(options_, season_, customer);
    const Persona persona = persona_of(options_, customer);
    const bool twice = persona.standing.role == PersonRole::twice;
    file_.cell(customer_code(customer)).cell(life.buys ? "true" : "false").real(life.rate * factor_);
    file_.real(life.dropout).real(spend_rate_of(options_, customer)).real(life.begin).real(life.end);
    file_.cell(life.lost ? "true" : "false");
    file_.cell(life.lost ? to_string(Date{options_.start.days + season_.moment(life.end).day}) : std::string());
    file_.cell(name_of(life.cause)).cell(name_of(uplift_of(options_, customer))).cell(name_of(persona.standing.role));
    file_.cell(persona.standing.other ? customer_code(persona.standing.other) : std::string());
    file_.cell(customer_code(twice ? persona.standing.other : customer)).cell(e164(persona.phone)).end_line();
  }
  void close() { file_.close(); }

 private:
  const GenerateOptions& options_;
  const Season& season_;
  double factor_;
  GeneratedFile file_;
};

}  // namespace

void write_truth(const std::string& folder, const GenerateOptions& options, const Season& season, const OrderPlan& plan,
                 const std::vector<GeneratedProduct>& products, const std::vector<CampaignSum>& campaigns,
                 const Generated& made) {
  json::object truth = json::parse(to_json(made)).as_object();
  truth["options"] = options_of(options);
  truth["buyer_model"] = buyers_of(options, plan);
  truth["affinities"] = affinities_of(products);
  if (options.causes) truth["leaving"] = causes_of();
  if (options.campaigns) truth["campaigns"] = campaigns_of(campaigns);
  if (options.front_office) truth["pipeline"] = pipeline_of();
  truth["doubles"] = listed_doubles(options);
  truth["suspects"] = listed_suspects(options);
  write_summary(folder, std::move(truth));
  const std::string inner = folder + "/truth";
  write_season(inner, options, season);
  write_doubles(inner, options);
  CustomerTruth writer(inner, options, season, plan.rate_factor);
  for_each_customer(options, "truth", [&](std::uint64_t customer) { writer.write(customer); });
  writer.close();
}

}  // namespace emptor
