#include "support/other_session.hpp"

#include <memory>
#include <stdexcept>

#include "core/varint.hpp"
#include "emptor/store/open.hpp"

namespace emptor::test {
namespace {

enum class Work : std::uint64_t { open, close, apply, settle };

std::string message_of(Work work) {
  std::string message;
  append_varint(message, static_cast<std::uint64_t>(work));
  return message;
}

void append_value(std::string& out, const Value& value) {
  const bool text = value.present() && value.is_text();
  append_varint(out, !value.present() ? 0 : text ? 1 : 2);
  if (!value.present()) return;
  append_varint(out, static_cast<std::uint64_t>(value.type()));
  text ? append_sized(out, value.text()) : append_zigzag(out, value.bits());
}

Value value_from(ByteReader& bytes) {
  const std::uint64_t kind = bytes.varint();
  if (kind == 0) return {};
  const Type type = static_cast<Type>(bytes.varint());
  if (kind == 2) return Value::of_bits(type, bytes.zigzag());
  return type == Type::text ? Value(bytes.sized()) : Value::bytes(bytes.sized());
}

void append_set(std::string& out, const ChangeSet& set) {
  append_varint(out, set.size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    const ChangeSet::Change& change = set.changes()[i];
    append_sized(out, change.entity);
    append_zigzag(out, change.id.value);
    append_varint(out, change.erase);
    append_varint(out, set.cells(i).size());
    for (const ChangeSet::Cell& cell : set.cells(i)) {
      append_sized(out, set.names()[cell.name]);
      append_value(out, cell.value);
    }
  }
}

ChangeSet set_from(ByteReader& bytes) {
  ChangeSet set;
  for (std::uint64_t left = bytes.varint(); left > 0; --left) {
    const std::string_view entity = bytes.sized();
    const std::int64_t number = bytes.zigzag();
    const Id id{number > 0 ? number : 0};
    if (bytes.varint() != 0) {
      set.erase(entity, id);
      bytes.varint();
      continue;
    }
    ChangeSet::Put put = set.put(entity, id);
    for (std::uint64_t cells = bytes.varint(); cells > 0; --cells) {
      const std::string_view name = bytes.sized();
      put.set(name, value_from(bytes));
    }
  }
  return set;
}

// The other process: what it has open, and what it does when it is told.
class Other {
 public:
  std::int64_t work(ByteReader bytes) {
    switch (static_cast<Work>(bytes.varint())) {
      case Work::open:
        close();
        open(bytes);
        return 0;
      case Work::close:
        close();
        return 0;
      case Work::settle:
        now_ = Instant{bytes.zigzag()};
        session_->settle();
        return 0;
      case Work::apply:
        now_ = Instant{bytes.zigzag()};
        return session_->apply(set_from(bytes)).ids.front().value;
    }
    throw std::runtime_error("it is told what it does not know");
  }

 private:
  void open(ByteReader& bytes) {
    const std::string where(bytes.sized());
    OpenOptions options;
    options.durability = static_cast<Durability>(bytes.varint());
    store_ = open_store(where, options);
    session_ = std::make_unique<Session>(*store_, SessionOptions{.clock = [this] { return now_; }});
  }
  void close() {
    session_ = nullptr;
    store_ = nullptr;
  }

  Instant now_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Session> session_;
};

// An answer is a number, and the length of the text that follows: of what went wrong.
void serve(const ChildProcess::Link& link) {
  for (Other other;;) {
    std::uint64_t size = 0;
    link.hear(&size, sizeof size);
    std::string message(size, '\0');
    link.hear(message.data(), size);
    std::int64_t answer[2] = {0, 0};
    std::string failure;
    try {
      answer[0] = other.work(ByteReader(message));
    } catch (const std::exception& error) {
      failure = error.what();
      answer[1] = static_cast<std::int64_t>(failure.size());
    }
    link.say(answer, sizeof answer);
    link.say(failure.data(), failure.size());
  }
}

}  // namespace

OtherSession::OtherSession() : process_(serve) {}

void OtherSession::open(const std::string& where, Durability durability) {
  std::string message = message_of(Work::open);
  append_sized(message, where);
  append_varint(message, static_cast<std::uint64_t>(durability));
  ask(message);
}

void OtherSession::close() { ask(message_of(Work::close)); }

Id OtherSession::apply(const ChangeSet& set, Instant now) {
  std::string message = message_of(Work::apply);
  append_zigzag(message, now.micros);
  append_set(message, set);
  return Id{ask(message)};
}

void OtherSession::settle(Instant now) {
  std::string message = message_of(Work::settle);
  append_zigzag(message, now.micros);
  ask(message);
}

std::int64_t OtherSession::ask(std::string_view message) {
  const std::uint64_t size = message.size();
  process_.tell(&size, sizeof size);
  process_.tell(message.data(), size);
  std::int64_t answer[2];
  if (!process_.hear(answer, sizeof answer)) throw std::runtime_error("the other process is gone");
  std::string failure(static_cast<std::size_t>(answer[1]), '\0');
  if (!process_.hear(failure.data(), failure.size())) throw std::runtime_error("the other process is gone");
  if (!failure.empty()) throw std::runtime_error("the other process: " + failure);
  return answer[0];
}

}  // namespace emptor::test
