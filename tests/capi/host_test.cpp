// What a host gives: its clock, random bytes, threads, log; and how it stops long calls.

#include <doctest/doctest.h>
#include <time.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "support/capi_world.hpp"
#include "support/postgres_tenant.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;

namespace {

// A store in memory or a file, with a session of the host's making.
struct HostWorld {
  emptor_store* store = nullptr;
  emptor_session* session = nullptr;
  explicit HostWorld(const emptor_session_options& options, const std::string& path = ":memory:") {
    emptor_store_options open = EMPTOR_STORE_OPTIONS_INIT;
    open.create = 1;
    open.currency = "EUR";
    REQUIRE(emptor_store_open(path.c_str(), EMPTOR_NUL, &open, &store, nullptr) == EMPTOR_OK);
    emptor_error error = EMPTOR_ERROR_INIT;
    const emptor_status status = emptor_session_open(store, &options, &session, &error);
    REQUIRE_MESSAGE(status == EMPTOR_OK, error.message);
  }
  ~HostWorld() {
    emptor_session_close(session, nullptr);
    emptor_store_close(store, nullptr);
  }
  HostWorld(const HostWorld&) = delete;
  HostWorld& operator=(const HostWorld&) = delete;

  emptor_status put(const char* json) const {
    emptor_changes* changes = nullptr;
    REQUIRE(emptor_changes_new(session, &changes, nullptr) == EMPTOR_OK);
    REQUIRE(emptor_changes_put_json(changes, "customer", json, EMPTOR_NUL, nullptr, nullptr) == EMPTOR_OK);
    const emptor_status status = emptor_apply(session, changes, nullptr, nullptr, nullptr);
    emptor_changes_free(changes, nullptr);
    return status;
  }
  // The answer of an operation; its status too.
  std::string run(const char* operation, const std::string& options, emptor_status& status) const {
    emptor_document* document = nullptr;
    emptor_error error = EMPTOR_ERROR_INIT;
    status = emptor_run(session, operation, options.data(), options.size(), &document, &error);
    if (status != EMPTOR_OK) return error.message;
    emptor_text text{};
    CHECK(emptor_document_text(document, &text, nullptr) == EMPTOR_OK);
    const std::string json(text.data, text.size);
    emptor_document_free(document, nullptr);
    return json;
  }
  std::string run(const char* operation, const std::string& options = "{}") const {
    emptor_status status = EMPTOR_OK;
    std::string answer = run(operation, options, status);
    REQUIRE_MESSAGE(status == EMPTOR_OK, operation, ": ", answer);
    return answer;
  }
};

// The work that this thread has done: what other programs do on the machine meanwhile does not count.
double work_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double answer_within = 1.0;
#else
constexpr double answer_within = 0.1;
#endif

// Measures how long the library works without asking, and stops it at a question.
struct Stopper {
  std::size_t questions = 0;
  std::size_t stop_at = 0;  // 0: never
  double last = 0, longest = 0;
  std::string longest_before;

  void begin() {
    questions = 0;
    longest = 0;
    last = work_seconds();
  }
  void seen(const char* stage) {
    const double now = work_seconds();
    if (now - last > longest) {
      longest = now - last;
      longest_before = stage;
    }
    last = now;
  }
  static int ask(void* context, const char* stage, std::uint64_t, std::uint64_t) {
    auto& self = *static_cast<Stopper*>(context);
    self.seen(stage);
    ++self.questions;
    return self.stop_at == 0 || self.questions < self.stop_at;
  }
};

emptor_session_options with_progress(Stopper& stopper) {
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.progress = Stopper::ask;
  options.progress_context = &stopper;
  return options;
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

}  // namespace

TEST_CASE("host: its clock tells when things happened") {
  std::int64_t now = 1'000'000;
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.clock = [](void* context) { return *static_cast<std::int64_t*>(context); };
  options.clock_context = &now;
  const HostWorld world(options);
  CHECK(world.put(R"({"name":"Ada"})") == EMPTOR_OK);
  CHECK(world.run("feed").find(R"("at":"1970-01-01T00:00:01Z")") != std::string::npos);
  now = -3'600'000'000;
  CHECK(world.put(R"({"name":"Bo"})") == EMPTOR_INVALID);  // an hour back
  options.accept_clock_jump = 1;
  emptor_session* accepting = nullptr;
  REQUIRE(emptor_session_open(world.store, &options, &accepting, nullptr) == EMPTOR_OK);
  emptor_document* answer = nullptr;
  CHECK(emptor_run(accepting, "statistics", nullptr, 0, &answer, nullptr) == EMPTOR_OK);
  emptor_document_free(answer, nullptr);
  emptor_session_close(accepting, nullptr);
}

TEST_CASE("host: where its clock fails, nothing is written") {
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.clock = [](void*) { return INT64_MIN; };
  const HostWorld world(options);
  CHECK(world.put(R"({"name":"Ada"})") == EMPTOR_IO);
  CHECK(world.run("feed").find("customer") == std::string::npos);
}

TEST_CASE("host: its random bytes make the keys of customers; where it has none, nothing is written") {
  struct Source {
    std::size_t bytes = 0;
    int answer = 1;
  } source;
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.random = [](void* context, void* bytes, std::size_t size) {
    auto& from = *static_cast<Source*>(context);
    from.bytes += size;
    auto* to = static_cast<unsigned char*>(bytes);
    for (std::size_t i = 0; i < size; ++i) to[i] = static_cast<unsigned char>(from.bytes + i);
    return from.answer;
  };
  options.random_context = &source;
  const HostWorld world(options);
  CHECK(world.put(R"({"name":"Ada"})") == EMPTOR_OK);
  CHECK(source.bytes >= 32);
  source.answer = 0;
  CHECK(world.put(R"({"name":"Bo"})") == EMPTOR_IO);
  std::int64_t customers = 0;
  CHECK(emptor_count(world.session, "customer", nullptr, &customers, nullptr) == EMPTOR_OK);
  CHECK(customers == 1);
}

TEST_CASE("host: its threads do the work of a verification, and the answer is the same") {
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  std::size_t tasks = 0;
  options.executor = [](void* context, std::size_t count, emptor_task task, void* task_context) {
    *static_cast<std::size_t*>(context) += count;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([=] { task(task_context, i); });
    for (std::thread& thread : threads) thread.join();
  };
  options.executor_context = &tasks;
  options.executor_threads = 4;
  const HostWorld world(options);
  for (int i = 0; i < 20; ++i) CHECK(world.put(R"({"name":"Ada"})") == EMPTOR_OK);
  emptor_session* plain = nullptr;
  REQUIRE(emptor_session_open(world.store, nullptr, &plain, nullptr) == EMPTOR_OK);
  emptor_document* document = nullptr;
  REQUIRE(emptor_verify(plain, 1, &document, nullptr) == EMPTOR_OK);
  emptor_text text{};
  CHECK(emptor_document_text(document, &text, nullptr) == EMPTOR_OK);
  CHECK(world.run("verify") == std::string(text.data, text.size));
  CHECK(tasks == 20);
  emptor_document_free(document, nullptr);
  emptor_session_close(plain, nullptr);
}

TEST_CASE("host: an executor that leaves tasks out is misuse, not a wrong answer") {
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.executor = [](void*, std::size_t, emptor_task, void*) {};
  const HostWorld world(options);
  CHECK(world.put(R"({"name":"Ada"})") == EMPTOR_OK);
  emptor_document* document = nullptr;
  CHECK(emptor_verify(world.session, 1, &document, nullptr) == EMPTOR_MISUSE);
}

TEST_CASE("host: its log hears of imports with counts, from the level that it asks for, and of no person") {
  const TempFolder folder;
  std::vector<std::string> lines;
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.log = [](void* context, emptor_log_level level, const char* line, std::size_t size) {
    CHECK(level >= EMPTOR_LOG_INFO);
    static_cast<std::vector<std::string>*>(context)->emplace_back(line, size);
  };
  options.log_context = &lines;
  const HostWorld world(options);
  world.run("generate", R"({"folder":)" + quoted(folder.file("in")) + R"(,"customers":20,"lines":100})");
  world.run("import", R"({"paths":[)" + quoted(folder.file("in")) + "]}");
  world.run("rfm");
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  CHECK(all.find("import begins: ") != std::string::npos);
  CHECK(all.find("order_line 100 of 100") != std::string::npos);
  CHECK(all.find("facts built anew: ") != std::string::npos);
  emptor_records* customers = nullptr;
  REQUIRE(emptor_select(world.session, "customer", nullptr, &customers, nullptr) == EMPTOR_OK);
  std::size_t count = 0;
  CHECK(emptor_records_count(customers, &count, nullptr) == EMPTOR_OK);
  for (std::size_t i = 0; i < count; ++i) {
    emptor_record* record = nullptr;
    emptor_text name{};
    REQUIRE(emptor_records_at(customers, i, &record, nullptr) == EMPTOR_OK);
    CHECK(emptor_record_get_text(record, "name", &name, nullptr) == EMPTOR_OK);
    CHECK(all.find(std::string(name.data, name.size)) == std::string::npos);
    emptor_record_free(record, nullptr);
  }
  emptor_records_free(customers, nullptr);
  options.log_level = 4;
  emptor_session* session = nullptr;
  CHECK(emptor_session_open(world.store, &options, &session, nullptr) == EMPTOR_INVALID);
}

TEST_CASE("host: programs of the first header pass smaller options, and get the defaults of what they lack") {
  emptor_session_options options;
  std::memset(&options, 0x5a, sizeof options);  // what lies behind a smaller struct is not read
  options.size = 24;
  options.actor = "old program";
  options.user = 0;
  const HostWorld world(options);
  CHECK(world.put(R"({"name":"Ada"})") == EMPTOR_OK);
  options.size = 23;
  emptor_session* session = nullptr;
  CHECK(emptor_session_open(world.store, &options, &session, nullptr) == EMPTOR_MISUSE);
  emptor_store_options open;
  std::memset(&open, 0x5a, sizeof open);
  const emptor_store_options defaults = EMPTOR_STORE_OPTIONS_INIT;
  std::memcpy(&open, &defaults, 40);
  open.size = 40;
  open.create = 1;
  emptor_store* store = nullptr;
  CHECK(emptor_store_open(":memory:", EMPTOR_NUL, &open, &store, nullptr) == EMPTOR_OK);
  CHECK(emptor_store_close(store, nullptr) == EMPTOR_OK);
  open.size = 39;
  CHECK(emptor_store_open(":memory:", EMPTOR_NUL, &open, &store, nullptr) == EMPTOR_MISUSE);
}

TEST_CASE("host: every long call asks at least every 100 ms of its work") {
  const TempFolder folder;
  Stopper stopper;
  const HostWorld world(with_progress(stopper), folder.file("s.emptor"));
  const auto asks = [&](const char* operation, const std::string& options) {
    stopper.begin();
    world.run(operation, options);
    stopper.seen("the end");
    CHECK_MESSAGE(stopper.questions > 0, std::string(operation));
    CHECK_MESSAGE(stopper.longest < answer_within, std::string(operation), " before ", stopper.longest_before, ": ",
                  stopper.longest);
    MESSAGE(std::string(operation), ": ", stopper.questions, " questions, ", stopper.longest * 1e3,
            " ms at most before ", stopper.longest_before);
  };
  asks("generate", R"({"folder":)" + quoted(folder.file("in")) + R"(,"customers":2000,"lines":30000})");
  asks("problems", R"({"paths":[)" + quoted(folder.file("in")) + "]}");
  asks("import", R"({"paths":[)" + quoted(folder.file("in")) + "]}");
  asks("import", R"({"paths":[)" + quoted(folder.file("in")) + "]}");
  asks("verify", "{}");
  asks("rfm", "{}");
  asks("value_class", "{}");
  asks("interaction_groups", "{}");
  asks("export", R"({"entity":"order_line","path":)" + quoted(folder.file("lines.csv")) + "}");
  asks("report", R"({"path":)" + quoted(folder.file("report.html")) + "}");
  asks("backup", R"({"path":)" + quoted(folder.file("copy.emptor")) + "}");
  asks("copy", R"({"to":)" + quoted(folder.file("whole.emptor")) + "}");
  asks("state_hash", "{}");
  asks("statistics", "{}");
}

TEST_CASE("host: a call that is stopped answers within 100 ms, and nothing is half-written") {
  const TempFolder folder;
  Stopper stopper;
  const std::string import = R"({"paths":[)" + quoted(folder.file("in")) + "]}";
  std::string whole;
  {
    const HostWorld world(EMPTOR_SESSION_OPTIONS_INIT, ":memory:");
    world.run("generate", R"({"folder":)" + quoted(folder.file("in")) + R"(,"customers":300,"lines":4000})");
    world.run("import", import);
    world.run("rfm");
    whole = world.run("statistics");
    whole.erase(0, whole.find("\"records\""));
  }
  const HostWorld world(with_progress(stopper), folder.file("s.emptor"));
  const auto stop = [&](const char* operation, const std::string& options, std::size_t question) {
    stopper.begin();
    stopper.stop_at = question;
    emptor_status status = EMPTOR_OK;
    world.run(operation, options, status);
    const double since = work_seconds() - stopper.last;
    const bool stopped = stopper.questions >= question;
    stopper.stop_at = 0;
    CHECK_MESSAGE(status == (stopped ? EMPTOR_CANCELLED : EMPTOR_OK), operation, " at ", question);
    if (stopped) CHECK_MESSAGE(since < answer_within, operation, " at ", question, ": ", since);
    return stopped;
  };
  std::size_t stops = 0;
  for (std::size_t question = 1; stop("import", import, question) && question < 60; question += 3) ++stops;
  CHECK(stops > 2);
  world.run("import", import);
  CHECK(world.run("verify").find(R"("intact":true)") == 1);
  for (std::size_t question = 1; stop("rfm", "{}", question) && question < 20; ++question) ++stops;
  world.run("rfm");
  std::string now = world.run("statistics");
  now.erase(0, now.find("\"records\""));
  CHECK(now == whole);
  CHECK(world.run("verify").find(R"("intact":true)") == 1);
  CHECK(stop("verify", "{}", 1));
  CHECK(stop("backup", R"({"path":)" + quoted(folder.file("copy")) + "}", 1));
  CHECK_FALSE(std::filesystem::exists(folder.file("copy")));
  CHECK_FALSE(std::filesystem::exists(folder.file("copy-part")));
  CHECK(stop("copy", R"({"to":)" + quoted(folder.file("whole")) + "}", 1));
  for (const char* left : {"whole", "whole-part", "whole-part-wal", "whole-part-lock"})
    CHECK_FALSE(std::filesystem::exists(folder.file(left)));
  CHECK(stop("state_hash", "{}", 1));
  CHECK(stop("export", R"({"entity":"order","path":)" + quoted(folder.file("orders.csv")) + "}", 1));
  CHECK_FALSE(std::filesystem::exists(folder.file("orders.csv")));
  CHECK(stop("statistics", "{}", 1));
}

TEST_CASE("C API: a store on a server is opened by its URL, and what is told of a failure does not repeat it") {
  if (postgres_server().empty()) return;
  const TempFolder folder;
  const std::string schema = folder.path().filename().string(), url = tenant_url(schema);
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_store* store = nullptr;
  CHECK(emptor_store_open(url.c_str(), EMPTOR_NUL, nullptr, &store, &error) == EMPTOR_NOT_FOUND);
  CHECK(std::string(error.message).find("127.0.0.1") == std::string::npos);
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  options.create = 1;
  options.currency = "EUR";
  REQUIRE(emptor_store_open(url.c_str(), EMPTOR_NUL, &options, &store, &error) == EMPTOR_OK);
  emptor_store_state state = EMPTOR_STORE_STATE_INIT;
  CHECK(emptor_store_info(store, &state, &error) == EMPTOR_OK);
  CHECK(std::string(state.currency) == "EUR");
  CHECK(emptor_store_sync(store, &error) == EMPTOR_OK);
  CHECK(emptor_store_close(store, &error) == EMPTOR_OK);
  drop_tenant(schema);
}
