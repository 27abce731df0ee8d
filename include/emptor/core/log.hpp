/// How the library tells its host what it does beside what it answers.
#pragma once

#include <functional>
#include <string_view>

namespace emptor {

enum class LogLevel { debug, info, warning, error };

/// Takes one line, in the thread of the call that tells it. Lines hold counts, names of entities and of the
/// library's own files, never personal data. It must not throw, nor use the session that is at work.
using Log = std::function<void(LogLevel level, std::string_view line)>;

}  // namespace emptor
