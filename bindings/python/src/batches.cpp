#include "batches.hpp"

#include <utility>

#include "error.hpp"
#include "stream.hpp"

namespace nb = nanobind;

namespace emptor::python {

Batches::Held::Held(nb::handle of_x, nb::handle of_y, nb::handle of_weights, nb::handle of_ids)
    : x(of_x, "x", 2, "fd"),
      rows(x.matrix()),
      y(of_y, "y", "d", rows.rows),
      weights(of_weights, "weights", "d", rows.rows),
      ids(of_ids, "ids", "QL", rows.rows) {}

void Batches::Held::fill(emptor_batch& batch) const {
  batch.x = rows;
  batch.y = y.data<double>();
  batch.weights = weights.data<double>();
  batch.ids = ids.data<std::uint64_t>();
}

emptor_batches Batches::view() noexcept {
  emptor_batches batches = EMPTOR_BATCHES_INIT;
  batches.columns = columns_;
  batches.rewind = &Batches::begin;
  batches.next = &Batches::give;
  batches.context = this;
  return batches;
}

void Batches::rethrow() {
  held_.reset();
  raised_.rethrow();
}

template <class Work>
int Raised::told(Work&& work) noexcept {
  const nb::gil_scoped_acquire held;
  try {
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    return work();
  } catch (...) {
    if (!raised_) raised_ = std::current_exception();
    return -1;
  }
}

int Batches::begin(void* batches) noexcept {
  auto& self = *static_cast<Batches*>(batches);
  return self.raised_.told([&] {
    self.held_.reset();
    self.rewind_();
    return 0;
  });
}

int Batches::give(void* batches, emptor_batch* batch) noexcept {
  auto& self = *static_cast<Batches*>(batches);
  return self.raised_.told([&] {
    self.held_.reset();
    const nb::object given = self.next_();
    if (given.is_none()) return 0;
    if (nb::len(given) != 4) raise(EMPTOR_INVALID, "a batch is not of four parts");
    self.held_.emplace(given[0], given[1], given[2], given[3]);
    self.held_->fill(*batch);
    return 1;
  });
}

emptor_tables TableBatches::view() noexcept {
  emptor_tables batches = EMPTOR_TABLES_INIT;
  batches.rewind = &TableBatches::begin;
  batches.next = &TableBatches::give;
  batches.context = this;
  return batches;
}

int TableBatches::begin(void* batches) noexcept {
  auto& self = *static_cast<TableBatches*>(batches);
  return self.raised_.told([&] {
    self.rewind_();
    return 0;
  });
}

int TableBatches::give(void* batches, ArrowArrayStream* batch) noexcept {
  auto& self = *static_cast<TableBatches*>(batches);
  return self.raised_.told([&] {
    const nb::object given = self.next_();
    if (given.is_none()) return 0;
    const StreamIn frame(given);
    *batch = std::exchange(*frame.get(), ArrowArrayStream{});
    return 1;
  });
}

}  // namespace emptor::python
