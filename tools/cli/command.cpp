#include "cli/command.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "emptor/desk/access.hpp"
#include "emptor/session/read_log.hpp"

namespace emptor::cli {
namespace {

// Of the whole run.
std::string acting_user;
Id acting_customer;
std::vector<HostKey> host_keys;

// Nothing for what is no digit.
std::optional<unsigned> digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

HostKey key_of(std::string_view line) {
  HostKey key;
  bool is_key = line.size() == 2 * key.size();
  for (std::size_t i = 0; is_key && i < key.size(); ++i) {
    const auto high = digit_of(line[2 * i]), low = digit_of(line[2 * i + 1]);
    is_key = high && low;
    if (is_key) key[i] = static_cast<std::byte>(*high * 16 + *low);
  }
  if (!is_key) fail(Exit::input, "a key is a line of 64 hexadecimal digits", "make one: openssl rand -hex 32");
  return key;
}

Actor actor_in(Store& store) {
  if (acting_user.empty()) return {.name = "emptor", .customer = acting_customer};
  return user_named(Session(store).view(), acting_user);
}

}  // namespace

void act_as(std::string user, Id customer) {
  acting_user = std::move(user);
  acting_customer = customer;
}

void use_keys(const std::string& path) {
  host_keys.clear();
  if (path.empty()) return;
  std::ifstream file(path);
  if (!file) fail(Exit::input, "the file of the keys cannot be read", "give the path of a file");
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) host_keys.push_back(key_of(line));
}

std::unique_ptr<Store> open_with_keys(const std::string& where, OpenOptions options) {
  options.host_keys = host_keys;
  return open_store(where, options);
}

void fail(int exit, std::string message, std::string hint) {
  throw Failure{exit, {Code::invalid, std::move(message), {}, {}, std::nullopt, std::move(hint)}};
}

int exit_code_of(const Error& error) noexcept {
  switch (error.code()) {
    case Code::budget:
    case Code::cancelled:
    case Code::memory:
      return Exit::budget;
    case Code::conflict:
    case Code::denied:
    case Code::busy:
    case Code::io:
    case Code::full:
    case Code::newer:
    case Code::internal:
      return Exit::store;
    default:
      return Exit::input;
  }
}

OpenedStore open_session(const std::string& path, const OpenOptions& options) {
  try {
    OpenedStore opened;
    opened.store = open_with_keys(path, options);
    // What a user is told is counted, if the store counts it.
    if (options.read_only && !acting_user.empty() && reads_are_logged(*opened.store->read())) {
      opened.store.reset();
      opened.store = open_with_keys(path, {.wait = options.wait});
    }
    opened.session = std::make_unique<Session>(*opened.store, SessionOptions{.actor = actor_in(*opened.store)});
    return opened;
  } catch (const Error& error) {
    throw Failure{Exit::store, error.first()};
  }
}

bool may_be_made(const std::string& store) { return !names_file(store) || !std::filesystem::exists(store); }

Currency currency_of(const std::string& code) {
  if (code.empty()) return {};
  const auto currency = Currency::parse(code);
  if (!currency) fail(Exit::usage, "a currency is three letters: EUR, GBP, CNY");
  return *currency;
}

std::optional<Date> day_of(const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::optional<Date> day = parse_date(text);
  if (!day) fail(Exit::usage, std::string(option) + " takes a day that exists, as YYYY-MM-DD");
  return day;
}

std::optional<Instant> moment_of(const char* option, const std::string& text, const Session& session, DayEdge edge) {
  if (text.empty()) return std::nullopt;
  const std::optional<Instant> moment = parse_moment(text, Zone::of(session.view().info().zone), edge);
  if (!moment)
    fail(Exit::usage, std::string(option) + " takes an instant (2024-05-31T12:00:00Z) or a day (2024-05-31)");
  return moment;
}

void check_paths(const std::vector<std::string>& paths) {
  for (const std::string& path : paths)
    if (!std::filesystem::exists(path)) fail(Exit::input, "there is no such file or folder: " + path);
}

void check_zone(const std::string& name) {
  if (name.empty()) return;
  try {
    Zone::of(name);
  } catch (const Error&) {
    fail(Exit::usage, "the system knows no zone of that name", "write it as in Europe/London or Asia/Shanghai");
  }
}

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    fail(Exit::input, "standard output takes no more");
}

}  // namespace emptor::cli
