#include "support/made_arrow.hpp"

#include <cerrno>

namespace emptor::test {
namespace {

struct SchemaNode {
  MadeArrow* of;
  std::vector<std::unique_ptr<ArrowSchema>> children;
  std::vector<ArrowSchema*> pointers;
  std::unique_ptr<ArrowSchema> dictionary;
};
struct ArrayNode {
  MadeArrow* of;
  std::vector<const void*> buffers;
  std::vector<std::unique_ptr<ArrowArray>> children;
  std::vector<ArrowArray*> pointers;
  std::unique_ptr<ArrowArray> dictionary;
};

template <class Node, class Struct>
void release_node(Struct* object) {
  auto* node = static_cast<Node*>(object->private_data);
  for (auto& child : node->children)
    if (child->release != nullptr) child->release(child.get());
  if (node->dictionary && node->dictionary->release != nullptr) node->dictionary->release(node->dictionary.get());
  if constexpr (std::is_same_v<Struct, ArrowArray>)
    --node->of->arrays;
  else
    --node->of->schemas;
  object->release = nullptr;
  delete node;
}

ArrowSchema schema_of(MadeArrow& of, const MadeColumn& column) {
  auto* node = new SchemaNode{&of, {}, {}, nullptr};
  ++of.schemas;
  ArrowSchema schema{.format = column.format.c_str(), .name = column.name.c_str(), .flags = ARROW_FLAG_NULLABLE};
  if (column.dictionary) {
    node->dictionary = std::make_unique<ArrowSchema>(schema_of(of, *column.dictionary));
    schema.dictionary = node->dictionary.get();
  }
  if (column.items) {
    node->children.push_back(std::make_unique<ArrowSchema>(schema_of(of, *column.items)));
    node->pointers = {node->children.back().get()};
    schema.n_children = 1;
    schema.children = node->pointers.data();
  }
  schema.release = release_node<SchemaNode, ArrowSchema>;
  schema.private_data = node;
  return schema;
}

ArrowArray array_of(MadeArrow& of, const MadeColumn& column) {
  auto* node = new ArrayNode{&of, {}, {}, {}, nullptr};
  ++of.arrays;
  for (const MadeBuffer& buffer : column.buffers) node->buffers.push_back(buffer ? buffer->data() : nullptr);
  ArrowArray array{.length = column.length,
                   .null_count = column.nulls,
                   .offset = column.offset,
                   .n_buffers = static_cast<std::int64_t>(node->buffers.size())};
  array.buffers = node->buffers.data();
  if (column.dictionary) {
    node->dictionary = std::make_unique<ArrowArray>(array_of(of, *column.dictionary));
    array.dictionary = node->dictionary.get();
  }
  if (column.items) {
    node->children.push_back(std::make_unique<ArrowArray>(array_of(of, *column.items)));
    node->pointers = {node->children.back().get()};
    array.n_children = 1;
    array.children = node->pointers.data();
  }
  array.release = release_node<ArrayNode, ArrowArray>;
  array.private_data = node;
  return array;
}

}  // namespace

namespace {

template <class Texts>
MadeColumn packed_texts(std::string name, const Texts& values) {
  std::string offsets(sizeof(std::int32_t), '\0'), bytes;
  for (const auto& value : values) {
    bytes += value;
    const auto end = static_cast<std::int32_t>(bytes.size());
    offsets.append(reinterpret_cast<const char*>(&end), sizeof end);
  }
  return {std::move(name), "u", static_cast<std::int64_t>(values.size()), {MadeBuffer(), offsets, bytes}};
}

}  // namespace

MadeColumn texts(std::string name, std::initializer_list<std::string_view> values) {
  return packed_texts(std::move(name), values);
}
MadeColumn texts_of(std::string name, const std::vector<std::string>& values) {
  return packed_texts(std::move(name), values);
}
MadeColumn real_numbers(std::string name, const std::vector<double>& values) {
  std::string bytes(values.size() * sizeof(double), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return {std::move(name), "g", static_cast<std::int64_t>(values.size()), {MadeBuffer(), bytes}};
}

MadeColumn lists(std::string name, std::initializer_list<std::int32_t> ends, MadeColumn items) {
  std::string offsets(sizeof(std::int32_t), '\0');
  for (const std::int32_t end : ends) offsets.append(reinterpret_cast<const char*>(&end), sizeof end);
  MadeColumn column{std::move(name), "+l", static_cast<std::int64_t>(ends.size()), {MadeBuffer(), offsets}};
  column.items = std::make_shared<MadeColumn>(std::move(items));
  return column;
}

struct MadeArrow::Given {
  MadeArrow* of;
  int batches = 0;
};

int MadeArrow::get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  MadeArrow& of = *static_cast<Given*>(stream->private_data)->of;
  auto* node = new SchemaNode{&of, {}, {}, nullptr};
  ++of.schemas;
  for (const MadeColumn& column : of.columns_) {
    node->children.push_back(std::make_unique<ArrowSchema>(schema_of(of, column)));
    node->pointers.push_back(node->children.back().get());
  }
  *out = {.format = "+s", .name = "", .n_children = static_cast<std::int64_t>(node->pointers.size())};
  out->children = node->pointers.data();
  out->release = release_node<SchemaNode, ArrowSchema>;
  out->private_data = node;
  if (of.spoil_schema) of.spoil_schema(*out);
  return 0;
}

int MadeArrow::get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& given = *static_cast<Given*>(stream->private_data);
  MadeArrow& of = *given.of;
  *out = {};
  if (given.batches == of.fail_at) return EIO;
  if (given.batches++ == of.batches) return 0;
  auto* node = new ArrayNode{&of, {nullptr}, {}, {}, nullptr};
  ++of.arrays;
  for (const MadeColumn& column : of.columns_) {
    node->children.push_back(std::make_unique<ArrowArray>(array_of(of, column)));
    node->pointers.push_back(node->children.back().get());
  }
  *out = {.length = of.columns_.empty() ? 0 : of.columns_.front().length,
          .n_buffers = 1,
          .n_children = static_cast<std::int64_t>(node->pointers.size())};
  out->buffers = node->buffers.data();
  out->children = node->pointers.data();
  out->release = release_node<ArrayNode, ArrowArray>;
  out->private_data = node;
  if (of.spoil) of.spoil(*out);
  return 0;
}

ArrowArrayStream MadeArrow::stream() {
  ++streams;
  ArrowArrayStream made{};
  made.get_schema = get_schema;
  made.get_next = get_next;
  made.get_last_error = [](ArrowArrayStream*) -> const char* { return "the made stream was told to fail"; };
  made.release = [](ArrowArrayStream* stream) {
    auto* given = static_cast<Given*>(stream->private_data);
    --given->of->streams;
    delete given;
    stream->release = nullptr;
  };
  made.private_data = new Given{this};
  return made;
}

}  // namespace emptor::test
