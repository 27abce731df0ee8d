#include "desk/encoding.hpp"

#include <iconv.h>

#include <cerrno>

#include "desk/utf8_scan.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

constexpr std::string_view replacement = "\uFFFD";

/// What cp1252 has in 80-9F; 0 where it has nothing.
constexpr char16_t windows_characters[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/// cp1252 and Latin-1.
class OctetDecoder final : public Decoder {
 public:
  explicit OctetDecoder(bool windows) : windows_(windows) {}

  void decode(std::string_view bytes, bool, std::string& text) override {
    while (!bytes.empty()) {
      const std::size_t ascii = ascii_prefix(bytes);
      text.append(bytes.substr(0, ascii));
      bytes.remove_prefix(ascii);
      if (bytes.empty()) return;
      append(static_cast<unsigned char>(bytes.front()), text);
      bytes.remove_prefix(1);
    }
  }
  void reset() override { malformed_ = 0; }

 private:
  bool windows_;

  void append(unsigned char byte, std::string& text) {
    const char32_t code_point = windows_ && byte < 0xA0 ? windows_characters[byte - 0x80] : byte;
    if (code_point != 0) return append_utf8(text, code_point);
    ++malformed_;
    text.append(replacement);
  }
};

/// Decoders whose characters have several bytes: they keep what a cut character leaves.
class PieceDecoder : public Decoder {
 public:
  void decode(std::string_view bytes, bool last, std::string& text) final {
    if (!rest_.empty()) {
      rest_.append(bytes);
      bytes = rest_;
    }
    const std::size_t used = decode_some(bytes, last, text);
    std::string rest(bytes.substr(used));
    rest_.swap(rest);
  }
  void reset() override {
    malformed_ = 0;
    rest_.clear();
  }

 protected:
  /// Returns how many bytes were used; all of them if this is the last call.
  virtual std::size_t decode_some(std::string_view bytes, bool last, std::string& text) = 0;
  void replace(std::string& text) {
    ++malformed_;
    text.append(replacement);
  }

 private:
  std::string rest_;
};

/// UTF-8 that holds damage.
class Utf8Decoder final : public PieceDecoder {
  std::size_t decode_some(std::string_view bytes, bool last, std::string& text) override {
    std::size_t at = 0;
    while (at < bytes.size()) {
      const std::size_t ascii = ascii_prefix(bytes.substr(at));
      text.append(bytes.substr(at, ascii));
      at += ascii;
      if (at == bytes.size() || (!last && bytes.size() - at < 4)) break;
      const std::size_t size = utf8_sequence(bytes, at);
      if (size > 0) {
        text.append(bytes.substr(at, size));
      } else {
        replace(text);
      }
      at += size > 0 ? size : 1;
    }
    return at;
  }
};

class Utf16Decoder final : public PieceDecoder {
 public:
  explicit Utf16Decoder(bool big_endian) : big_endian_(big_endian) {}

 private:
  bool big_endian_;

  char32_t unit(std::string_view bytes, std::size_t at) const noexcept {
    const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(big_endian_ ? first << 8 | second : second << 8 | first);
  }

  std::size_t decode_some(std::string_view bytes, bool last, std::string& text) override {
    std::size_t at = 0;
    for (; at + 2 <= bytes.size(); at += 2) {
      const char32_t high = unit(bytes, at);
      if (high < 0xD800 || high > 0xDFFF) {
        append_utf8(text, high);
        continue;
      }
      if (high < 0xDC00 && at + 4 > bytes.size() && !last) break;
      const char32_t low = high < 0xDC00 && at + 4 <= bytes.size() ? unit(bytes, at + 2) : 0;
      if (low < 0xDC00 || low > 0xDFFF) {
        replace(text);
        continue;
      }
      append_utf8(text, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
      at += 2;
    }
    if (last && at < bytes.size()) replace(text), at = bytes.size();
    return at;
  }
};

/// GB18030 with one, two and four bytes, by the converter of the C library.
class Gb18030Decoder final : public PieceDecoder {
 public:
  Gb18030Decoder() : converter_(iconv_open("UTF-8", "GB18030")) {
    if (converter_ == none()) {
      throw Error(Code::unsupported, "this system cannot convert GB18030", "convert the file to UTF-8 first");
    }
  }
  ~Gb18030Decoder() override { iconv_close(converter_); }
  Gb18030Decoder(const Gb18030Decoder&) = delete;
  Gb18030Decoder& operator=(const Gb18030Decoder&) = delete;

 private:
  iconv_t converter_;

  static iconv_t none() noexcept { return reinterpret_cast<iconv_t>(-1); }

  std::size_t decode_some(std::string_view bytes, bool last, std::string& text) override {
    std::size_t at = 0;
    while (at < bytes.size()) {
      const std::size_t ascii = ascii_prefix(bytes.substr(at));
      text.append(bytes.substr(at, ascii));
      at += ascii;
      if (at == bytes.size()) break;
      const int problem = convert(bytes, at, text);
      if (problem == EINVAL && !last) break;
      if (problem == EILSEQ || problem == EINVAL) {
        replace(text);
        ++at;
      }
    }
    return at;
  }

  /// Converts until a piece of output is full (then 0 is returned, and it is called again), or something
  /// stops it.
  int convert(std::string_view bytes, std::size_t& at, std::string& text) {
    char output[4096];
    char* in = const_cast<char*>(bytes.data() + at);  // iconv's old signature; it does not write there
    std::size_t in_left = bytes.size() - at;
    char* out = output;
    std::size_t out_left = sizeof output;
    const std::size_t result = iconv(converter_, &in, &in_left, &out, &out_left);
    const int problem = result == static_cast<std::size_t>(-1) && errno != E2BIG ? errno : 0;
    text.append(output, sizeof output - out_left);
    at = bytes.size() - in_left;
    return problem;
  }
};

}  // namespace

std::string_view name_of(Encoding encoding) noexcept {
  switch (encoding) {
    case Encoding::utf8:
      return "UTF-8";
    case Encoding::utf8_bom:
      return "UTF-8 with a byte order mark";
    case Encoding::gb18030:
      return "GB18030";
    case Encoding::cp1252:
      return "cp1252";
    case Encoding::latin1:
      return "Latin-1";
    case Encoding::utf16:
      return "UTF-16";
  }
  return "";
}

std::unique_ptr<Decoder> make_decoder(Encoding encoding, bool big_endian) {
  switch (encoding) {
    case Encoding::gb18030:
      return std::make_unique<Gb18030Decoder>();
    case Encoding::utf16:
      return std::make_unique<Utf16Decoder>(big_endian);
    case Encoding::cp1252:
      return std::make_unique<OctetDecoder>(true);
    case Encoding::latin1:
      return std::make_unique<OctetDecoder>(false);
    case Encoding::utf8:
    case Encoding::utf8_bom:
      break;
  }
  return std::make_unique<Utf8Decoder>();
}

}  // namespace emptor
