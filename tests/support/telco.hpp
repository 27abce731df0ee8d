// Telco customers as lifetimes, with the covariates of the reference's Cox model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/survival.hpp"
#include "support/csv_columns.hpp"

namespace emptor::test {

struct Telco {
  std::vector<double> time, event;
  std::vector<std::uint32_t> contract;  ///< 0 month to month, 1 one year, 2 two years
  std::vector<std::string> names = {"male",     "senior",    "partner",         "dependents", "one_year",
                                    "two_year", "paperless", "monthly_charges", "fibre",      "no_internet"};
  std::vector<double> x;

  /// Those whose tenure is above 0.
  explicit Telco(const std::string& path) {
    const CsvColumns file(path);
    const auto texts = [&](const char* name) { return file.texts(name); };
    const auto gender = texts("gender"), partner = texts("Partner"), dependents = texts("Dependents");
    const auto contracts = texts("Contract"), paperless = texts("PaperlessBilling"), churn = texts("Churn");
    const auto internet = texts("InternetService");
    const std::vector<double> senior = file.numbers("SeniorCitizen"), charges = file.numbers("MonthlyCharges");
    const std::vector<double> tenure = file.numbers("tenure");
    const auto is = [](bool yes) { return yes ? 1.0 : 0.0; };
    for (std::size_t r = 0; r < file.rows(); ++r) {
      if (!(tenure[r] > 0)) continue;
      time.push_back(tenure[r]);
      event.push_back(is(churn[r] == "Yes"));
      contract.push_back(contracts[r] == "Month-to-month" ? 0 : contracts[r] == "One year" ? 1 : 2);
      for (const double value :
           {is(gender[r] == "Male"), senior[r], is(partner[r] == "Yes"), is(dependents[r] == "Yes"),
            is(contracts[r] == "One year"), is(contracts[r] == "Two year"), is(paperless[r] == "Yes"), charges[r],
            is(internet[r] == "Fiber optic"), is(internet[r] == "No")})
        x.push_back(value);
    }
  }
  static std::optional<Telco> read() {
    const auto path = data_path("telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv");
    if (!path) return std::nullopt;
    return Telco(*path);
  }
  mine::Lifetimes rows() const { return {time, event, {}, {}}; }
  mine::NumberView view() const { return {x.data(), time.size(), names.size(), names.size(), 1}; }
};

}  // namespace emptor::test
