#include "emptor/core/text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "emptor/core/random.hpp"

using namespace emptor;

namespace {

std::string utf8(char32_t code_point) {
  std::string text;
  append_utf8(text, code_point);
  return text;
}

bool is_scalar(char32_t c) { return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF); }

/// The distance by its definition, without any shortcut.
std::size_t full_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
        continue;
      }
      const std::size_t replaced = table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      table[i][j] = std::min({replaced, table[i - 1][j] + 1, table[i][j - 1] + 1});
    }
  }
  return table[a.size()][b.size()];
}

}  // namespace

TEST_CASE("text: every code point is written and read back, and is well-formed") {
  bool all_agree = true;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (!is_scalar(c)) continue;
    const std::string text = utf8(c);
    std::size_t at = 0;
    all_agree = all_agree && is_utf8(text) && next_code_point(text, at) == c && at == text.size();
  }
  CHECK(all_agree);
}

TEST_CASE("text: overlong forms, surrogates, NUL, ends that are cut and stray bytes are not UTF-8") {
  using namespace std::string_view_literals;
  for (const std::string_view bytes :
       {"\xC0\xAF"sv, "\xC1\xBF"sv, "\xE0\x80\xAF"sv, "\xE0\x9F\xBF"sv, "\xF0\x80\x80\xAF"sv, "\xF0\x8F\xBF\xBF"sv,
        "\xED\xA0\x80"sv, "\xED\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFF"sv, "\x80"sv, "\xC3"sv,
        "\xE4\xB8"sv, "\xF0\x9F\x98"sv, "a\xE4\xB8z"sv, "a\0b"sv, "\xFE\xFF"sv}) {
    CHECK(!is_utf8(bytes));
  }
  CHECK(is_utf8(""));
  CHECK(is_utf8("\xF4\x8F\xBF\xBF"));
}

TEST_CASE("text: a malformed byte reads as U+FFFD and reading goes on with the next") {
  const std::string_view text = "a\xE4\xB8z";
  std::vector<char32_t> read;
  for (std::size_t at = 0; at < text.size();) read.push_back(next_code_point(text, at));
  CHECK(read == std::vector<char32_t>{'a', 0xFFFD, 0xFFFD, 'z'});
}

TEST_CASE("text: length counts code points") {
  CHECK(length("") == 0);
  CHECK(length("abc") == 3);
  CHECK(length("客户 é😀") == 5);
}

TEST_CASE("text: trimming takes ASCII, no-break and ideographic blanks at both ends only") {
  CHECK(trim("  \t\r\n a b \v\f") == "a b");
  CHECK(trim("\u3000\u00A0王 伟\u00A0\u3000") == "王 伟");
  CHECK(trim(" \u3000 ").empty());
  CHECK(trim("").empty());
}

TEST_CASE("text: folding tells of each byte which character it stands for") {
  const std::string_view text = " Straße\u3000ＡＢ e\u0301 中";
  std::vector<std::uint32_t> origins;
  const std::string folded = fold(text, origins);
  CHECK(folded == fold(text));
  REQUIRE(folded == "strasse ab e 中");
  REQUIRE(origins.size() == folded.size());
  const auto from = [&](std::size_t at) { return text.substr(origins[at]); };
  CHECK(from(0).starts_with("Straße"));
  CHECK(from(4).starts_with("ße"));
  CHECK(from(5).starts_with("ße"));
  CHECK(from(8).starts_with("ＡＢ"));
  CHECK(from(9).starts_with("Ｂ "));
  CHECK(from(11).starts_with("e\u0301"));
  CHECK(from(15).starts_with("中"));
}

TEST_CASE("text: folding makes equal what a reader takes for the same") {
  CHECK(fold("  Müller\tGmbH ") == "muller gmbh");
  CHECK(fold("MÜLLER GMBH") == "muller gmbh");
  CHECK(fold("Mu\u0308ller GmbH") == "muller gmbh");
  CHECK(fold("ＡＢＣ　１２３－４") == "abc 123-4");
  CHECK(fold("São João d'Água") == "sao joao d'agua");
  CHECK(fold("Nguyễn Thị Ánh") == "nguyen thi anh");
  CHECK(fold("Łódź Škoda Dvořák") == "lodz skoda dvorak");
  CHECK(fold("Straße ÆON Œuvre Þór") == "strasse aeon oeuvre thor");
  CHECK(fold("İstanbul ıĞŞ") == "istanbul igs");
  CHECK(fold("Ərəb") == "ərəb");
  CHECK(fold("lǚ yǒu") == "lu you");
  CHECK(fold("ΟΔΟΣ") == fold("οδος"));
  CHECK(fold("ΆΈΉΊΌΎΏ") == "άέήίόύώ");
  CHECK(fold("ПРИВЕТ Ёж Їжак Ґанок") == "привет ёж їжак ґанок");
}

TEST_CASE("text: scripts without case stay as they are") {
  for (const char* text : {"上海贸易有限公司", "株式会社テスト", "한국어", "ไทย", "हिन्दी", "×÷", "😀"}) {
    CHECK(fold(text) == text);
  }
}

TEST_CASE("text: folding what is folded changes nothing") {
  bool all_agree = true;
  for (char32_t c = 1; c <= 0x1FFFF; ++c) {
    if (!is_scalar(c)) continue;
    const std::string once = fold("a" + utf8(c) + "b");
    all_agree = all_agree && fold(once) == once && is_utf8(once);
  }
  CHECK(all_agree);
}

TEST_CASE("text: folding any bytes gives well-formed text") {
  Random random(5);
  for (int round = 0; round < 5'000; ++round) {
    std::string bytes;
    for (std::uint64_t left = random.below(12); left > 0; --left) bytes += static_cast<char>(1 + random.below(255));
    REQUIRE(is_utf8(fold(bytes)));
  }
}

TEST_CASE("text: truncating cuts between code points") {
  CHECK(emptor::truncate("客户", 6) == "客户");
  CHECK(emptor::truncate("客户", 5) == "客");
  CHECK(emptor::truncate("客户", 3) == "客");
  CHECK(emptor::truncate("客户", 2).empty());
  CHECK(emptor::truncate("abc", 2) == "ab");
  CHECK(emptor::truncate("", 0).empty());
}

TEST_CASE("text: edit distance is Levenshtein's, in code points, up to the limit") {
  CHECK(edit_distance("kitten", "sitting", 9) == 3);
  CHECK(edit_distance("客户名", "客名", 9) == 1);
  CHECK(edit_distance("", "abc", 9) == 3);
  CHECK(edit_distance("abc", "abc", 0) == 0);
  CHECK(edit_distance("abc", "xyz", 1) == 2);
  CHECK(edit_distance("a", "abcdef", 2) == 3);
}

TEST_CASE("text: edit distance agrees with its definition on random words") {
  Random random(11);
  const auto word = [&] {
    std::string letters;
    for (std::uint64_t left = random.below(9); left > 0; --left) letters += static_cast<char>('a' + random.below(3));
    return letters;
  };
  for (int round = 0; round < 5'000; ++round) {
    const std::string a = word();
    const std::string b = word();
    const std::size_t limit = random.below(6);
    REQUIRE(edit_distance(a, b, limit) == std::min(full_distance(a, b), limit + 1));
  }
}
