#include "emptor/core/phone.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "core/phone_plan.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;

namespace {

struct Case {
  const char* text;
  const char* region;
  const char* e164;
  const char* extension = "";
};

void check(const Case& each) {
  CAPTURE(each.text);
  const PhoneNumber number = parse_phone(each.text, each.region);
  CHECK(number.valid());
  CHECK(number.e164() == each.e164);
  CHECK(number.extension() == each.extension);
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> found(1);
  for (const char c : line) {
    if (c == '\t') {
      found.emplace_back();
    } else {
      found.back() += c;
    }
  }
  return found;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// What is promised of any text.
void check_promises(std::string_view text, std::string_view region) {
  const PhoneNumber number = parse_phone(text, region);
  CHECK(all_digits(number.national()));
  CHECK(all_digits(number.extension()));
  CHECK(number.extension().size() <= 20);
  CHECK(number.e164().empty() == (number.calling_code() == 0));
  CHECK(number.valid() == (number.kind() != PhoneKind::unknown));
  if (number.calling_code() == 0) return;
  CHECK(number.e164() == "+" + std::to_string(number.calling_code()) + std::string(number.national()));
  CHECK(number.national().size() >= 2);
  CHECK(number.national().size() <= 17);
}

}  // namespace

// Expected values here and below: phonenumbers 9.0.43, unless a comment says otherwise.
TEST_CASE("phone: one number in many notations is one number") {
  for (const char* text : {"+49 30 901820", "+49 (0)30 901820", "0049 30 901820", "030/90 18 20", "(0 30) 901-820",
                           "030 901820", "+4930901820", "tel:+49-30-901820", "sip:+4930901820@example.com;user=phone",
                           "tel:030-901820;phone-context=+49", "Tel.: 030 . 901820", "49 30 901820"})
    check({text, "DE", "+4930901820"});
}

TEST_CASE("phone: the prefix for abroad is that of the region from which is dialled") {
  check({"00 49 30 901820", "FR", "+4930901820"});
  check({"011 49 30 901820", "US", "+4930901820"});
  check({"0011 49 30 901820", "AU", "+4930901820"});
  check({"8~10 49 30 901820", "RU", "+4930901820"});
  check({"009 49 30 901820", "NG", "+4930901820"});
  check({"010 49 30 901820", "JP", "+4930901820"});
}

// phonenumbers takes these for national numbers that no plan knows.
TEST_CASE("phone: the prefix of another region is understood where nothing else makes a number") {
  check({"0049 30 901820", "US", "+4930901820"});
  check({"0049 30 901820", "", "+4930901820"});
  check({"011 49 30 901820", "DE", "+4930901820"});
  check({"00 1 246-310-1234", "HK", "+12463101234"});  // Hong Kong's own prefixes begin with 001
  check({"0018003481718", "TH", "+660018003481718"});  // a national number that begins like a prefix
}

TEST_CASE("phone: trunk prefixes, carrier codes and mobile tokens are no part of the national number") {
  check({"8 (495) 123-45-67", "RU", "+74951234567"});
  check({"06 1 234 5678", "HU", "+3612345678"});
  check({"0 15 11 91234-5678", "BR", "+5511912345678"});
  check({"011 15 1234-5678", "AR", "+5491112345678"});
  check({"06 698 12345", "IT", "+390669812345"});
  check({"+39 06 698 12345", "", "+390669812345"});
}

// Prefixes that Mexico gave up in 2019, and a zero in brackets in Spain, which has no trunk prefix: by their rules.
TEST_CASE("phone: prefixes that are no longer dialled are still understood") {
  for (const char* text : {"+52 1 55 1234 5678", "+52 55 1234 5678"}) check({text, "", "+525512345678"});
  for (const char* text : {"044 55 1234 5678", "045 55 1234 5678", "01 55 1234 5678", "55 1234 5678"})
    check({text, "MX", "+525512345678"});
  check({"+34 (0)91 123 4567", "", "+34911234567"});
}

TEST_CASE("phone: digits and marks of every script, and letters on the keys") {
  check({"＋８６　１３９－１２３４－５６７８", "", "+8613912345678"});
  check({"٠١٠ ٠١٢٣ ٤٥٦٧", "EG", "+201001234567"});
  check({"०११ २३०१ २३४५", "IN", "+911123012345"});
  check(
      {"\xE2\x80\xAA+49\xC2\xA0"
       "30\xE2\x80\x91"
       "901820\xE2\x80\xAC",
       "", "+4930901820"});
  check({"1-800-FLOWERS", "US", "+18003569377"});
}

TEST_CASE("phone: extensions are told from the number") {
  for (const char* text : {"030 901820 ext. 12", "030 901820x12", "030 901820 #12", "030 901820;ext=12",
                           "030 901820,,12#", "030 901820 доб. 12", "tel:+49-30-901820;ext=12",
                           "tel:030901820;ext=12;phone-context=+49", "030 901820 ｅｘｔ 12", "030 901820 extensión 12"})
    check({text, "DE", "+4930901820", "12"});
  // Labels that phonenumbers does not know.
  for (const char* text : {"030 901820 Durchwahl 12", "030 901820-DW 12", "030 901820 Apparat: 12"})
    check({text, "DE", "+4930901820", "12"});
  check({"010-12345678转12", "CN", "+861012345678", "12"});
  check({"(530) 583-6985 x302/x2303", "US", "+15305836985", "302"});
}

TEST_CASE("phone: an extension after an unsure mark has nine digits at most, after a sure one twenty") {
  CHECK(parse_phone("030 901820 x123456789", "DE").extension() == "123456789");
  CHECK(parse_phone("030 901820 x1234567890", "DE").extension().empty());
  CHECK(parse_phone("030 901820 ext 12345678901234567890", "DE").extension() == "12345678901234567890");
  CHECK(parse_phone("030 901820 ext 123456789012345678901", "DE").state() == PhoneState::none);
}

TEST_CASE("phone: who hides the number is told from who gives none") {
  for (const char* text : {"", "  ", "anonymous", "Anonymous", "PRIVATE", "unknown", "Restricted", "unavailable",
                           "private number", "+266696687", "+266 696 687", "sip:anonymous@anonymous.invalid",
                           "\"Anonymous\" <sip:anonymous@example.com>", "未知", "Unbekannt"})
    CHECK_MESSAGE(parse_phone(text, "DE").state() == PhoneState::withheld, text);
  for (const char* text : {"-", "n/a", "ann@example.com", "sip:ann2000@example.com", "call the reception", "5",
                           "12+34567", "tel:123456;phone-context=%%", "1 2 x"})
    CHECK_MESSAGE(parse_phone(text, "DE").state() == PhoneState::none, text);
}

TEST_CASE("phone: without a region, digits stay as they were written") {
  const PhoneNumber number = parse_phone("(030) 90-18-20 x5");
  CHECK(number.state() == PhoneState::local);
  CHECK(number.national() == "030901820");
  CHECK(number.extension() == "5");
  CHECK(number.e164().empty());
  CHECK(parse_phone("030 901820", "ZZ").state() == PhoneState::local);
  CHECK(parse_phone("030 901820", "de").e164() == "+4930901820");
}

TEST_CASE("phone: a number that the plan of its country does not give out is told as such") {
  const PhoneNumber number = parse_phone("+49 30 1");
  CHECK(number.state() == PhoneState::unplanned);
  CHECK(number.e164() == "+49301");
  CHECK(number.international());
  CHECK(parse_phone("+999 123456").state() == PhoneState::local);
  CHECK_FALSE(parse_phone("030 901820", "DE").international());
}

TEST_CASE("phone: kind and region come from the plan") {
  CHECK(parse_phone("+49 171 1234567").kind() == PhoneKind::mobile);
  CHECK(parse_phone("+1 204 234 5678").region() == "CA");
  CHECK(parse_phone("+1 201 555 0123").kind() == PhoneKind::fixed_or_mobile);
  CHECK(parse_phone("+44 1481 256789").region() == "GG");
  CHECK(parse_phone("+800 1234 5678").region() == "001");
  CHECK(parse_phone("+800 1234 5678").kind() == PhoneKind::toll_free);
  CHECK(name_of(PhoneKind::fixed_or_mobile) == "fixed_or_mobile");
  CHECK(name_of(PhoneState::unplanned) == "unplanned");
}

TEST_CASE("phone: trunk prefixes by region") {
  CHECK(trunk_prefix("DE") == "0");
  CHECK(trunk_prefix("ru") == "8");
  CHECK(trunk_prefix("HU") == "06");
  CHECK(trunk_prefix("IT").empty());
  CHECK(trunk_prefix("ZZ").empty());
}

// The sample was written by tests/peers/phone_oracle.py from phonenumbers: all regions and kinds, in five notations.
TEST_CASE("phone: a sample of all regions and kinds is read as the peer reads it") {
  std::ifstream sample(EMPTOR_SOURCE_DIR "/tests/core/phone_sample.tsv");
  std::size_t lines = 0, different = 0;
  for (std::string line; std::getline(sample, line); ++lines) {
    const std::vector<std::string> cell = cells(line);
    REQUIRE(cell.size() == 7);
    const PhoneNumber number = parse_phone(cell[1], cell[0]);
    const bool same = std::to_string(number.calling_code()) == cell[2] && number.national() == cell[3] &&
                      number.region() == cell[4] && name_of(number.kind()) == cell[5] && number.extension() == cell[6];
    if (!same) MESSAGE("differs: " << line << " -> " << number.e164());
    different += same ? 0 : 1;
  }
  CHECK(lines > 2000);
  CHECK(different * 1000 <= lines);
}

TEST_CASE("phone: any text gives a number that keeps the promises, or none") {
  Random random(11);
  constexpr std::string_view pieces[] = {"+",        "0",     "00",  "49",       "1",
                                         "9",        "(0)",   " ",   "-",        "x",
                                         "#",        ";",     "@",   "<",        "sip:",
                                         "tel:",     ";ext=", "%2B", "\xD9\xA0", "\xFF",
                                         "\xE2\x80", ",",     ".",   "FLO",      ";phone-context=",
                                         "/",        "\\ x",  "*"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(24); n > 0; --n) text += pieces[random.below(std::size(pieces))];
    check_promises(text, phone::regions[random.below(phone::region_count)].region);
  }
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(40); n > 0; --n) text += static_cast<char>(random.below(256));
    check_promises(text, i % 2 == 0 ? "US" : "");
  }
}

TEST_CASE("phone: more than 250 bytes are no number") {
  const std::string blanks(240, '-');
  CHECK(parse_phone("+493" + blanks + "0901820").state() == PhoneState::none);
  CHECK(parse_phone("+493" + blanks.substr(4) + "0901820").state() == PhoneState::valid);
  CHECK(parse_phone(std::string(250, '1'), "DE").state() == PhoneState::none);
  CHECK(parse_phone(std::string(1'000'000, '1'), "DE").state() == PhoneState::none);
}

// By the definition of a plan: a region is found by its code, and its code's main region belongs to it.
TEST_CASE("phone plan: tables are consistent") {
  for (const phone::RegionPlan& plan : phone::regions) {
    const phone::CodePlan& code = phone::code_of(plan);
    CHECK(&plan >= &phone::main_plan(code));
    CHECK(&plan < &phone::main_plan(code) + code.region_count);
    if (std::string_view(plan.region) != "001") CHECK(phone::plan_of_region(plan.region) == &plan);
    CHECK(phone::leading_code(std::to_string(code.calling_code) + "5") == &code);
  }
  CHECK(phone::plan_of_region("00") == nullptr);
  CHECK(phone::plan_of_region("") == nullptr);
  CHECK(phone::leading_code("0") == nullptr);
  CHECK(phone::leading_code("999") == nullptr);
}
