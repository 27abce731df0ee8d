/// One pass over the bytes of a file: is it text, in which encoding, with which line ends?
#pragma once

#include <cstdint>
#include <string>

#include "desk/table_input.hpp"

namespace emptor {

struct TextSurvey {
  std::string not_text;  ///< why it is none; empty for a text
  ByteOrderMark mark;
  Encoding encoding = Encoding::utf8;
  std::uint64_t bytes = 0;
  std::uint64_t malformed = 0;  ///< of a UTF-8 text
  std::uint64_t mojibake = 0, first_mojibake_line = 0;
  std::uint64_t lf = 0, crlf = 0, cr = 0;
  std::uint64_t escaped_quotes = 0;  ///< \" anywhere
};

/// A text as UTF-8, at its beginning, and what its survey found.
struct SurveyedText {
  TextSurvey survey;
  std::unique_ptr<ByteInput> text;  ///< null where it is no text
};

/// Reads the input to its end. A byte order mark of UTF-8 is left to the reader.
SurveyedText survey_text(std::unique_ptr<ByteInput> input);

}  // namespace emptor
