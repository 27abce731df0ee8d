#include "support/raw_search.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace emptor::test {
namespace {

std::string utf16(const std::string& value, bool big_end) {
  std::string out;
  const auto unit = [&](std::uint32_t code) {
    const char low = static_cast<char>(code & 255), high = static_cast<char>(code >> 8);
    out += big_end ? high : low;
    out += big_end ? low : high;
  };
  for (std::size_t i = 0; i < value.size();) {
    const auto lead = static_cast<unsigned char>(value[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) code = (code << 6) | (static_cast<unsigned char>(value[i + k]) & 63U);
    i += length;
    if (code < 0x10000) {
      unit(code);
    } else {
      unit(0xD800 + ((code - 0x10000) >> 10));
      unit(0xDC00 + ((code - 0x10000) & 1023));
    }
  }
  return out;
}

std::string hexadecimal_of(const std::string& value, const char* digits) {
  std::string out;
  for (const char c : value) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

// Whole characters only: of the first and the last, neighbours have a part.
std::string base64_inside(const std::string& value, unsigned before) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  const std::size_t first = (before * 8 + 5) / 6 * 6 - before * 8;
  for (std::size_t bit = first; bit + 6 <= value.size() * 8; bit += 6) {
    unsigned code = 0;
    for (std::size_t k = bit; k < bit + 6; ++k)
      code = code * 2 + ((static_cast<unsigned char>(value[k / 8]) >> (7 - k % 8)) & 1U);
    out += letters[code];
  }
  return out;
}

std::uint64_t window_at(const char* bytes, std::size_t size) {
  std::uint64_t key = 0;
  std::memcpy(&key, bytes, size);
  return key;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> forms_of(const std::string& value) {
  return {{"UTF-8", value},
          {"UTF-16LE", utf16(value, false)},
          {"UTF-16BE", utf16(value, true)},
          {"hex", hexadecimal_of(value, "0123456789abcdef")},
          {"HEX", hexadecimal_of(value, "0123456789ABCDEF")},
          {"base64", base64_inside(value, 0)},
          {"base64+1", base64_inside(value, 1)},
          {"base64+2", base64_inside(value, 2)}};
}

void RawSearch::add(const std::string& value) {
  if (value.size() < window) throw std::logic_error("a value is too short to be looked for");
  if (!known_.insert(value).second) return;
  ++values_;
  for (const auto& [form, bytes] : forms_of(value)) {
    by_window_.emplace(window_at(bytes.data(), window), patterns_.size());
    patterns_.push_back({bytes, value + " as " + form});
  }
}

std::set<std::string> RawSearch::in(std::string_view bytes) const {
  std::set<std::string> found;
  for (std::size_t at = 0; at + window <= bytes.size(); ++at) {
    const auto [begin, end] = by_window_.equal_range(window_at(bytes.data() + at, window));
    for (auto each = begin; each != end; ++each) {
      const Pattern& pattern = patterns_[each->second];
      if (bytes.substr(at).starts_with(pattern.bytes)) found.insert(pattern.name);
    }
  }
  return found;
}

std::set<std::string> RawSearch::in_file(const std::string& path) const {
  std::ifstream file(path, std::ios::binary);
  return in(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace emptor::test
