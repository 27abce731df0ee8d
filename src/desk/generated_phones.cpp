#include "desk/generated_phones.hpp"

#include <array>
#include <vector>

namespace emptor {
namespace {

using Words = std::vector<std::string_view>;

struct Numbering {
  std::string_view code, trunk, area;
  std::size_t rest;
  Words mobile;
  std::size_t mobile_rest;
};

const Numbering& numbering_of(Tongue tongue) {
  static const std::array<Numbering, tongue_count> all = {{{"86", "0", "21", 8, {"139", "138", "158", "188"}, 8},
                                                           {"49", "0", "40", 7, {"151", "160", "171", "175"}, 8},
                                                           {"44", "0", "113", 7, {"7700", "7811", "7912"}, 6},
                                                           {"33", "0", "4", 8, {"6", "7"}, 8},
                                                           {"351", "", "22", 7, {"91", "93", "96"}, 7},
                                                           {"34", "", "952", 6, {"612", "655", "699"}, 6},
                                                           {"39", "", "011", 7, {"333", "347", "328"}, 7}}};
  return all[static_cast<std::size_t>(tongue)];
}

/// "1234567" as "123 45 67" or with another mark.
std::string grouped(const std::string& digits, char mark) {
  std::string text = digits.substr(0, 3);
  for (std::size_t at = 3; at < digits.size(); at += 2) (text += mark) += digits.substr(at, 2);
  return text;
}

}  // namespace

MadePhone made_phone(Random& random, Tongue tongue, bool mobile) {
  const Numbering& numbering = numbering_of(tongue);
  const std::string area(mobile ? numbering.mobile[random.below(numbering.mobile.size())] : numbering.area);
  return {tongue, mobile, area, made_digits(random, mobile ? numbering.mobile_rest : numbering.rest)};
}

std::string e164(const MadePhone& phone) {
  return '+' + std::string(numbering_of(phone.tongue).code) + phone.area + phone.rest;
}

std::string written(const MadePhone& phone, std::size_t notation) {
  const Numbering& numbering = numbering_of(phone.tongue);
  const std::string code(numbering.code);
  // Chinese mobile numbers are dialled without the trunk's zero.
  const bool bare = phone.tongue == Tongue::chinese && phone.mobile;
  const std::string national = (bare ? std::string() : std::string(numbering.trunk)) + phone.area;
  switch (notation) {
    case 0:
      return '+' + code + ' ' + phone.area + ' ' + phone.rest;
    case 1:
      return "00" + code + '-' + phone.area + '-' + phone.rest;
    case 2:
      return national + '/' + grouped(phone.rest, ' ');
    case 3:
      return '(' + national + ") " + grouped(phone.rest, '-');
    case 4:
      return national + phone.rest;
    default:
      return e164(phone);
  }
}

}  // namespace emptor
