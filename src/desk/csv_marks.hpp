/// Finds the bytes that matter to a reader of delimited text, 64 at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace emptor {

/// Bytes that may be read behind the end of a buffer that is searched for marks.
inline constexpr std::size_t mark_padding = 64;

/// Walks over the marks of a buffer: the separator, an extra character (quote or tab), a second extra one
/// (backslash; the first again where there is none), LF and CR. The buffer must be readable
/// `mark_padding` bytes past its end.
class MarkFinder {
 public:
  MarkFinder(char separator, char extra, char second) : separator_(separator), extra_(extra), second_(second) {}

  void start(const char* from, const char* end) noexcept {
    block_ = from;
    end_ = end;
    marks_ = from < end ? find(from) : 0;
  }

  /// The next mark, or the end.
  const char* next() noexcept {
    while (marks_ == 0) {
      block_ += 64;
      if (block_ >= end_) return block_ = end_;
      marks_ = find(block_);
    }
    const char* mark = block_ + std::countr_zero(marks_);
    marks_ &= marks_ - 1;
    return mark;
  }

 private:
  char separator_, extra_, second_;
  const char* block_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t marks_ = 0;

  std::uint64_t find(const char* block) const noexcept {
    const std::uint64_t marks = find_all(block);
    const auto left = static_cast<std::size_t>(end_ - block);
    return left >= 64 ? marks : marks & ((std::uint64_t{1} << left) - 1);
  }

#if defined(__SSE2__)
  std::uint64_t find_all(const char* block) const noexcept {
    const __m128i separator = _mm_set1_epi8(separator_), extra = _mm_set1_epi8(extra_);
    const __m128i second = _mm_set1_epi8(second_), lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    std::uint64_t marks = 0;
    for (int part = 0; part < 4; ++part) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * part));
      const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, lf), _mm_cmpeq_epi8(bytes, cr));
      const __m128i extras = _mm_or_si128(_mm_cmpeq_epi8(bytes, extra), _mm_cmpeq_epi8(bytes, second));
      const __m128i any = _mm_or_si128(_mm_or_si128(ends, extras), _mm_cmpeq_epi8(bytes, separator));
      marks |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(any))) << (16 * part);
    }
    return marks;
  }
#else
  std::uint64_t find_all(const char* block) const noexcept {
    std::uint64_t marks = 0;
    for (int i = 0; i < 64; ++i) {
      const char c = block[i];
      const bool mark = c == separator_ || c == extra_ || c == second_ || c == '\n' || c == '\r';
      marks |= static_cast<std::uint64_t>(mark) << i;
    }
    return marks;
  }
#endif
};

}  // namespace emptor
