#include "mine/model_frame.hpp"

#include <doctest/doctest.h>

#include "core/digest.hpp"
#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

ModelFrame sample() { return {"kmeans", 2, R"({"k":3})", "feed 17", std::string("\0\1payload", 9)}; }

Code code_of(std::string_view bytes, std::string_view algorithm = "kmeans", std::uint64_t newest = 2) {
  try {
    (void)frame_of(bytes, algorithm, newest);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

TEST_CASE("model frame: what is read is what was written") {
  const ModelFrame frame = frame_of(to_bytes(sample()), "kmeans", 2);
  CHECK(frame.algorithm == "kmeans");
  CHECK(frame.payload_version == 2);
  CHECK(frame.options == R"({"k":3})");
  CHECK(frame.data_version == "feed 17");
  CHECK(frame.payload == std::string("\0\1payload", 9));
  CHECK(algorithm_of(to_bytes(sample())) == "kmeans");
}

TEST_CASE("model frame: any changed, missing or added byte is damage") {
  const std::string good = to_bytes(sample());
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    CHECK(code_of(bad) == Code::corrupt);
    CHECK(code_of(good.substr(0, i)) == Code::corrupt);
  }
  CHECK(code_of(good + '\0') == Code::corrupt);
}

TEST_CASE("model frame: a newer payload, a newer frame and another algorithm are refused by name") {
  CHECK(code_of(to_bytes(sample()), "kmeans", 1) == Code::newer);
  CHECK(code_of(to_bytes(sample()), "decision_tree") == Code::unsupported);
  std::string newer = "EMPTORMD\x02";
  const Hash digest = blake2b(newer);
  CHECK(code_of(newer.append(view_of(digest))) == Code::newer);
}
