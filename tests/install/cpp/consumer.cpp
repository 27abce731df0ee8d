// An outside project: opens a store, writes a customer, reads it back.
#include <cstdio>

#include "emptor/model/entities.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

int main() {
  const auto store = emptor::open_store(":memory:", {.create = true});
  emptor::Session session(*store);
  emptor::ChangeSet changes;
  emptor::Customer customer;
  customer.name = "Ada";
  changes.put(customer);
  const emptor::Receipt receipt = session.apply(changes);
  const auto found = session.view().get("customer", receipt.ids[0]);
  std::printf("C++: %s\n", found->as<emptor::Customer>().name.c_str());
  return found->as<emptor::Customer>().name == "Ada" ? 0 : 1;
}
