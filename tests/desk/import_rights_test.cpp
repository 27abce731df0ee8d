// Imports by users: the permission `import` decides, for every entity that the files hold and for every record.
#include <doctest/doctest.h>

#include <fstream>

#include "emptor/desk/import.hpp"
#include "emptor/store/open.hpp"
#include "support/office.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

struct Shop {
  Shop() : store(open_memory({.create = true, .currency = *Currency::parse("EUR")})), office(*store) {
    bob = office.user("Bob");
    office.allow(bob, "read", "all");
    std::ofstream(folder.file("customers.csv")) << "customer_id,name,city\nA1,Ann,Porto\nA2,Bo,Faro\n";
  }
  ImportReport import(bool dry_run = false) {
    return import_tables(*office.as(bob), std::vector<std::string>{folder.file("customers.csv")},
                         {.source = "shop", .dry_run = dry_run});
  }
  std::unique_ptr<Store> store;
  Office office;
  TempFolder folder;
  Id bob;
};

}  // namespace

TEST_CASE("[A5] import: who may make and change customers may not import them by that") {
  Shop shop;
  for (const std::string_view action : {"create", "update", "delete"}) shop.office.allow(shop.bob, action, "all");
  CHECK(refusal_of([&] { shop.import(); }) == Code::denied);
  CHECK(refusal_of([&] { shop.import(true); }) == Code::denied);
  CHECK(shop.office.system().view().count("customer") == 0);
}

TEST_CASE("[A5] import: the permission to import makes and changes records without those to do it one by one") {
  Shop shop;
  shop.office.allow(shop.bob, "import", "all");
  CHECK(shop.import().entities.at("customer").written == 2);
  CHECK(shop.import().entities.at("customer").unchanged == 2);
  CHECK(shop.office.system().view().count("customer") == 2);
  ChangeSet set;
  set.put("customer").set("name", "by hand");
  const auto bob = shop.office.as(shop.bob);
  CHECK(refusal_of([&] { bob->apply(set); }) == Code::denied);
}

TEST_CASE("[A5] import: every entity of the files asks for the permission") {
  Shop shop;
  shop.office.allow(shop.bob, "import", "all", "product");
  CHECK(refusal_of([&] { shop.import(); }) == Code::denied);
}
