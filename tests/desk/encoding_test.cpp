#include "desk/encoding.hpp"

#include <doctest/doctest.h>

#include <string>

#include "desk/table_survey.hpp"
#include "emptor/core/text.hpp"

using namespace emptor;

namespace {

Encoding detect(const std::string& bytes) {
  const auto text = survey_text(open_memory(bytes));
  REQUIRE(text.text);
  return text.survey.encoding;
}

struct Decoded {
  std::string text;
  std::uint64_t malformed = 0;
  bool operator==(const Decoded&) const = default;
};

Decoded decode_in_pieces(Encoding encoding, std::string_view bytes, std::size_t piece, bool big_endian = false) {
  const auto decoder = make_decoder(encoding, big_endian);
  Decoded result;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    decoder->decode(bytes.substr(at, piece), at + piece >= bytes.size(), result.text);
  }
  result.malformed = decoder->malformed();
  return result;
}

/// The same whatever the pieces in which the bytes come.
Decoded decode(Encoding encoding, std::string_view bytes, bool big_endian = false) {
  const Decoded whole = decode_in_pieces(encoding, bytes, bytes.size() + 1, big_endian);
  for (std::size_t piece = 1; piece <= 7; ++piece) CHECK(decode_in_pieces(encoding, bytes, piece, big_endian) == whole);
  return whole;
}

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  }
  return bytes;
}

}  // namespace

// Expected bytes of GB18030 are those of Python's codec.
TEST_CASE("encoding: GB18030 is decoded in its two-byte and four-byte areas") {
  CHECK(decode(Encoding::gb18030, "\xD6\xD0\xB9\xFA").text == "中国");
  CHECK(decode(Encoding::gb18030, "\xD6\xEC\xE9\x46\xBB\xF9").text == "朱镕基");  // a trail byte that is a letter
  CHECK(decode(Encoding::gb18030, "\xA2\xE3").text == "€");
  CHECK(decode(Encoding::gb18030, "\xA1\xA2\xA1\xA3").text == "、。");
  CHECK(decode(Encoding::gb18030, "\x81\x30\x8A\x31").text == "ä");
  CHECK(decode(Encoding::gb18030, "\x81\x39\xEE\x39").text == "㐀");
  CHECK(decode(Encoding::gb18030, "\x90\x30\x81\x30").text == "\U00010000");
  CHECK(decode(Encoding::gb18030, "\x95\x32\x82\x36").text == "\U00020000");
  CHECK(decode(Encoding::gb18030, "a\x94\x32\xBE\x34z").text == "a\U0001D11Ez");
}

TEST_CASE("encoding: bytes that mean nothing become U+FFFD and are counted") {
  CHECK(decode(Encoding::gb18030,
               "a\xFF"
               "b") == Decoded{"a\uFFFDb", 1});
  CHECK(decode(Encoding::gb18030, "\xD6\xD0\xB9") == Decoded{"中\uFFFD", 1});  // cut at the end
  CHECK(decode(Encoding::utf8, "a\xFF\xC3") == Decoded{"a\uFFFD\uFFFD", 2});
  CHECK(decode(Encoding::utf8, "caf\xC3\xA9 \xE9t\xC3\xA9") == Decoded{"café \uFFFDté", 1});
  CHECK(decode(Encoding::utf8, "\xC0\xAF\xED\xA0\x80") == Decoded{"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", 5});
  CHECK(decode(Encoding::cp1252, "\x81") == Decoded{"\uFFFD", 1});
}

TEST_CASE("encoding: cp1252 and Latin-1 differ in 80-9F only") {
  CHECK(decode(Encoding::cp1252, "\x80 \x91\x92 \xE9 \x9F") == Decoded{"€ ‘’ é Ÿ", 0});
  CHECK(decode(Encoding::latin1, "\xE9\xDF\xFF") == Decoded{"éßÿ", 0});
  CHECK(decode(Encoding::latin1, "\x80") == Decoded{"\u0080", 0});
}

TEST_CASE("encoding: UTF-16 is decoded in both byte orders, with pairs") {
  for (const bool big_endian : {false, true}) {
    CHECK(decode(Encoding::utf16, utf16(u"aé中\U0001D11E", big_endian), big_endian) == Decoded{"aé中\U0001D11E", 0});
    CHECK(decode(Encoding::utf16, utf16(std::u16string{0xD834, u'a'}, big_endian), big_endian) ==
          Decoded{"\uFFFDa", 1});
    CHECK(decode(Encoding::utf16, utf16(u"a", big_endian) + "x", big_endian) == Decoded{"a\uFFFD", 1});
  }
}

TEST_CASE("encoding: hostile bytes of any kind come out as well-formed text") {
  std::string bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 20'000; ++i) bytes += static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24 | 1);
  for (const Encoding encoding : {Encoding::utf8, Encoding::gb18030, Encoding::cp1252, Encoding::latin1}) {
    CHECK(is_utf8(decode_in_pieces(encoding, bytes, 1000).text));
    CHECK(decode_in_pieces(encoding, bytes, 13) == decode_in_pieces(encoding, bytes, 100'000));
  }
}

TEST_CASE("encoding: western names never become Chinese") {
  for (const char* text : {
           "id,name\n1,Jos\xE9\n2,Anna\n",                   // José
           "id,name\n1,JO\xC3O\n2,MARIA CONCEI\xC7\xC3O\n",  // JOÃO, CONCEIÇÃO
           "id,name\n1,Jo\xE3o\n2,A\xE7\xF5"
           "es e na\xE7\xE3o\n",  // João, Ações e nação
           "id,name\n1,M\xFCller\n2,Stra\xDF"
           "e\n3,Gr\xF6\xDF"
           "e\n",
           "id,name\n1,N\xFA\xF1"
           "ez\n2,\xD1u\xF1oa\n3,\xBFQu\xE9?\n",
           "id,name\n1,r\xE9v\xE9l\xE9\n2,\xE9v\xE9nement\n3,cr\xE9\xE9"
           "e\n",
           "id,name\n1,\xC5ngstr\xF6m\n2,S\xF8ren\n3,\xD8rsted\n",
           "id,price\n1,\xA3"
           "50\n2,20 \x80\n3,15\xB0\n4,\xBD\n",
           "id,name\n1,O\x92"
           "Brien\n2,\x93quoted\x94\n",
       }) {
    CAPTURE(text);
    CHECK(detect(text) == Encoding::cp1252);
  }
}

TEST_CASE("encoding: Chinese text in GB18030 is found, also in short cells and among Latin letters") {
  for (const char* text : {
           "\xD0\xD5\xC3\xFB,\xC4\xEA\xC1\xE4\n",    // 姓名,年龄
           "id,sex\n1,\xC4\xD0\n2,\xC5\xAE\n",       // 男, 女
           "id,name\n1,\xD6\xEC\xE9\x46\xBB\xF9\n",  // 朱镕基
           "id,city\n1,A\xD7\xF9"
           "101\n2,\xB1\xB1\xBE\xA9\xCA\xD0\n",                         // A座101, 北京市
           "id,name\n1,\xCD\xF5\xD0\xA1\xB6\xFE\xA3\xA8VIP\xA3\xA9\n",  // 王小二（VIP）
       }) {
    CAPTURE(text);
    CHECK(detect(text) == Encoding::gb18030);
  }
}

TEST_CASE("encoding: the last lines of a long file count as much as the first") {
  std::string ascii = "id,name\n";
  while (ascii.size() < 3'000'000) ascii += "12345,plain name\n";
  CHECK(detect(ascii) == Encoding::utf8);
  CHECK(detect(ascii + "1,Jos\xE9\n") == Encoding::cp1252);
  CHECK(detect(ascii + "1,\xCD\xF5\xD0\xA1\xB6\xFE\n") == Encoding::gb18030);
  CHECK(detect(ascii + "1,José\n") == Encoding::utf8);
}

TEST_CASE("encoding: UTF-8 with a damaged byte stays UTF-8") {
  std::string text = "id,name\n";
  for (int i = 0; i < 100; ++i) text += "1,José Müller\n";
  CHECK(detect(text + "2,\xFF\n") == Encoding::utf8);
}

TEST_CASE("encoding: undefined bytes of cp1252 speak for Latin-1") {
  CHECK(detect("id,name\n1,a\x81\x8D\xE9 b\n") == Encoding::latin1);
}

TEST_CASE("encoding: a byte order mark decides") {
  CHECK(detect("\xEF\xBB\xBFid,name\n1,a\n") == Encoding::utf8_bom);
  CHECK(detect("\xFF\xFE" + utf16(u"id,name\n1,é\n", false)) == Encoding::utf16);
  CHECK(detect("\xFE\xFF" + utf16(u"id,name\n1,é\n", true)) == Encoding::utf16);
}

TEST_CASE("encoding: a text that was encoded twice is noticed, with its line") {
  const auto text = survey_text(open_memory("id,name\n1,Anna\n2,JosÃ©\n3,donâ€™t\n"));
  CHECK(text.survey.mojibake == 2);
  CHECK(text.survey.first_mojibake_line == 3);
  CHECK(survey_text(open_memory("id,name\n1,SÃO JOÃO\n2,Ângela\n")).survey.mojibake == 0);
}

TEST_CASE("encoding: NUL bytes and control characters are no text") {
  CHECK(survey_text(open_memory(std::string_view("a,b\n1,\0\n", 8))).survey.not_text.find("NUL") != std::string::npos);
  CHECK_FALSE(survey_text(open_memory(std::string(100, '\x01'))).text);
  CHECK_FALSE(survey_text(open_memory("\xFF\xFE" + utf16(std::u16string{u'a', 0}, false))).text);
}
