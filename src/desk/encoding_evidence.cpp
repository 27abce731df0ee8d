#include <algorithm>
#include <cstring>

#include "desk/encoding.hpp"
#include "desk/locale_text.hpp"
#include "desk/utf8_scan.hpp"

namespace emptor {
namespace {

constexpr unsigned char byte_at(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// One character of GB18030 above ASCII.
struct WideCharacter {
  std::size_t size = 0;  ///< 0: the bytes are none
  bool common = false;   ///< a Chinese character or a mark of GB 2312, which make up nearly all texts
};

WideCharacter wide_character(std::string_view text, std::size_t at) noexcept {
  const unsigned char lead = byte_at(text, at), trail = byte_at(text, at + 1);
  if (lead < 0x81 || lead > 0xFE) return {};
  if (trail >= 0x30 && trail <= 0x39) {
    const unsigned char third = byte_at(text, at + 2), fourth = byte_at(text, at + 3);
    const bool four = third >= 0x81 && third <= 0xFE && fourth >= 0x30 && fourth <= 0x39;
    return four ? WideCharacter{4, false} : WideCharacter{};
  }
  if (trail < 0x40 || trail == 0x7F || trail == 0xFF) return {};
  const bool assigned = (lead >= 0xB0 && lead <= 0xF7) || (lead >= 0xA1 && lead <= 0xA3);
  return {2, assigned && trail >= 0xA1};
}

}  // namespace

ByteOrderMark byte_order_mark(std::string_view bytes) noexcept {
  if (bytes.starts_with("\xEF\xBB\xBF")) return {3, Encoding::utf8_bom, false};
  if (bytes.starts_with("\xFF\xFE")) return {2, Encoding::utf16, false};
  if (bytes.starts_with("\xFE\xFF")) return {2, Encoding::utf16, true};
  return {};
}

void EncodingEvidence::see(std::string_view block) {
  const std::size_t ascii = ascii_prefix(block);
  if (ascii < block.size()) {
    const Utf8Count count = count_utf8(block.substr(ascii));
    sequences_ += count.sequences;
    malformed_ += count.malformed;
    if (count.mojibake > 0 && mojibake_ == 0) first_mojibake_ = seen_ + ascii + count.first_mojibake;
    mojibake_ += count.mojibake;
    // Blocks that are UTF-8 throughout say nothing about other encodings.
    if (count.malformed > 0) see_runs(block);
  }
  seen_ += block.size();
}

void EncodingEvidence::see_runs(std::string_view block) {
  for (std::size_t at = 0; at < block.size();) {
    at += ascii_prefix(block.substr(at));
    if (at < block.size()) at = see_run(block, at);
  }
}

/// Reads as many wide characters as follow each other from `at`; the place behind them.
std::size_t EncodingEvidence::see_run(std::string_view block, std::size_t at) {
  const std::size_t start = at;
  std::uint64_t characters = 0, common = 0;
  while (at < block.size() && static_cast<unsigned char>(block[at]) >= 0x80) {
    const WideCharacter character = wide_character(block, at);
    if (character.size == 0) break;
    for (std::size_t i = 0; i < character.size; ++i) see_western(byte_at(block, at + i));
    at += character.size;
    ++characters;
    common += character.common;
  }
  if (characters == 0) {
    see_western(byte_at(block, at));
    ++western_;
    return at + 1;
  }
  const bool touches_letter = (start > 0 && is_letter(block[start - 1])) || (at < block.size() && is_letter(block[at]));
  const bool chinese = characters == 1 ? common == 1 && !touches_letter : common * 2 > characters;
  (chinese ? chinese_ : western_) += chinese ? common : characters;
  return at;
}

void EncodingEvidence::see_western(unsigned char byte) noexcept {
  if (byte < 0x80 || byte > 0x9F) return;
  const bool unassigned = byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D;
  ++(unassigned ? controls_ : windows_);
}

Encoding EncodingEvidence::encoding() const noexcept {
  if (malformed_ == 0 || sequences_ >= 10 * malformed_) return Encoding::utf8;
  if (chinese_ > 2 * western_) return Encoding::gb18030;
  return controls_ > windows_ ? Encoding::latin1 : Encoding::cp1252;
}

}  // namespace emptor
