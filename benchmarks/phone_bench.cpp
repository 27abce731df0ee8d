// Telephone numbers: how long one takes to read, and to read and make the keys of a look-up. Processor time of the
// thread, the best of several rounds.   bench_phone
#include <algorithm>
#include <array>

#include "bound.hpp"
#include "emptor/core/phone.hpp"
#include "emptor/session/phone_keys.hpp"
#include "processor_time.hpp"

namespace {

using namespace emptor;
using namespace emptor::bench;

constexpr int repetitions = 50'000;

struct Written {
  const char* text;
  const char* region;
};

constexpr std::array<Written, 10> numbers = {{{"+49 (0)30 901820", "DE"},
                                              {"0049 30 901820", "DE"},
                                              {"030/901820", "DE"},
                                              {"011 49 30 901820", "US"},
                                              {"(201) 555-0123 ext. 12", "US"},
                                              {"sip:+8613912345678@gateway.example;user=phone", "CN"},
                                              {"tel:+44-20-7946-0123", "GB"},
                                              {"0 15 11 91234-5678", "BR"},
                                              {"8 (495) 123-45-67", "RU"},
                                              {"٠١٠ ٠١٢٣ ٤٥٦٧", "EG"}}};

/// Nanoseconds a number.
template <class Work>
double nanoseconds_each(Work&& work) {
  const double all = nanoseconds_of(repetitions, [&] { std::for_each(numbers.begin(), numbers.end(), work); });
  return all / static_cast<double>(numbers.size());
}

}  // namespace

int main() {
  std::size_t seen = 0;
  const double parse =
      nanoseconds_each([&](const Written& each) { seen += parse_phone(each.text, each.region).e164().size(); });
  const double keys = nanoseconds_each([&](const Written& each) { seen += phone_keys(each.text, each.region).size(); });
  const bool holds = bound("parse_phone, ten notations", parse, Is::at_most, 1000, "ns");
  figure("phone_keys, the same", keys, "ns");
  figure("characters of results, so that nothing is left out", static_cast<double>(seen), "");
  return holds ? 0 : 1;
}
