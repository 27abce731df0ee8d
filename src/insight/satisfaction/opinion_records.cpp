#include "insight/satisfaction/opinion_records.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>
#include <unordered_map>

#include "insight/facts/row_cells.hpp"

namespace emptor {
namespace {

/// Of an effort score the convention says which way it runs: "effort" or "ces 1.0" is the older one.
std::optional<OpinionScale> scale_of(const std::string& kind, const std::string& convention) {
  if (kind == "nps") return OpinionScale::nps;
  if (kind == "csat") return OpinionScale::csat;
  if (kind == "questionnaire") return OpinionScale::questionnaire;
  if (kind != "ces") return std::nullopt;
  if (convention == "effort" || convention == "ces 1.0" || convention == "ces1") return OpinionScale::effort;
  const bool newer = convention.empty() || convention == "ease" || convention == "ces 2.0" || convention == "ces2";
  return newer ? std::optional(OpinionScale::ease) : std::nullopt;
}

struct ScaleQuestion {
  std::uint32_t survey = 0;
  std::int64_t position = 0;
  std::optional<std::int64_t> lowest, highest;
};

/// A response that is waiting for the score of its questions.
struct OpenResponse {
  AnswerRecord record;
  bool has_score = false;
  std::optional<std::int64_t> first_position;  ///< of the scale question that the score is from
  double shares = 0;                           ///< of a questionnaire, in the order of the answers' ids
  std::uint32_t questions = 0;
};

class OpinionReading {
 public:
  explicit OpinionReading(const View& view) : view_(view) {}

  OpinionRecords read() {
    read_surveys();
    read_questions();
    read_subjects();
    read_responses();
    read_answers();
    take_responses();
    read_members();
    finish_asked();
    read_feedback();
    sort();
    return std::move(out_);
  }

 private:
  void each(const char* entity, std::vector<std::string> fields, const std::function<void(const RowCells&)>& take) {
    each_versioned_row(view_, entity, std::move(fields), out_.data_version, take);
  }
  void see(std::int64_t moment) { out_.last = std::max(out_.last.value_or(moment), moment); }

  void read_surveys() {
    each("survey", {"name", "kind", "convention", "campaign_id"}, [&](const RowCells& cells) {
      const std::optional<OpinionScale> scale = scale_of(cells.text(2), cells.text(3));
      if (!scale) {
        ++out_.unread;
        return;
      }
      places_[cells.row_id()] = static_cast<std::uint32_t>(out_.surveys.size());
      if (cells.has(4)) of_campaign_[cells.bits(4)].push_back(places_[cells.row_id()]);
      out_.surveys.push_back({.id = cells.row_id(), .name = cells.text(1), .scale = *scale, .asked = {}});
    });
    asked_.resize(out_.surveys.size());
    answered_.resize(out_.surveys.size());
  }
  void read_questions() {
    each("survey_question", {"survey_id", "position", "kind", "lowest", "highest"}, [&](const RowCells& cells) {
      const auto survey = places_.find(cells.id(1));
      if (survey == places_.end() || cells.text(3) != "scale") return;
      questions_[cells.row_id()] = {survey->second, cells.whole(2).value_or(0), cells.whole(4), cells.whole(5)};
    });
  }
  /// Of contacts and cases who took part, and what it was about.
  void read_subjects() {
    each("interaction", {"user_id"}, [&](const RowCells& cells) {
      if (cells.has(1)) agent_of_contact_[cells.row_id()] = cells.bits(1);
    });
    each("case", {"owner_id", "product_id"}, [&](const RowCells& cells) {
      of_case_[cells.row_id()] = {cells.id(1), cells.id(2)};
    });
  }
  void read_responses() {
    each("response", {"customer_id", "survey_id", "channel", "answered_at", "score", "interaction_id", "case_id"},
         [&](const RowCells& cells) {
           const auto survey = places_.find(cells.id(2));
           if (survey == places_.end()) return;
           if (!cells.has(4)) {
             if (cells.has(1)) asked_[survey->second].insert(cells.bits(1));
             return;
           }
           OpenResponse one{.record = {.customer = cells.id(1), .at = cells.bits(4), .survey = survey->second},
                            .first_position = {}};
           one.record.channel = cells.text(3);
           one.has_score = cells.has(5);
           one.record.score = cells.number(5).value_or(0);
           if (const auto found = agent_of_contact_.find(cells.id(6)); found != agent_of_contact_.end())
             one.record.agent = found->second;
           if (const auto found = of_case_.find(cells.id(7)); found != of_case_.end()) {
             if (one.record.agent == 0) one.record.agent = found->second.first;
             one.record.product = found->second.second;
           }
           responses_[cells.row_id()] = order_.size();
           order_.push_back(std::move(one));
         });
  }
  void read_answers() {
    each("answer", {"response_id", "question_id", "number"}, [&](const RowCells& cells) {
      const auto response = responses_.find(cells.id(1));
      const auto question = questions_.find(cells.id(2));
      if (response == responses_.end() || question == questions_.end() || !cells.has(3)) return;
      OpenResponse& one = order_[response->second];
      if (question->second.survey == one.record.survey) answer(question->second, *cells.number(3), one);
    });
  }
  void answer(const ScaleQuestion& question, double number, OpenResponse& one) {
    if (out_.surveys[one.record.survey].scale != OpinionScale::questionnaire) {
      if (one.has_score && !one.first_position) return;  // it was given with the response
      if (one.first_position && *one.first_position <= question.position) return;
      one.first_position = question.position;
      one.record.score = number;
      one.has_score = true;
      return;
    }
    if (!question.lowest || !question.highest || *question.lowest >= *question.highest) return;
    const double share =
        (number - static_cast<double>(*question.lowest)) / static_cast<double>(*question.highest - *question.lowest);
    one.shares += share;
    one.record.score = one.shares / ++one.questions;
    one.has_score = true;
  }
  /// Who is on record with a response, but without a score, was asked and said nothing.
  void take_responses() {
    for (OpenResponse& one : order_) {
      AnswerRecord& record = one.record;
      if (!one.has_score) {
        if (record.customer != 0) asked_[record.survey].insert(record.customer);
      } else if (!on_scale(out_.surveys[record.survey].scale, record.score)) {
        ++out_.off_scale;
      } else {
        if (record.customer != 0) answered_[record.survey].insert(record.customer);
        see(record.at);
        out_.answers.push_back(std::move(record));
      }
    }
  }
  void read_members() {
    if (of_campaign_.empty()) return;
    each("membership", {"customer_id", "campaign_id", "held_out", "status"}, [&](const RowCells& cells) {
      const auto surveys = of_campaign_.find(cells.id(2));
      if (surveys == of_campaign_.end() || !cells.has(1) || cells.is_true(3)) return;
      if (cells.text(4) == "assigned" || cells.text(4) == "unreachable") return;
      for (const std::uint32_t survey : surveys->second) asked_[survey].insert(cells.bits(1));
    });
  }
  void finish_asked() {
    for (std::size_t i = 0; i < out_.surveys.size(); ++i) {
      if (asked_[i].empty()) continue;
      asked_[i].insert(answered_[i].begin(), answered_[i].end());
      out_.surveys[i].asked.assign(asked_[i].begin(), asked_[i].end());
    }
  }
  void read_feedback() {
    each(
        "feedback",
        {"customer_id", "received_at", "answered_at", "kind", "sentiment", "channel", "topic", "product_id", "case_id"},
        [&](const RowCells& cells) {
          if (!cells.has(2)) return;
          const std::string kind = cells.text(4);
          Remark one{.customer = cells.id(1), .at = cells.bits(2), .answered = cells.whole(3)};
          one.kind = kind == "complaint" ? RemarkKind::complaint
                     : kind == "praise"  ? RemarkKind::praise
                                         : RemarkKind::other;
          if (cells.has(5)) one.sentiment = std::clamp(cells.real(5), -1.0, 1.0);
          one.channel = cells.text(6);
          one.topic = cells.text(7);
          one.product = cells.id(8);
          one.of_case = cells.id(9);
          see(one.answered.value_or(one.at));
          out_.remarks.push_back(std::move(one));
        });
  }
  void sort() {
    std::stable_sort(out_.answers.begin(), out_.answers.end(), [](const AnswerRecord& a, const AnswerRecord& b) {
      return std::tie(a.at, a.customer, a.survey) < std::tie(b.at, b.customer, b.survey);
    });
    std::stable_sort(out_.remarks.begin(), out_.remarks.end(),
                     [](const Remark& a, const Remark& b) { return a.at < b.at; });
  }

  const View& view_;
  std::unordered_map<std::int64_t, std::uint32_t> places_;
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> of_campaign_;
  std::unordered_map<std::int64_t, ScaleQuestion> questions_;
  std::unordered_map<std::int64_t, std::int64_t> agent_of_contact_;
  std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int64_t>> of_case_;
  std::unordered_map<std::int64_t, std::size_t> responses_;
  std::vector<OpenResponse> order_;
  std::vector<std::set<std::int64_t>> asked_, answered_;
  OpinionRecords out_;
};

}  // namespace

void OpinionRecords::keep_until(std::int64_t end) {
  std::erase_if(answers, [&](const AnswerRecord& one) { return one.at >= end; });
  std::erase_if(remarks, [&](const Remark& one) { return one.at >= end; });
  for (Remark& one : remarks)
    if (one.answered && *one.answered >= end) one.answered.reset();
}

OpinionRecords read_opinions(const View& view) { return OpinionReading(view).read(); }

}  // namespace emptor
