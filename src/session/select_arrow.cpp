#include "emptor/session/select_arrow.hpp"

#include <algorithm>
#include <limits>

#include "core/long_call.hpp"
#include "store/arrow_batch.hpp"

namespace emptor {
namespace {

constexpr std::size_t batch_rows = 8192;  // some milliseconds each

class Selection final : public ArrowSource {
 public:
  Selection(View&& view, Query&& query, SelectArrowOptions&& options)
      : options_(std::move(options)), view_(std::move(view)), query_(std::move(query)) {
    const Entity& entity = view_.schema().entity(query_.entity);
    if (query_.fields.empty())
      for (const Field& field : entity.fields) query_.fields.push_back(field.name);
    for (const std::string& name : query_.fields) {
      const Field& field = entity.field(name);
      fields_.push_back({name, std::string(arrow_format(field.type)), field.number > system_field::version});
    }
    left_ = options_.limit.value_or(std::numeric_limits<std::size_t>::max());
  }

  const std::vector<ArrowField>& fields() const noexcept override { return fields_; }

  bool next(std::vector<ArrowColumn>& columns, std::int64_t& rows) override {
    const LongCall call(options_.progress);
    beat(query_.entity, done_);
    Batch batch;
    while (more_ && left_ > 0 && batch.rows() == 0) {
      query_.limit = std::min(batch_rows, left_);
      more_ = view_.scan(query_, key_, batch);
    }
    if (batch.rows() == 0) return false;
    left_ -= batch.rows();
    done_ += batch.rows();
    rows = static_cast<std::int64_t>(batch.rows());
    for (Column& column : batch.columns) columns.push_back(to_arrow(std::move(column)));
    return true;
  }

 private:
  SelectArrowOptions options_;
  View view_;
  Query query_;
  std::vector<ArrowField> fields_;
  ScanKey key_;
  std::size_t left_ = 0;
  std::uint64_t done_ = 0;
  bool more_ = true;
};

}  // namespace

void select_arrow(View view, Query query, ArrowArrayStream* out, SelectArrowOptions options) {
  export_stream(std::make_unique<Selection>(std::move(view), std::move(query), std::move(options)), out);
}

}  // namespace emptor
