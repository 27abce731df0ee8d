#include "insight/live_model.hpp"

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

struct LiveKind {
  std::string_view insight;
  LiveModel (*load)(KeptModel, const Zone&);
};

constexpr LiveKind kinds[] = {{"rfm", live_rfm}, {"lifetime", live_lifetime}, {"churn", live_churn}};

[[noreturn]] void refuse(Code code, std::string message, const char* field, std::string hint) {
  throw Error(Problem{.code = code,
                      .message = std::move(message),
                      .entity = "model",
                      .field = field,
                      .row = std::nullopt,
                      .hint = std::move(hint)});
}

}  // namespace

void LiveResult::clear() {
  scores.clear();
  tag.clear();
  alert.reset();
}

std::string live_kinds() {
  std::string text;
  for (const LiveKind& kind : kinds) text += (text.empty() ? "" : ", ") + std::string(kind.insight);
  return text;
}

LiveModel load_live_model(KeptModel kept, const Zone& zone) {
  const std::string name = kept.name;
  for (const LiveKind& kind : kinds) {
    if (kind.insight != name) continue;
    if (kept.fitted.empty())
      refuse(Code::unsupported, "the model '" + name + "' keeps nothing that one customer can be scored by", "fitted",
             name == "rfm" ? "run it with the scoring quantile or fixed_cuts: ranks are of all customers together"
                           : "run it anew; where the data do not suffice, there is nothing to keep");
    try {
      return kind.load(std::move(kept), zone);
    } catch (const Error& error) {
      refuse(error.code() == Code::newer ? Code::newer : Code::corrupt,
             "the model '" + name + "' cannot be read: " + error.first().message, "fitted",
             "run the insight anew, or turn it off: emptor model live STORE " + name + " off");
    }
  }
  refuse(Code::unsupported, "a model of this kind does not score one customer at a time", "name",
         "live models can be: " + live_kinds());
}

}  // namespace emptor
