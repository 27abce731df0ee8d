// The example of a host's own store (examples/host_store): whatever is cut off or spoilt at the end of its file, it
// opens as one of the states that were committed; most of it dead, it is written anew.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "emptor/session/session.hpp"
#include "emptor/store/copy.hpp"
#include "support/child_process.hpp"
#include "support/log_host.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// A file after each of its last commits, with the state that it holds.
struct Written {
  std::uint64_t size = 0;
  Hash state{};
};

std::vector<Written> write_three(const std::string& path) {
  std::vector<Written> written;
  for (const char* country : {"PT", "DE", "NZ"}) {
    const auto store = open_log_host(path, {.create = true});
    Session session(*store);
    ChangeSet set;
    if (written.size() < 2) set.put("customer").set("name", "n").set("country", country);
    if (written.size() == 2) set.put("customer", Id{1}).set("country", country);
    session.apply(set);
    written.push_back({std::filesystem::file_size(path), state_hash(*store->read())});
  }
  return written;
}

int code_of_opening(const std::string& path) {
  log_store* store = nullptr;
  const int answer = log_store_open(path.c_str(), &store);
  log_store_close(store);
  return answer;
}

}  // namespace

TEST_CASE("log store: cut at any byte of its last two commits it opens as one of its states, and goes on") {
  const TempFolder folder;
  const std::string path = folder.file("store.log"), cut = folder.file("cut.log");
  const std::vector<Written> written = write_three(path);
  const std::string whole = contents(path);
  REQUIRE(written[0].size < written[1].size);
  REQUIRE(written[1].size < written[2].size);
  for (std::uint64_t size = written[0].size; size <= written[2].size; ++size) {
    CAPTURE(size);
    write_file(cut, std::string_view(whole).substr(0, size));
    const std::size_t state = size < written[1].size ? 0 : size < written[2].size ? 1 : 2;
    const auto store = open_log_host(cut);
    CHECK(state_hash(*store->read()) == written[state].state);
    CHECK(std::filesystem::file_size(cut) == written[state].size);
    if (size % 64 != 0) continue;
    Session session(*store);
    ChangeSet set;
    set.put("customer").set("name", "later");
    session.apply(set);
    CHECK(session.verify(true).faults == std::vector<std::string>{});
  }
}

TEST_CASE("log store: a last commit with a wrong byte was none; with commits behind it, the file is damaged") {
  const TempFolder folder;
  const std::string path = folder.file("store.log"), spoilt = folder.file("spoilt.log");
  const std::vector<Written> written = write_three(path);
  const std::string whole = contents(path);
  // From the checksum on: a wrong size may lead beyond the end.
  for (std::uint64_t at = written[1].size + 4; at < written[2].size; at += 7) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    write_file(spoilt, bytes);
    CHECK(state_hash(*open_log_host(spoilt)->read()) == written[1].state);
  }
  std::string bytes = whole;
  bytes[written[0].size + 20] = static_cast<char>(bytes[written[0].size + 20] ^ 1);
  write_file(spoilt, bytes);
  CHECK(code_of_opening(spoilt) == LOG_STORE_DAMAGED);
  CHECK(contents(spoilt) == bytes);
}

TEST_CASE("log store: a file that is none of its own is left alone, one cut in its header is begun again") {
  const TempFolder folder;
  const std::string path = folder.file("store.log");
  write_file(path, "something else");
  CHECK(code_of_opening(path) == LOG_STORE_FOREIGN);
  CHECK(contents(path) == "something else");
  write_file(path, "EML");
  CHECK(code_of_opening(path) == LOG_STORE_OK);
  CHECK(code_of_opening(folder.file("no/such/folder.log")) == LOG_STORE_SYSTEM);
}

TEST_CASE("log store: a file that is mostly dead is written anew, and holds what it held") {
  const TempFolder folder;
  const std::string path = folder.file("store.log");
  LogFile file = open_log(path);
  Hash state{};
  {
    const auto store = open_host(calls_of(file), {.create = true, .durability = Durability::off});
    const std::string text(20'000, 'x'), still(1000, 'y');
    const auto set = [&](const std::string& name, const std::string& value) {
      const auto writer = store->write();
      writer->set_setting(name, value);
      writer->commit();
    };
    set("still", still);
    for (int i = 0; i < 200; ++i) set("big-" + std::to_string(i % 5), text + std::to_string(i));
    CHECK(store->read()->setting("still") == still);
    state = state_hash(*store->read());
  }
  const log_store_size size = log_store_measure(file.get());
  CHECK(size.rewrites >= 2);  // 4 MB were written
  CHECK(size.file < 2'200'000);
  CHECK(size.file >= size.live);
  CHECK(std::filesystem::file_size(path) == size.file);
  file.reset();
  CHECK(!std::filesystem::exists(path + ".new"));
  CHECK(state_hash(*open_log_host(path)->read()) == state);
}

TEST_CASE("log store: a second process is told that the file is in use") {
  const TempFolder folder;
  const std::string path = folder.file("store.log");
  const LogFile file = open_log(path);
  ChildProcess child([&](const ChildProcess::Link& link) {
    const int answer = code_of_opening(path);
    link.say(&answer, sizeof answer);
  });
  int answer = -1;
  REQUIRE(child.hear(&answer, sizeof answer));
  CHECK(answer == LOG_STORE_IN_USE);
  CHECK(child.join());
}

TEST_CASE("log store: a process that is killed while it writes leaves a state that was committed") {
  const TempFolder folder;
  const std::string path = folder.file("store.log");
  for (int round = 0; round < 8; ++round) {
    CAPTURE(round);
    ChildProcess child([&](const ChildProcess::Link& link) {
      const auto store = open_log_host(path, {.create = true});
      Session session(*store);
      for (;;) {
        ChangeSet set;
        for (int i = 0; i < 20; ++i) set.put("customer").set("name", "n");
        const std::int64_t position = session.apply(set).position;
        link.say(&position, sizeof position);
      }
    });
    std::int64_t acknowledged = 0;
    for (int i = 0; i < 3 + round; ++i) REQUIRE(child.hear(&acknowledged, sizeof acknowledged));
    child.kill_now();
    const auto store = open_log_host(path);
    Session session(*store);
    CHECK(session.view().info().position >= acknowledged);
    CHECK(session.view().count("customer") == 20 * session.view().info().position);
    CHECK(session.verify(true).faults == std::vector<std::string>{});
  }
}
