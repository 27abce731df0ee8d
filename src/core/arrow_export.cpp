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
  ArrowField field;  ///< a consumer may move a child out of its parent, so each keeps its own texts
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

void release_schema(ArrowSchema* schema) {
  auto* memory = static_cast<SchemaMemory*>(schema->private_data);
  for (ArrowSchema& child : memory->children)
    if (child.release != nullptr) child.release(&child);
  delete memory;
  schema->release = nullptr;
}

void export_field(const ArrowField& field, ArrowSchema* out) {
  auto memory = std::make_unique<SchemaMemory>(SchemaMemory{field, {}, {}});
  memory->children.resize(field.children.size());
  for (ArrowSchema& child : memory->children) memory->pointers.push_back(&child);
  *out = {.format = memory->field.format.c_str(),
          .name = memory->field.name.c_str(),
          .flags = field.nullable ? ARROW_FLAG_NULLABLE : 0,
          .n_children = static_cast<std::int64_t>(field.children.size())};
  out->children = memory->pointers.data();
  out->release = release_schema;
  SchemaMemory& kept = *memory;
  out->private_data = memory.release();
  try {
    for (std::size_t i = 0; i < field.children.size(); ++i) export_field(field.children[i], &kept.children[i]);
  } catch (...) {
    out->release(out);
    throw;
  }
}

void export_schema(const std::vector<ArrowField>& fields, ArrowSchema* out) {
  export_field({.name = "", .format = "+s", .nullable = false, .children = fields}, out);
}

// ---- arrays

struct ArrayMemory {
  std::vector<ArrowBuffer> buffers;
  std::vector<const void*> pointers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
};

void release_array(ArrowArray* array) {
  auto* memory = static_cast<ArrayMemory*>(array->private_data);
  for (ArrowArray& child : memory->children)
    if (child.release != nullptr) child.release(&child);
  delete memory;
  array->release = nullptr;
}

void export_array(ArrowColumn&& column, ArrowArray* out) {
  auto memory = std::make_unique<ArrayMemory>();
  memory->buffers = std::move(column.buffers);
  for (const ArrowBuffer& buffer : memory->buffers) memory->pointers.push_back(buffer.data);
  memory->children.resize(column.children.size());
  for (ArrowArray& child : memory->children) memory->child_pointers.push_back(&child);
  *out = {.length = column.length,
          .null_count = column.nulls,
          .n_buffers = static_cast<std::int64_t>(memory->pointers.size()),
          .n_children = static_cast<std::int64_t>(memory->children.size())};
  out->buffers = memory->pointers.data();
  out->children = memory->child_pointers.data();
  out->release = release_array;
  ArrayMemory& kept = *memory;
  out->private_data = memory.release();
  try {
    for (std::size_t i = 0; i < kept.children.size(); ++i)
      export_array(std::move(column.children[i]), &kept.children[i]);
  } catch (...) {
    out->release(out);
    throw;
  }
}

/// A batch is an array of structs, none of them missing.
void export_batch(std::vector<ArrowColumn>&& columns, std::int64_t rows, ArrowArray* out) {
  ArrowArray batch{};
  export_array({.buffers = {ArrowBuffer()}, .length = rows, .children = std::move(columns)}, &batch);
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
