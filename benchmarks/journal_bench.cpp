// Journal: one-row writes a second into the memory store, time travel over them, and how fast the chain is
// verified.   bench_journal [writes]

#include <cstdlib>
#include <string>

#include "bound.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;
using namespace emptor::bench;

constexpr std::int64_t customers = 10'000;

void add_customers(Session& session) {
  ChangeSet set;
  for (std::int64_t i = 0; i < customers; ++i)
    set.put("customer").set("name", std::string_view("Customer " + std::to_string(i))).set("country", "PT");
  session.apply(set);
}

// Each write changes one field of one record: one entry, one row.
void write_one_by_one(Session& session, std::int64_t writes) {
  ChangeSet set;
  for (std::int64_t i = 0; i < writes; ++i) {
    set.clear();
    set.put("customer", Id{i % customers + 1}).set("employees", i + 1);
    session.apply(set);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t writes = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  add_customers(session);

  const double writing = seconds_of([&] { write_one_by_one(session, writes); });
  bool passed = bound("one-row writes into memory, journalled", static_cast<double>(writes) / writing / 1000,
                      Is::at_least, 200, "thousand/s");

  Verification chain, deep;
  const double verifying = seconds_of([&] { chain = session.verify(false); });
  passed &=
      bound("verify, the chain", static_cast<double>(chain.entries) / verifying / 1e6, Is::at_least, 2, "M entries/s");
  const double comparing = seconds_of([&] { deep = session.verify(true); });
  figure("verify, the chain and every record", static_cast<double>(deep.entries) / comparing / 1e6, "M entries/s");

  std::size_t versions = 0;
  const double walking = seconds_of([&] { versions = session.view().history("customer", Id{1}).size(); });
  figure("history of one record, versions", static_cast<double>(versions), "");
  figure("history of one record", walking * 1e6 / static_cast<double>(versions), "us/version");
  const bool intact = chain.intact && deep.intact && versions > 1;
  if (!intact) std::printf("FAIL  the journal is not intact\n");
  return passed && intact ? 0 : 1;
}
