#include "support/cdnow.hpp"

#include <chrono>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "support/data.hpp"

namespace emptor::test {
namespace {

using Days = std::map<std::int64_t, double>;  // what was spent on each day, of one customer

std::int64_t day_of(int yyyymmdd) {
  const std::chrono::year_month_day date{std::chrono::year(yyyymmdd / 10'000),
                                         std::chrono::month(static_cast<unsigned>(yyyymmdd / 100 % 100)),
                                         std::chrono::day(static_cast<unsigned>(yyyymmdd % 100))};
  return std::chrono::sys_days(date).time_since_epoch().count();
}

void add_customer(CdnowCustomers& all, const Days& days, std::int64_t end) {
  const std::int64_t first = days.begin()->first;
  double repeats = 0, spent = 0, later = 0;
  std::int64_t last = first;
  for (const auto& [day, amount] : days) {
    if (day == first) continue;
    if (day > end) {
      later += 1;
      continue;
    }
    repeats += 1;
    spent += amount;
    last = day;
  }
  all.frequency.push_back(repeats);
  all.recency.push_back(static_cast<double>(last - first) / 7);
  all.age.push_back(static_cast<double>(end - first) / 7);
  all.spend.push_back(repeats > 0 ? spent / repeats : 0);
  all.later.push_back(later);
}

}  // namespace

std::optional<CdnowCustomers> cdnow_customers() {
  const auto path = data_path("cdnow/CDNOW_sample.txt");
  if (!path) return std::nullopt;
  std::ifstream file(*path);
  std::map<int, Days> days;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    int master = 0, customer = 0, date = 0, count = 0;
    double amount = 0;
    if (fields >> master >> customer >> date >> count >> amount) days[customer][day_of(date)] += amount;
  }
  CdnowCustomers all;
  for (const auto& [customer, own] : days) add_customer(all, own, day_of(19970930));
  return all;
}

}  // namespace emptor::test
