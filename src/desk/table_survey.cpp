#include "desk/table_survey.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/long_call.hpp"
#include "desk/csv_marks.hpp"

namespace emptor {
namespace {

constexpr std::size_t piece = 256 * 1024;
constexpr std::uint64_t max_line = 64 * 1024 * 1024;

/// Control characters that no text has (NUL is looked for everywhere); escape and form feed may be.
bool is_binary_byte(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0 && byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f' && byte != 0x1B &&
         byte != 0x1A;
}

class Surveyor {
 public:
  explicit Surveyor(ByteInput& input) : input_(input), buffer_(buffer_size(input, piece) + mark_padding) {}

  TextSurvey run() {
    std::size_t left = 0;
    for (bool ended = false; !ended && survey_.not_text.empty() && !is_utf16();) {
      const std::size_t room = buffer_.size() - mark_padding - left;
      const std::size_t got = input_.read(buffer_.data() + left, room);
      ended = got < room;
      left = see(left + got, ended);
    }
    survey_.encoding = survey_.mark.size > 0 ? survey_.mark.encoding : evidence_.encoding();
    survey_.malformed = evidence_.malformed();
    survey_.mojibake = evidence_.mojibake();
    return survey_;
  }

 private:
  ByteInput& input_;
  std::vector<char> buffer_;
  TextSurvey survey_;
  EncodingEvidence evidence_;
  std::uint64_t line_bytes_ = 0;

  std::string_view view(std::size_t size) const noexcept { return {buffer_.data(), size}; }
  bool is_utf16() const noexcept { return survey_.mark.encoding == Encoding::utf16; }

  /// Looks at the whole lines among `size` bytes and moves the rest to the front; returns its size.
  std::size_t see(std::size_t size, bool ended) {
    if (survey_.bytes == 0) see_beginning(view(size));
    if (!survey_.not_text.empty() || is_utf16()) return 0;
    const std::size_t used = ended ? size : whole_lines(size);
    see_block(view(used));
    std::memmove(buffer_.data(), buffer_.data() + used, size - used);
    return size - used;
  }

  /// Up to behind the last LF; without any, up to before the last CR (an LF may follow it) or all of it.
  std::size_t whole_lines(std::size_t size) const noexcept {
    const std::size_t lf = view(size).rfind('\n');
    if (lf != std::string_view::npos) return lf + 1;
    const std::size_t cr = view(size - 1).rfind('\r');
    return cr != std::string_view::npos ? cr + 1 : size;
  }

  void see_beginning(std::string_view block) {
    survey_.mark = byte_order_mark(block);
    if (is_utf16()) return;
    const auto binary = static_cast<std::size_t>(std::count_if(block.begin(), block.end(), is_binary_byte));
    if (binary * 50 > block.size()) survey_.not_text = "not text";
  }

  void see_block(std::string_view block) {
    if (block.empty()) return;
    beat("survey", survey_.bytes);
    if (std::memchr(block.data(), 0, block.size()) != nullptr) {
      survey_.not_text = "not text: it holds a NUL byte";
      return;
    }
    const std::uint64_t lines = survey_.lf + survey_.crlf + survey_.cr;
    const bool clean = evidence_.mojibake() == 0;
    evidence_.see(block);
    if (clean && evidence_.mojibake() > 0) {
      const std::string_view before = block.substr(0, evidence_.first_mojibake() - survey_.bytes);
      survey_.first_mojibake_line =
          lines + 1 + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
    }
    survey_.bytes += block.size();
    see_marks(block);
  }

  void see_marks(std::string_view block) {
    MarkFinder marks('\n', '\r', '\\');
    const char* const end = block.data() + block.size();
    const char* line = block.data();
    marks.start(line, end);
    for (const char* mark = marks.next(); mark != end; mark = marks.next()) {
      const char after = mark + 1 == end ? '\0' : mark[1];
      if (*mark == '\\') {
        survey_.escaped_quotes += after == '"';
        continue;
      }
      line = mark + 1;
      line_bytes_ = 0;
      if (*mark == '\n') {
        ++survey_.lf;
      } else if (after == '\n') {
        ++survey_.crlf;
        --survey_.lf;  // which comes next
      } else {
        ++survey_.cr;
      }
    }
    line_bytes_ += static_cast<std::uint64_t>(end - line);
    if (line_bytes_ > max_line) survey_.not_text = "not a table: a line is longer than 64 MiB";
  }
};

}  // namespace

SurveyedText survey_text(std::unique_ptr<ByteInput> input) {
  TextSurvey survey = Surveyor(*input).run();
  if (!survey.not_text.empty()) return {std::move(survey), nullptr};
  input->rewind();
  const bool utf8 = survey.encoding == Encoding::utf8 || survey.encoding == Encoding::utf8_bom;
  if (utf8 && survey.malformed == 0) return {std::move(survey), std::move(input)};
  const std::size_t skip = survey.encoding == Encoding::utf16 ? survey.mark.size : 0;
  input = open_decoded(std::move(input), make_decoder(survey.encoding, survey.mark.big_endian), skip);
  if (survey.encoding == Encoding::utf16) {
    // Its line ends and NUL characters can be told only when it is decoded.
    const ByteOrderMark mark = survey.mark;
    survey = Surveyor(*input).run();
    survey.mark = mark;
    survey.encoding = Encoding::utf16;
    if (!survey.not_text.empty()) return {std::move(survey), nullptr};
    input->rewind();
  }
  return {std::move(survey), std::move(input)};
}

}  // namespace emptor
