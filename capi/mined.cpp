#include "argument.hpp"
#include "core/arrow_table.hpp"
#include "document.hpp"
#include "emptor/insight/fit_table.hpp"
#include "emptor/mine/algorithm.hpp"
#include "guard.hpp"
#include "host.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

[[noreturn]] void refuse_matrix(std::string what, std::string hint) {
  throw Error(Problem{.code = Code::invalid, .message = std::move(what), .field = "x", .hint = std::move(hint)});
}

/// Where the last number of a matrix stands must be a place that a pointer can reach.
void check_reach(const emptor_matrix& x) {
  constexpr std::size_t most = std::size_t{1} << 47;
  std::size_t rows = 0, columns = 0, last = 0;
  if (__builtin_mul_overflow(x.rows - 1, x.row_stride, &rows) ||
      __builtin_mul_overflow(x.columns - 1, x.column_stride, &columns) ||
      __builtin_add_overflow(rows, columns, &last) || last > most || x.rows > most || x.columns > most)
    refuse_matrix("the matrix reaches beyond what memory can hold", "strides are counted in numbers, not in bytes");
}

mine::NumberView matrix_in(const emptor_matrix* matrix) {
  if (matrix == nullptr) throw Error(Code::misuse, "the matrix is NULL", "pass one, with its size set");
  emptor_matrix x = options_in(matrix, emptor_matrix EMPTOR_MATRIX_INIT);
  if (x.type != EMPTOR_FLOAT64 && x.type != EMPTOR_FLOAT32) refuse_matrix("there is no such type of number", "");
  if (x.row_stride == 0 && x.column_stride == 0) {
    x.row_stride = x.columns;
    x.column_stride = 1;
  }
  if (x.rows > 0 && x.columns > 0) {
    if (x.data == nullptr) throw Error(Code::misuse, "the numbers of the matrix are NULL", "pass where they lie");
    check_reach(x);
  }
  if (x.type == EMPTOR_FLOAT32)
    return {static_cast<const float*>(x.data), x.rows, x.columns, x.row_stride, x.column_stride};
  return {static_cast<const double*>(x.data), x.rows, x.columns, x.row_stride, x.column_stride};
}

template <class Number>
std::span<const Number> numbers_in(const Number* numbers, std::size_t rows) {
  return numbers == nullptr ? std::span<const Number>() : std::span<const Number>(numbers, rows);
}

mine::TrainingRows rows_in(const emptor_batch& batch, std::size_t columns) {
  const mine::NumberView x = matrix_in(&batch.x);
  if (x.rows() == 0) return {{static_cast<const double*>(nullptr), 0, columns, columns, 1}, {}, {}, {}};
  if (x.columns() != columns)
    refuse_matrix(
        "a batch has " + std::to_string(x.columns()) + " columns, where " + std::to_string(columns) + " were told of",
        "every batch has the same columns");
  return {x, numbers_in(batch.y, x.rows()), numbers_in(batch.weights, x.rows()), numbers_in(batch.ids, x.rows())};
}

/// The caller's functions as the miners call them.
mine::RowBatches batches_in(const emptor_batches* given) {
  if (given == nullptr) throw Error(Code::misuse, "the batches are NULL", "pass them, with their size set");
  const emptor_batches batches = options_in(given, emptor_batches EMPTOR_BATCHES_INIT);
  if (batches.rewind == nullptr || batches.next == nullptr)
    throw Error(Code::misuse, "the batches lack a function", "both rewind and next are called");
  constexpr std::size_t most_columns = std::size_t{1} << 24;
  if (batches.columns == 0 || batches.columns > most_columns)
    refuse_matrix("batches have 1 to 16,777,216 columns", "tell how many there are");
  const auto check = [](int told) {
    if (told < 0) throw Error(Code::io, "the host's batches failed");
    return told != 0;
  };
  return {.columns = batches.columns,
          .rewind = [=] { check(batches.rewind(batches.context)); },
          .next =
              [=](mine::TrainingRows& rows) {
                emptor_batch batch = EMPTOR_BATCH_INIT;
                if (!check(batches.next(batches.context, &batch))) return false;
                rows = rows_in(batch, batches.columns);
                return true;
              }};
}

mine::Answer answer_in(std::int32_t answer) {
  if (answer < EMPTOR_VALUE || answer > EMPTOR_ORIGINALS)
    throw Error(Problem{.code = Code::invalid, .message = "there is no such answer", .field = "answer"});
  return static_cast<mine::Answer>(answer);
}

/// The first row lays trees out for those after it.
void predict_row(ModelObject& object, const mine::NumberView& x, mine::Answer answer, std::span<double> out) {
  std::call_once(object.laid_out, [&] { object.packed = mine::packed_trees(object.model); });
  mine::predict_row(object.model, x, answer, out, object.packed ? &*object.packed : nullptr);
}

}  // namespace

static_assert(EMPTOR_ORIGINALS == static_cast<int>(mine::Answer::originals));

extern "C" {

emptor_status emptor_model_fit(const char* algorithm, const char* options, size_t size, const emptor_matrix* x,
                               const double* y, const double* weights, const uint64_t* ids, const emptor_host* host,
                               emptor_model** model, emptor_error* error) {
  return guarded(error, [&] {
    emptor_model*& out = output(model);
    const std::string_view name = name_in(algorithm), json = text_in(options, size);
    const mine::NumberView numbers = matrix_in(x);
    const mine::TrainingRows rows{numbers, numbers_in(y, numbers.rows()), numbers_in(weights, numbers.rows()),
                                  numbers_in(ids, numbers.rows())};
    out = hand_out<emptor_model>(std::make_unique<ModelObject>(mine::fit(name, json, rows, run_in(host))));
  });
}

emptor_status emptor_model_fit_batches(const char* algorithm, const char* options, size_t size,
                                       const emptor_batches* batches, const emptor_host* host, emptor_model** model,
                                       emptor_error* error) {
  return guarded(error, [&] {
    emptor_model*& out = output(model);
    const std::string_view name = name_in(algorithm), json = text_in(options, size);
    out =
        hand_out<emptor_model>(std::make_unique<ModelObject>(mine::fit(name, json, batches_in(batches), run_in(host))));
  });
}

emptor_status emptor_model_fit_table(const char* algorithm, const char* options, size_t size,
                                     struct ArrowArrayStream* in, const emptor_host* host, emptor_model** model,
                                     emptor_error* error) {
  return guarded(error, [&] {
    give(model, static_cast<emptor_model*>(nullptr));
    check_stream(in);
    const UnreadStream unread(in);
    emptor_model*& out = output(model);
    const std::string_view name = name_in(algorithm), json = text_in(options, size);
    mine::Run run = run_in(host);
    out = hand_out<emptor_model>(std::make_unique<ModelObject>(fit_table(
        name, {in, json.empty() ? "{}" : std::string(json), std::move(run.progress), std::move(run.executor)})));
  });
}

emptor_status emptor_model_ask(emptor_model* model, const char* question, size_t size, emptor_document** answer,
                               emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(answer);
    const Lease<ModelObject> object(model);
    out = hand_out_document(mine::ask(object->model, text_in(question, size)));
  });
}

emptor_status emptor_model_predict(emptor_model* model, const emptor_matrix* x, int32_t answer, const emptor_host* host,
                                   double* out, size_t count, emptor_error* error) {
  return guarded(error, [&] {
    const Lease<ModelObject> object(model);
    const mine::NumberView numbers = matrix_in(x);
    if (out == nullptr && count > 0)
      throw Error(Code::misuse, "a place for the result is NULL", "pass a pointer to numbers");
    const std::span<double> place(out, count);
    if (numbers.rows() == 1) return predict_row(*object, numbers, answer_in(answer), place);
    mine::predict(object->model, numbers, answer_in(answer), place, run_in(host));
  });
}

emptor_status emptor_model_explain(emptor_model* model, const emptor_matrix* x, emptor_document** reasons,
                                   emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(reasons);
    const Lease<ModelObject> object(model);
    const mine::NumberView numbers = matrix_in(x);
    if (numbers.rows() != 1) refuse_matrix("one row is explained at a time", "pass a matrix of one row");
    std::vector<double> row(numbers.columns());
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = numbers(0, i);
    out = hand_out_document(mine::explain(object->model, row));
  });
}

emptor_status emptor_model_info(emptor_model* model, emptor_document** info, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(info);
    const Lease<ModelObject> object(model);
    out = hand_out_document(mine::describe(object->model));
  });
}

emptor_status emptor_model_text(emptor_model* model, const char* format, const char* options, size_t size,
                                emptor_document** text, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(text);
    const Lease<ModelObject> object(model);
    const std::string_view name = name_in(format), json = text_in(options, size);
    out = hand_out_document(mine::text_of(object->model, name, json));
  });
}

emptor_status emptor_model_save(emptor_model* model, emptor_text* bytes, emptor_error* error) {
  return guarded(error, [&] {
    emptor_text& out = output(bytes);
    const Lease<ModelObject> object(model);
    std::call_once(object->saved, [&] { object->bytes = mine::save(object->model); });
    out = text_out(object->bytes);
  });
}

emptor_status emptor_model_load(const void* bytes, size_t size, emptor_model** model, emptor_error* error) {
  return guarded(error, [&] {
    emptor_model*& out = output(model);
    if (bytes == nullptr) throw Error(Code::misuse, "the bytes of the model are NULL");
    const std::string_view view(static_cast<const char*>(bytes), size);
    out = hand_out<emptor_model>(std::make_unique<ModelObject>(mine::load_model(view)));
  });
}

emptor_status emptor_model_free(emptor_model* model, emptor_error* error) {
  return guarded(error, [&] { take_back<ModelObject>(model); });
}

}  // extern "C"
