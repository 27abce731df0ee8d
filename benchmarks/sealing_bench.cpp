// What sealing costs: a made-up customer base imported, customers with names, cities, telephones and e-mails written in
// sets of some thousand, and looked up by telephone, in a plain file and in one whose texts are sealed.
//
//     sealing_bench [CUSTOMERS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/desk/caller_card.hpp"
#include "emptor/desk/generate.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/session/sealing.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;
using bench::Is;

constexpr std::size_t at_once = 2'000, lookups = 20'000;

std::string number_of(std::size_t customer) { return "+4930" + std::to_string(10'000'000 + customer); }

void make(Session& session, std::size_t customers) {
  for (std::size_t done = 0; done < customers; done += at_once) {
    ChangeSet set;
    for (std::size_t i = done; i < std::min(customers, done + at_once); ++i) {
      const std::string number = std::to_string(i);
      const Id id =
          set.put("customer").set("name", "Customer " + number).set("city", "City " + std::to_string(i % 97)).id();
      set.put("contact_point").set("customer_id", id).set("channel", "phone").set("value", number_of(i));
      set.put("contact_point")
          .set("customer_id", id)
          .set("channel", "email")
          .set("value", "c" + number + "@example.com");
    }
    session.apply(set, {.durability = Durability::off});
  }
}

double median(std::vector<double>& times) {
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  return times[times.size() / 2];
}

// Median microseconds of a look-up by telephone, of the contact point alone and of the whole card.
std::pair<double, double> look_up(Session& session, std::size_t customers) {
  Random random(5);
  std::vector<double> found, cards;
  for (std::size_t i = 0; i < lookups; ++i) {
    const std::string number = number_of(random.below(customers));
    const Query query{.entity = "contact_point",
                      .where = Where::in("value_key", {Value(std::string_view(number))}),
                      .fields = {"customer_id", "channel", "label"},
                      .limit = 2};
    found.push_back(1e6 * bench::seconds_of([&] {
                      if (session.view().select(query).size() != 1) std::abort();
                    }));
    cards.push_back(1e6 * bench::seconds_of([&] {
                      if (!caller_card(session, number).customer) std::abort();
                    }));
  }
  return {median(found), median(cards)};
}

struct Measured {
  double import = 0, write = 0, found = 0, card = 0, bytes = 0;
};

Measured measure(const std::filesystem::path& folder, bool sealed, std::size_t customers) {
  const std::string path = (folder / (sealed ? "sealed.emptor" : "plain.emptor")).string();
  Measured measured;
  {
    OpenOptions options;
    options.create = true;
    options.durability = Durability::off;
    HostKey key;
    key.fill(std::byte{7});
    if (sealed) options.host_keys = {key};
    const auto store = open_store(path, options);
    Session session(*store);
    const std::string_view fields[] = {"customer.name", "customer.city", "contact_point.value"};
    if (sealed) seal_fields(session, fields);
    const std::string base[] = {(folder / "base").string()};
    measured.import = bench::seconds_of([&] { import_tables(session, base); });
    measured.write = bench::seconds_of([&] { make(session, customers); });
    std::tie(measured.found, measured.card) = look_up(session, customers);
  }
  measured.bytes = static_cast<double>(std::filesystem::file_size(path));
  return measured;
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t customers = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 200'000;
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "emptor-sealing-bench";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const Generated made = generate((folder / "base").string(), {.customers = customers / 2});
  const Measured plain = measure(folder, false, customers), sealed = measure(folder, true, customers);
  const auto rate = [&](const Measured& measured) { return 3 * static_cast<double>(customers) / measured.write; };
  const auto rows = static_cast<double>(made.customers + made.lines + made.interactions);
  bench::figure("rows of a customer base imported a second, plain", rows / plain.import, "");
  bench::figure("the same sealed", rows / sealed.import, "");
  bench::figure("records written a second, plain", rate(plain), "");
  bench::figure("the same sealed", rate(sealed), "");
  bench::figure("found by telephone, plain, median", plain.found, "us");
  bench::figure("the same sealed", sealed.found, "us");
  bench::figure("caller card, plain, median", plain.card, "us");
  bench::figure("the same sealed", sealed.card, "us");
  bench::figure("bytes of the file, sealed to plain", sealed.bytes / plain.bytes, "x");
  bool held = bench::bound("sealed import to plain", plain.import / sealed.import, Is::at_least, .5, "x");
  held &= bench::bound("sealed writing of names, cities and contacts to plain", rate(sealed) / rate(plain),
                       Is::at_least, .5, "x");
  held &= bench::bound("sealed look-up to plain", sealed.found / plain.found, Is::at_most, 1.5, "x");
  held &= bench::bound("sealed caller card to plain", sealed.card / plain.card, Is::at_most, 1.5, "x");
  std::filesystem::remove_all(folder);
  return held ? 0 : 1;
}
