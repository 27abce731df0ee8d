#include "core/arrow_export.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

#include "core/process_number.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

// ---- schemas

struct SchemaMemory {
  std::vector<ArrowField> fields;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

/// A child's texts live in the parent's memory, unless a consumer moves it out: then it takes its own along.
struct ChildSchema {
  ArrowField field;
};

void release_child_schema(ArrowSchema* schema) {
  delete static_cast<ChildSchema*>(schema->private_data);
  schema->release = nullptr;
}

void release_schema(ArrowSchema* schema) {
  auto* memory = static_cast<SchemaMemory*>(schema->private_data);
  for (ArrowSchema& child : memory->children)
    if (child.release != nullptr) child.release(&child);
  delete memory;
  schema->release = nullptr;
}

void export_schema(const std::vector<ArrowField>& fields, ArrowSchema* out) {
  auto memory = std::make_unique<SchemaMemory>();
  memory->children.resize(fields.size());
  std::vector<std::unique_ptr<ChildSchema>> children;
  for (const ArrowField& field : fields) children.push_back(std::make_unique<ChildSchema>(ChildSchema{field}));
  for (ArrowSchema& child : memory->children) memory->pointers.push_back(&child);
  for (std::size_t i = 0; i < fields.size(); ++i) {  // nothing throws from here on
    ChildSchema* own = children[i].release();
    memory->children[i] = {.format = own->field.format.c_str(),
                           .name = own->field.name.c_str(),
                           .flags = own->field.nullable ? ARROW_FLAG_NULLABLE : 0,
                           .release = release_child_schema,
                           .private_data = own};
  }
  *out = {.format = "+s", .name = "", .n_children = static_cast<std::int64_t>(fields.size())};
  out->children = memory->pointers.data();
  out->release = release_schema;
  out->private_data = memory.release();
}

// ---- arrays

struct ColumnMemory {
  std::vector<ArrowBuffer> buffers;
  std::vector<const void*> pointers;
};

struct BatchMemory {
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  const void* validity = nullptr;
};

void release_column(ArrowArray* array) {
  delete static_cast<ColumnMemory*>(array->private_data);
  array->release = nullptr;
}

void release_batch(ArrowArray* array) {
  auto* memory = static_cast<BatchMemory*>(array->private_data);
  for (ArrowArray& child : memory->children)
    if (child.release != nullptr) child.release(&child);
  delete memory;
  array->release = nullptr;
}

void export_column(ArrowColumn&& column, ArrowArray* out) {
  auto memory = std::make_unique<ColumnMemory>();
  memory->buffers = std::move(column.buffers);
  for (const ArrowBuffer& buffer : memory->buffers) memory->pointers.push_back(buffer.data);
  *out = {.length = column.length,
          .null_count = column.nulls,
          .n_buffers = static_cast<std::int64_t>(memory->pointers.size())};
  out->buffers = memory->pointers.data();
  out->release = release_column;
  out->private_data = memory.release();
}

void export_batch(std::vector<ArrowColumn>&& columns, std::int64_t rows, ArrowArray* out) {
  auto memory = std::make_unique<BatchMemory>();
  memory->children.resize(columns.size());
  for (ArrowArray& child : memory->children) memory->pointers.push_back(&child);
  ArrowArray batch{.length = rows, .n_buffers = 1, .n_children = static_cast<std::int64_t>(columns.size())};
  batch.buffers = &memory->validity;
  batch.children = memory->pointers.data();
  batch.release = release_batch;
  batch.private_data = memory.get();
  try {
    for (std::size_t i = 0; i < columns.size(); ++i) export_column(std::move(columns[i]), &memory->children[i]);
  } catch (...) {
    memory.release();
    batch.release(&batch);
    throw;
  }
  memory.release();
  *out = batch;
}

// ---- streams

struct StreamMemory {
  std::unique_ptr<ArrowSource> source;
  std::string error;
  bool failed = false;
  std::int64_t process = process_number();
};

int number_of(Code code) noexcept {
  switch (code) {
    case Code::cancelled:
      return ECANCELED;
    case Code::memory:
      return ENOMEM;
    case Code::busy:
      return EBUSY;
    case Code::io:
    case Code::corrupt:
      return EIO;
    case Code::unsupported:
      return ENOSYS;
    default:
      return EINVAL;
  }
}

int remember(StreamMemory& memory, Code code, const char* what) noexcept {
  try {
    memory.error = what;
  } catch (...) {
    memory.error.clear();
  }
  return number_of(code);
}

/// Runs what a consumer asked for: exceptions become a number and the last error.
template <class Body>
int answer(ArrowArrayStream* stream, const Body& body) noexcept {
  auto& memory = *static_cast<StreamMemory*>(stream->private_data);
  memory.error.clear();
  try {
    body(memory);
    return 0;
  } catch (const Error& error) {
    return remember(memory, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return remember(memory, Code::memory, "an allocation failed");
  } catch (const std::exception& error) {
    return remember(memory, Code::internal, error.what());
  } catch (...) {
    return remember(memory, Code::internal, "an unknown exception");
  }
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return answer(stream, [&](StreamMemory& memory) { export_schema(memory.source->fields(), out); });
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  return answer(stream, [&](StreamMemory& memory) {
    *out = {};
    if (memory.process != process_number())
      throw Error(Code::misuse, "the stream belongs to the process that this one was forked from", "ask for its own");
    if (memory.failed) throw Error(Code::misuse, "the stream has failed before", "release it and ask again");
    std::vector<ArrowColumn> columns;
    std::int64_t rows = 0;
    memory.failed = true;  // until the batch is whole
    if (memory.source->next(columns, rows)) export_batch(std::move(columns), rows, out);
    memory.failed = false;
  });
}

const char* get_last_error(ArrowArrayStream* stream) {
  const auto& memory = *static_cast<StreamMemory*>(stream->private_data);
  return memory.error.empty() ? nullptr : memory.error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<StreamMemory*>(stream->private_data);
  stream->private_data = nullptr;
  stream->release = nullptr;
}

}  // namespace

void export_stream(std::unique_ptr<ArrowSource> source, ArrowArrayStream* out) {
  auto memory = std::make_unique<StreamMemory>();
  memory->source = std::move(source);
  *out = {get_schema, get_next, get_last_error, release_stream, memory.release()};
}

}  // namespace emptor
