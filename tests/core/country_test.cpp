#include "emptor/core/country.hpp"

#include <doctest/doctest.h>

#include "core/phone_plan.hpp"

using namespace emptor;

TEST_CASE("country: codes and names of several languages give the alpha-2 code") {
  for (const char* name : {"DE", "de", "DEU", "Germany", " germany ", "Deutschland", "Alemanha", "德国"})
    CHECK_MESSAGE(country_code(name) == "DE", name);
  CHECK(country_code("UK") == "GB");
  CHECK(country_code("USA") == "US");
  CHECK(country_code("中国") == "CN");
  CHECK(country_code("côte d'ivoire") == "CI");
  CHECK(country_code("Cote d'Ivoire") == "CI");
}

TEST_CASE("country: a name that is none has no code") {
  for (const char* name : {"", "-", "ZZ", "Atlantis", "Unspecified", "D", "GermanyX"})
    CHECK_MESSAGE(country_code(name).empty(), name);
}

TEST_CASE("country: every region with a numbering plan is known by its code") {
  for (const phone::RegionPlan& plan : phone::regions) {
    if (std::string_view(plan.region) != "001") CHECK(country_code(plan.region) == plan.region);
  }
}
