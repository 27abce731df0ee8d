// Values looked for in the bytes of files, in every form in which a program may have left them there.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace emptor::test {

/// The forms of a value: UTF-8, UTF-16 of both orders, hexadecimal in small and capital letters, and base64 by the
/// three places at which it may begin, without what its neighbours have a part in.
std::vector<std::pair<std::string, std::string>> forms_of(const std::string& value);

class RawSearch {
 public:
  /// Requires at least six bytes: in megabytes of others, fewer are there by chance.
  void add(const std::string& value);
  std::size_t size() const noexcept { return values_; }
  /// What of it stands in some bytes: "VALUE as FORM", each once.
  std::set<std::string> in(std::string_view bytes) const;
  std::set<std::string> in_file(const std::string& path) const;

 private:
  struct Pattern {
    std::string bytes, name;
  };
  static constexpr std::size_t window = 6;
  std::vector<Pattern> patterns_;
  std::unordered_multimap<std::uint64_t, std::size_t> by_window_;
  std::set<std::string> known_;
  std::size_t values_ = 0;
};

}  // namespace emptor::test
