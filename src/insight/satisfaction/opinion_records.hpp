/// What customers said of us, as it stands in a store: surveys with their answers and who was asked, and feedback.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"
#include "insight/satisfaction/opinions.hpp"

namespace emptor {

struct SurveyRecord {
  std::int64_t id = 0;
  std::string name;
  OpinionScale scale = OpinionScale::nps;
  /// Customers who were asked, ascending: contacted members of its campaign, those whose response is on record without
  /// a score, and those who answered; empty where only answers are on record, so that nobody knows.
  std::vector<std::int64_t> asked;
};

/// One answer to a survey.
struct AnswerRecord {
  std::int64_t customer = 0, at = 0;
  std::uint32_t survey = 0;  ///< place
  double score = 0;
  std::string channel;
  std::int64_t agent = 0, product = 0;  ///< of the contact or case that it is about
};

enum class RemarkKind : std::uint8_t { complaint, praise, other };
struct Remark {
  std::int64_t customer = 0, at = 0;
  std::optional<std::int64_t> answered = {};
  RemarkKind kind = RemarkKind::other;
  std::optional<double> sentiment = {};  ///< -1 to 1
  std::string channel, topic;
  std::int64_t product = 0, of_case = 0;
};

struct OpinionRecords {
  std::vector<SurveyRecord> surveys;  ///< by id
  std::vector<AnswerRecord> answers;  ///< by moment, customer, survey
  std::vector<Remark> remarks;        ///< feedback, by moment
  std::optional<std::int64_t> last;
  std::int64_t data_version = 0;
  std::uint64_t off_scale = 0;  ///< answers that their scale does not know
  std::uint64_t unread = 0;     ///< surveys of a kind or convention that nothing here reads

  void keep_until(std::int64_t end);
};

/// A response without a score has that of its scale questions: the first of them, of a questionnaire the mean of all
/// that have a lowest and a highest value. Linear in responses, answers, feedback and memberships.
OpinionRecords read_opinions(const View& view);

}  // namespace emptor
