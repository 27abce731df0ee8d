#include "core/elementary.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "emptor/core/random.hpp"

using namespace emptor;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Known {
  double x;
  double value;
};

// mpmath 1.3 with 300 bits, rounded to the nearest double.
constexpr Known known_exp[] = {
    {0x1.0000000000000p+0, 0x1.5bf0a8b145769p+1},     {-0x1.0000000000000p+0, 0x1.78b56362cef38p-2},
    {0x1.0000000000000p-1, 0x1.a61298e1e069cp+0},     {0x1.b7cdfd9d7bdbbp-34, 0x1.000000006df38p+0},
    {-0x1.56e1fc2f8f359p-997, 0x1.0000000000000p+0},  {0x1.62e42fefa39efp-2, 0x1.6a09e667f3bccp+0},
    {0x1.62e42fefa39f0p-2, 0x1.6a09e667f3bcdp+0},     {0x1.4000000000000p+3, 0x1.5829dcf950560p+14},
    {0x1.9000000000000p+6, 0x1.3494a9b171bf5p+144},   {0x1.5e00000000000p+9, 0x1.d945df4f8ec8ep+1009},
    {0x1.62e42fefa39efp+9, 0x1.fffffffffff2ap+1023},  {-0x1.5e00000000000p+9, 0x1.14f2b0fb9307fp-1010},
    {-0x1.6233333333333p+9, 0x0.ff15b469edf89p-1022}, {-0x1.7200000000000p+9, 0x0.0000000000055p-1022},
    {-0x1.7480000000000p+9, 0x0.0000000000001p-1022}, {0x1.d7f1483a9d150p+2, 0x1.8e8a2f67c2ae4p+10},
    {0x1.d03b24160c6bcp+3, 0x1.e79454d5c8176p+20},    {0x1.1b62c54ada86ep+4, 0x1.7771e873c20d3p+25},
    {0x1.a8c094ecfb376p+4, 0x1.3b025614d22c0p+38},    {0x1.cc9af28c7cd3cp+3, 0x1.b35960e44677dp+20},
    {0x1.956e97579ad30p+4, 0x1.78ac69ff31cafp+36},    {-0x1.c427acd328819p+4, 0x1.2c3916c6a2213p-41},
    {-0x1.08049c97146d0p+1, 0x1.04565bde1c6f7p-3},    {0x1.a99f58c5e2e5cp+4, 0x1.4c9d9ae35bde5p+38},
    {0x1.1e07f8ec71dd0p+3, 0x1.dc38df69d18b2p+12},    {0x1.80dd4e0ad2790p+4, 0x1.a0a1bc58032dfp+34},
    {-0x1.7352808b62822p+4, 0x1.6eb2c45b03782p-34},   {-0x1.db1973fc95b00p+0, 0x1.40241f7c60a63p-3},
    {-0x1.e69485749e3bep+3, 0x1.0b691e4afbf91p-22},   {0x1.501559a1e53a0p+1, 0x1.ba08c7311b3c2p+3},
    {0x1.1bef2537adc20p+2, 0x1.51e7c0d014537p+6},     {-0x1.d3690e8842096p+4, 0x1.ced4372cb2586p-43},
    {-0x1.0ff07bf705999p+4, 0x1.64f7b3d04b145p-25},   {-0x1.a764d3d44d45ap+3, 0x1.e19353d55e900p-20},
    {0x1.8fb109e01857ep+4, 0x1.071e1e013d23ep+36},    {0x1.fe315fbd77074p+3, 0x1.004ae19956123p+23},
    {-0x1.46c7ab3491a6cp+4, 0x1.72de26a191631p-30},   {0x1.1d42d838a1be2p+4, 0x1.a621b8e8a16aap+25},
    {-0x1.5ac884edd94ecp+4, 0x1.a8eeefd653434p-32},   {0x1.c304869585688p+2, 0x1.1f65115c5786fp+10},
};
constexpr Known known_log[] = {
    {0x1.0000000000000p+1, 0x1.62e42fefa39efp-1},    {0x1.0000000000000p-1, -0x1.62e42fefa39efp-1},
    {0x1.0000000000001p+0, 0x1.fffffffffffffp-53},   {0x1.fffffffffffffp-1, -0x1.0000000000000p-53},
    {0x1.6a09e667f3bcdp+0, 0x1.62e42fefa39f0p-2},    {0x1.6a09e667f3bccp+0, 0x1.62e42fefa39eep-2},
    {0x1.6a09e667f3bcdp-1, -0x1.62e42fefa39eep-2},   {0x1.4000000000000p+3, 0x1.26bb1bbb55516p+1},
    {0x1.56e1fc2f8f359p-997, -0x1.5963447f87fb5p+9}, {0x0.0000000000001p-1022, -0x1.74385446d71c3p+9},
    {0x1.fffffffffffffp+1023, 0x1.62e42fefa39efp+9}, {0x1.8000000000000p+1, 0x1.193ea7aad030bp+0},
    {0x1.48bfbfb6d9e97p-1, -0x1.c5a9a9b80a4c6p-2},   {0x1.381b6d7670944p-2, -0x1.3028fa7fab8f6p+0},
    {0x1.538eb6fea128bp+1, 0x1.f3838b420e06ep-1},    {0x1.bb270a727a1c0p-1, -0x1.27c0c720c5561p-3},
    {0x1.c37b2dd91c266p-1, -0x1.019eb124ffcb9p-3},   {0x1.79ecbb725d708p+1, 0x1.1529852ed5b1ep+0},
    {0x1.53e774a7312f6p+1, 0x1.f409487d56cf0p-1},    {0x1.14c48a14b310fp+0, 0x1.3f7e2eeba622ap-4},
    {0x1.72afd1aa31282p+1, 0x1.1036366bcd41dp+0},    {0x1.c182e20bb2596p+0, 0x1.203f5e52da742p-1},
    {0x1.10a880a4a1acep+1, 0x1.832b2cfc4d399p-1},    {0x1.b4afec65cad70p-1, -0x1.45da239fe396ep-3},
    {0x1.6b99ef303ddcfp+1, 0x1.0b456611668d0p+0},    {0x1.1515fa954e1fep+1, 0x1.8b6a87da3a8aap-1},
    {0x1.7471d30817981p+1, 0x1.116c41972eaddp+0},    {0x1.c6edf7d445811p+340, 0x1.d87d717f7bc84p+7},
    {0x1.c688b54f9cbf6p-175, -0x1.e2e819e587688p+6}, {0x1.cb69703e2b589p-121, -0x1.4d24e773872a2p+6},
    {0x1.cc1f8427b118ep-290, -0x1.90da4c9ba18fep+7}, {0x1.3e2525f4f7640p-307, -0x1.a9285f966d9f3p+7},
    {0x1.7e0708dfbf90ap-377, -0x1.04ea8a3f1c64ep+8}, {0x1.0996fc3fb75a9p-172, -0x1.dcbcf7eec7a80p+6},
    {0x1.313bc1e3ec4c3p+89, 0x1.eeed9097af4c0p+5},   {0x1.1632f21e4fe34p-430, -0x1.29f85a554d345p+8},
    {0x1.041947af3ae22p+154, 0x1.ab0acd8c4d870p+6},  {0x1.9a5d6d3698ac9p-141, -0x1.850c2b10317a0p+6},
    {0x1.691fb9f21f924p-165, -0x1.c819d8c965044p+6}, {0x1.a41f7e647c3c1p+275, 0x1.7e38c0a5e8de0p+7},
    {0x1.4266465047f1bp-17, -0x1.71b1423897ac0p+3},  {0x1.761ffcf4336a1p-160, -0x1.ba18b73c916a6p+6},
};
struct KnownFactorial {
  std::uint64_t n;
  double value;
};
constexpr KnownFactorial known_log_factorial[] = {
    {0, 0x0.0p+0},
    {1, 0x0.0p+0},
    {2, 0x1.62e42fefa39efp-1},
    {10, 0x1.e357590954d15p+3},
    {19, 0x1.3ab8153363985p+5},
    {20, 0x1.52af57aed77bep+5},
    {21, 0x1.6b0a8643472a9p+5},
    {100, 0x1.6bbd47b7669b6p+8},
    {1000, 0x1.71820d04e2eb6p+12},
    {1000000, 0x1.87193cc4f1ea6p+23},
    {1000000000, 0x1.25e649ce0e86ep+34},
    {1000000000000000, 0x1.dc9d5b94e12fcp+54},
};

/// How many doubles lie between two of the same sign.
std::int64_t units_apart(double a, double b) {
  return std::abs(std::bit_cast<std::int64_t>(a) - std::bit_cast<std::int64_t>(b));
}

}  // namespace

TEST_CASE("elementary: exp is within one unit of the true value") {
  for (const Known& each : known_exp) CHECK_MESSAGE(units_apart(elementary::exp(each.x), each.value) <= 1, each.x);
}

TEST_CASE("elementary: log is within one unit of the true value") {
  for (const Known& each : known_log) CHECK_MESSAGE(units_apart(elementary::log(each.x), each.value) <= 1, each.x);
}

TEST_CASE("elementary: on random numbers exp and log are within one unit of the C library's") {
  // The C library's own error is below one unit, so that two units apart would still be one unit of ours.
  Random random(17);
  std::int64_t furthest = 0;
  for (int round = 0; round < 200'000; ++round) {
    const double x = (random.uniform() - 0.5) * 1'400;
    furthest = std::max(furthest, units_apart(elementary::exp(x), std::exp(x)));
    const double near_one = 0.5 + random.uniform();
    furthest = std::max(furthest, units_apart(elementary::log(near_one), std::log(near_one)));
    const double any = std::bit_cast<double>(random.next() >> 2);
    furthest = std::max(furthest, units_apart(elementary::log(any), std::log(any)));
  }
  CHECK(furthest <= 1);
}

TEST_CASE("elementary: the ends of the ranges") {
  CHECK(elementary::exp(0) == 1);
  CHECK(elementary::exp(-0.0) == 1);
  CHECK(elementary::exp(710) == infinity);
  CHECK(elementary::exp(infinity) == infinity);
  CHECK(elementary::exp(-746) == 0);
  CHECK(elementary::exp(-infinity) == 0);
  CHECK(std::isnan(elementary::exp(std::nan(""))));
  CHECK(elementary::log(1) == 0);
  CHECK(elementary::log(0) == -infinity);
  CHECK(elementary::log(infinity) == infinity);
  CHECK(std::isnan(elementary::log(-1)));
  CHECK(std::isnan(elementary::log(std::nan(""))));
}

TEST_CASE("elementary: the logarithm of a factorial is right to a relative 1e-14") {
  for (const KnownFactorial& each : known_log_factorial) {
    CHECK_MESSAGE(std::abs(elementary::log_factorial(each.n) - each.value) <= 1e-14 * each.value, each.n);
  }
}
