// What sealing costs: a made-up customer base imported, and customers looked up by telephone, in a plain file and in
// one whose texts are sealed. Besides, what it costs at most: a write of next to nothing but texts that are sealed,
// names, cities, telephones and e-mails in sets of some thousand, and a contact point read with all its texts.
//
//     sealing_bench [CUSTOMERS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
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

struct Measured {
  double import = 0, write = 0, found = 0, point = 0, card = 0, bytes = 0;
};

// Median microseconds of a look-up by telephone: whose it is, the contact point whole, and the card.
void look_up(Session& session, std::size_t customers, Measured& measured) {
  Random random(5);
  std::vector<double> found, points, cards;
  const auto time = [](std::vector<double>& times, const auto& finds) {
    times.push_back(1e6 * bench::seconds_of([&] {
                      if (!finds()) std::abort();
                    }));
  };
  for (std::size_t i = 0; i < lookups; ++i) {
    const std::string number = number_of(random.below(customers)), other = number_of(random.below(customers));
    const Query whole{.entity = "contact_point", .where = Where::equal("value_key", number), .limit = 2};
    const Query whose{
        .entity = "contact_point", .where = Where::equal("value_key", other), .fields = {"customer_id"}, .limit = 2};
    time(points, [&] { return session.view().select(whole).size() == 1; });
    time(cards, [&] { return caller_card(session, number).customer.value != 0; });
    time(found, [&] {
      ScanKey key;
      Batch batch;
      session.view().scan(whose, key, batch);
      return batch.rows() == 1;
    });
  }
  measured.found = median(found);
  measured.point = median(points);
  measured.card = median(cards);
}

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
    look_up(session, customers, measured);
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
  bench::figure("customer found by telephone, plain, median", plain.found, "us");
  bench::figure("the same sealed", sealed.found, "us");
  bench::figure("contact point found by telephone, plain, median", plain.point, "us");
  bench::figure("the same sealed", sealed.point, "us");
  bench::figure("caller card, plain, median", plain.card, "us");
  bench::figure("the same sealed", sealed.card, "us");
  bench::figure("bytes of the file, sealed to plain", sealed.bytes / plain.bytes, "x");
  bool held = bench::bound("sealed import to plain", plain.import / sealed.import, Is::at_least, .5, "x");
  held &= bench::bound("sealed look-up to plain", sealed.found / plain.found, Is::at_most, 1.5, "x");
  held &= bench::bound("sealed caller card to plain", sealed.card / plain.card, Is::at_most, 1.5, "x");
  std::filesystem::remove_all(folder);
  return held ? 0 : 1;
}
