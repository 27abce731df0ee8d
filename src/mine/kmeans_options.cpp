#include "mine/kmeans_options.hpp"

#include <charconv>

namespace emptor::mine {
namespace {

std::string_view word_for(KmeansStart start) {
  switch (start) {
    case KmeansStart::plus_plus:
      return "plus_plus";
    case KmeansStart::parallel:
      return "parallel";
    case KmeansStart::random:
      return "random";
    case KmeansStart::given:
      return "given";
  }
  return "";
}

std::string_view word_for(KmeansBounds bounds) {
  switch (bounds) {
    case KmeansBounds::automatic:
      return "automatic";
    case KmeansBounds::none:
      return "none";
    case KmeansBounds::hamerly:
      return "hamerly";
    case KmeansBounds::elkan:
      return "elkan";
  }
  return "";
}

/// The shortest digits that read back as the same number.
std::string text_of(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

}  // namespace

std::string json_of(const KmeansOptions& options) {
  std::string out = "{\"k\":" + std::to_string(options.k);
  out += ",\"seed\":\"" + std::to_string(options.seed) + "\"";
  out.append(",\"start\":\"").append(word_for(options.start)).append("\"");
  out += ",\"restarts\":" + std::to_string(options.restarts);
  out += ",\"updates\":" + std::to_string(options.updates);
  out += ",\"tolerance\":" + text_of(options.tolerance);
  out += ",\"trials\":" + std::to_string(options.trials);
  out += ",\"oversampling\":" + text_of(options.oversampling);
  out += ",\"rounds\":" + std::to_string(options.rounds);
  out.append(",\"bounds\":\"").append(word_for(options.bounds)).append("\"");
  return out + ",\"memory_bytes\":" + std::to_string(options.memory_bytes) + "}";
}

}  // namespace emptor::mine
