#include "kept.hpp"

#include <cstddef>
#include <utility>

#include "error.hpp"

namespace emptor::python {
namespace {

/// What a shared schema or array owns: places for its children, and the thing that all of it lies in.
template <class Node>
struct Share {
  KeptPtr kept;
  std::vector<Node> children;
  std::vector<Node*> places;
  Node dictionary{};
};

template <class Node>
void end(Node& node) noexcept {
  if (node.release != nullptr) node.release(&node);
}

template <class Node>
void release_share(Node* node) noexcept {
  auto* const share = static_cast<Share<Node>*>(node->private_data);
  for (Node& child : share->children) end(child);
  end(share->dictionary);
  delete share;
  node->release = nullptr;
}

/// The same schema or array once more. Consumers may take children out of it, so each has an owner of its own.
template <class Node>
Node share(const Node& from, const KeptPtr& kept) {
  auto* const owned = new Share<Node>{kept, {}, {}, {}};
  for (std::int64_t i = 0; i < from.n_children; ++i) owned->children.push_back(share(*from.children[i], kept));
  for (Node& child : owned->children) owned->places.push_back(&child);
  Node node = from;
  node.children = owned->places.data();
  if (from.dictionary != nullptr) {
    owned->dictionary = share(*from.dictionary, kept);
    node.dictionary = &owned->dictionary;
  }
  node.private_data = owned;
  node.release = &release_share<Node>;
  return node;
}

struct Reading {
  KeptPtr kept;
  std::size_t next = 0;

  static Reading& of(ArrowArrayStream* stream) noexcept { return *static_cast<Reading*>(stream->private_data); }
  static int get_schema(ArrowArrayStream* stream, ArrowSchema* out) noexcept {
    *out = share(of(stream).kept->schema, of(stream).kept);
    return 0;
  }
  static int get_next(ArrowArrayStream* stream, ArrowArray* out) noexcept {
    Reading& self = of(stream);
    *out = self.next < self.kept->arrays.size() ? share(self.kept->arrays[self.next++], self.kept) : ArrowArray{};
    return 0;
  }
  static const char* get_last_error(ArrowArrayStream*) noexcept { return nullptr; }
  static void release(ArrowArrayStream* stream) noexcept {
    delete &of(stream);
    stream->release = nullptr;
  }
};

/// Ends a stream however the scope is left.
struct Taken {
  ArrowArrayStream& stream;
  ~Taken() { end(stream); }
  void check(int status) const {
    if (status == 0) return;
    const char* const text = stream.get_last_error(&stream);
    raise(EMPTOR_INTERNAL, text != nullptr ? text : "the table of an answer cannot be read");
  }
};

}  // namespace

Kept::~Kept() {
  end(schema);
  for (ArrowArray& array : arrays) end(array);
}

KeptPtr keep(ArrowArrayStream& stream) {
  const Taken taken{stream};
  auto kept = std::make_shared<Kept>();
  taken.check(stream.get_schema(&stream, &kept->schema));
  for (;;) {
    ArrowArray array{};
    taken.check(stream.get_next(&stream, &array));
    if (array.release == nullptr) return kept;
    kept->arrays.push_back(array);
  }
}

ArrowArrayStream stream_over(KeptPtr kept) {
  return {&Reading::get_schema, &Reading::get_next, &Reading::get_last_error, &Reading::release,
          new Reading{std::move(kept)}};
}

}  // namespace emptor::python
