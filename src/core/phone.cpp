#include "emptor/core/phone.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "core/phone_address.hpp"
#include "core/phone_extension.hpp"
#include "core/phone_reading.hpp"
#include "emptor/core/text.hpp"

namespace emptor {

/// Fills a number.
class PhoneWriter {
 public:
  static PhoneNumber withheld() {
    PhoneNumber number;
    number.state_ = PhoneState::withheld;
    return number;
  }

  static PhoneNumber local(std::string_view digits, std::string_view extension) {
    PhoneNumber number;
    if (digits.size() > sizeof number.text_) return number;
    number.state_ = PhoneState::local;
    put(number, digits);
    put_extension(number, extension);
    return number;
  }

  static PhoneNumber of(const phone::Reading& reading, std::string_view extension) {
    PhoneNumber number;
    number.state_ = reading.valid() ? PhoneState::valid : PhoneState::unplanned;
    number.kind_ = reading.kind.kind;
    number.international_ = reading.international;
    number.calling_code_ = reading.code->calling_code;
    char code[4] = {'+'};
    const char* const end = std::to_chars(code + 1, code + 4, number.calling_code_).ptr;
    put(number, {code, static_cast<std::size_t>(end - code)});
    number.national_at_ = number.text_size_;
    put(number, reading.national.view());
    if (reading.kind.plan != nullptr) put_region(number, reading.kind.plan->region);
    put_extension(number, extension);
    return number;
  }

 private:
  static void put(PhoneNumber& number, std::string_view digits) {
    std::copy(digits.begin(), digits.end(), number.text_ + number.text_size_);
    number.text_size_ = static_cast<std::uint8_t>(number.text_size_ + digits.size());
  }
  static void put_region(PhoneNumber& number, std::string_view region) {
    std::copy(region.begin(), region.end(), number.region_);
    number.region_size_ = static_cast<std::uint8_t>(region.size());
  }
  static void put_extension(PhoneNumber& number, std::string_view digits) {
    std::copy(digits.begin(), digits.end(), number.extension_);
    number.extension_size_ = static_cast<std::uint8_t>(digits.size());
  }
};

namespace {

using namespace phone;

// What exchanges and telephones show instead of a number, without blanks and punctuation.
constexpr std::string_view withheld_words[] = {
    "anonym",        "anonymous",      "anonymouscaller", "anonyme",   "blocked",       "callerunknown",
    "hidden",        "idwithheld",     "nocallerid",      "noid",      "nonumber",      "notprovided",
    "numberblocked", "numberwithheld", "outofarea",       "private",   "privatecaller", "privatenumber",
    "privat",        "restricted",     "suppressed",      "unbekannt", "unavailable",   "unknown",
    "unknowncaller", "unknownnumber",  "unterdrückt",     "withheld",  "匿名",          "未知",
    "未知号码",      "私人号码",       "隐藏号码",        "非通知"};

/// ANONYMOUS on the keys of a telephone, which gateways send for want of a number.
constexpr std::string_view keyed_anonymous = "+266696687";

bool is_withheld(std::string_view text) {
  char letters[32];
  std::size_t size = 0;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80 && !is_letter(static_cast<char>(c | 0x20))) {
      if (c >= '0' && c <= '9') return false;
      continue;
    }
    if (size == sizeof letters) return false;
    letters[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  const std::string_view word(letters, size);
  return std::find(std::begin(withheld_words), std::end(withheld_words), word) != std::end(withheld_words);
}

bool is_word(char c) {
  const bool of_labels = c >= symbol::wide_letters && c < symbol::other && c != symbol::acute;
  return is_digit(c) || is_letter(c) || of_labels || c == '#';
}

/// A second number after a stroke ("... x302/x2303") is not read.
std::size_t second_number(std::string_view symbols) {
  for (std::size_t at = symbols.find_first_of("/\\"); at != symbols.npos; at = symbols.find_first_of("/\\", at + 1)) {
    const std::size_t next = symbols.find_first_not_of(' ', at + 1);
    if (next == symbols.npos) return symbols.npos;
    if (symbols[next] == 'x') return at;
    at = next - 1;
  }
  return symbols.npos;
}

/// From the first plus sign or digit to the last letter or digit.
std::string_view dialled_part(std::string_view symbols) {
  const auto first = std::find_if(symbols.begin(), symbols.end(), [](char c) { return c == '+' || is_digit(c); });
  symbols.remove_prefix(static_cast<std::size_t>(first - symbols.begin()));
  symbols = symbols.substr(0, symbols.find(";isub="));
  while (!symbols.empty() && !is_word(symbols.back())) symbols.remove_suffix(1);
  return symbols.substr(0, second_number(symbols));
}

char key_of(char letter) { return "22233344455566677778889999"[letter - 'a']; }

/// Three letters or more are dialled by the keys that they stand on; fewer are remarks.
Digits digits_of(std::string_view symbols) {
  const bool keyed = std::count_if(symbols.begin(), symbols.end(), is_letter) >= 3;
  Digits digits;
  for (const char c : symbols) {
    if (is_digit(c)) digits.put(c);
    if (keyed && is_letter(c)) digits.put(key_of(c));
  }
  return digits;
}

/// "+34 (0)91 ...": a zero that is only dialled within the country, where there is none to dial.
std::optional<Reading> without_bracketed_zero(std::string_view symbols, bool plus, const RegionPlan* home) {
  const std::size_t zero = symbols.find("(0)");
  if (zero == symbols.npos) return std::nullopt;
  Digits digits = digits_of(symbols.substr(0, zero));
  digits.put(digits_of(symbols.substr(zero + 3)).view());
  std::optional<Reading> reading = read_digits(digits.view(), plus, home);
  return reading && reading->valid() ? reading : std::nullopt;
}

PhoneNumber number_of(const Extension& parts, const RegionPlan* home) {
  const bool plus = parts.before.starts_with('+');
  const Digits digits = digits_of(parts.before);
  if (digits.overflown()) return {};
  std::optional<Reading> reading = read_digits(digits.view(), plus, home);
  if (!reading || !reading->valid()) {
    std::optional<Reading> again = without_bracketed_zero(parts.before, plus, home);
    if (!again) again = read_again(digits.view(), plus, home);
    if (again) reading = again;
  }
  return reading ? PhoneWriter::of(*reading, parts.digits) : PhoneWriter::local(digits.view(), parts.digits);
}

constexpr std::string_view kind_names[] = {"unknown",   "fixed_line",   "mobile",      "fixed_or_mobile",
                                           "toll_free", "premium_rate", "shared_cost", "voip",
                                           "personal",  "pager",        "company",     "voicemail"};
constexpr std::string_view state_names[] = {"none", "withheld", "local", "unplanned", "valid"};

}  // namespace

std::string_view name_of(PhoneKind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }

std::string_view name_of(PhoneState state) noexcept { return state_names[static_cast<std::size_t>(state)]; }

PhoneNumber parse_phone(std::string_view text, std::string_view default_region) noexcept {
  text = trim(text);
  if (text.empty()) return PhoneWriter::withheld();
  if (text.size() > longest_text) return {};
  const Address address(text);
  if (is_withheld(address.user().empty() ? text : address.user())) return PhoneWriter::withheld();
  const Symbols symbols(address.number());
  const Extension parts = split_extension(dialled_part(symbols.view()));
  if (!is_viable(parts.before)) return {};
  const PhoneNumber number = number_of(parts, plan_of_region(default_region));
  return number.e164() == keyed_anonymous ? PhoneWriter::withheld() : number;
}

std::string_view trunk_prefix(std::string_view region) noexcept {
  const RegionPlan* const plan = plan_of_region(region);
  return plan == nullptr ? std::string_view{} : plan->trunk_prefix;
}

std::string_view phone_plan_version() noexcept { return plan_version; }

}  // namespace emptor
