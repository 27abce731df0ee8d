// Facts of users: the base beside the file knows everything, so theirs are read anew, and leave none behind.
#include <doctest/doctest.h>

#include <filesystem>

#include "emptor/insight/facts.hpp"
#include "emptor/store/open.hpp"
#include "support/office.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

void sell(Office& office, Id customer) {
  const Id order = office.put("order", {{"customer_id", Value(customer)}, {"ordered_at", Value(Instant{1})}});
  office.put(
      "order_line",
      {{"customer_id", Value(customer)}, {"order_id", Value(order)}, {"amount", Value(Decimal(std::int64_t{7}))}});
}

}  // namespace

TEST_CASE("[A2] facts: a user's are of what they may read, and neither come from the base nor become one") {
  const TempFolder folder;
  const std::string file = folder.file("shop.emptor"), base = file + "-facts";
  const auto store = open_sqlite(file, {.create = true, .currency = *Currency::parse("EUR")});
  Office office(*store);
  const Id bob = office.user("Bob");
  office.allow(bob, "read", "own");
  sell(office, office.customer("of Bob", bob));
  sell(office, office.customer("of nobody"));
  const auto user = office.as(bob);
  CHECK(read_facts(*user).rows == 1);
  CHECK_FALSE(std::filesystem::exists(base));
  const Facts all = read_facts(office.system());
  CHECK(all.rows == 2);
  CHECK(std::filesystem::exists(base));
  CHECK(read_facts(*user).rows == 1);
  CHECK(refresh_facts(*user, all).rows == 1);
}
