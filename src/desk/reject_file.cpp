#include "desk/reject_file.hpp"

#include "emptor/core/error.hpp"

namespace emptor::desk {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') out += c;
  }
  return out + '"';
}

}  // namespace

void RejectFile::add(std::string_view file, std::uint64_t line, const std::vector<std::string>& reasons,
                     std::string_view original) {
  if (path_.empty()) return;
  if (count_++ == 0) {
    out_.open(path_, std::ios::binary | std::ios::trunc);
    out_ << "file,line,reasons,original\n";
  }
  std::string all;
  for (const std::string& reason : reasons) all += (all.empty() ? "" : "; ") + reason;
  out_ << quoted(file) << ',' << line << ',' << quoted(all) << ',' << quoted(original) << '\n';
  if (!out_) throw Error(Code::io, "the file of refused lines cannot be written", "choose another path for it");
}

void RejectFile::close() {
  if (count_ == 0 || path_.empty()) return;
  out_.close();
  if (!out_) throw Error(Code::io, "the file of refused lines cannot be written", "choose another path for it");
}

}  // namespace emptor::desk
