#include "desk/generated_people.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/elementary.hpp"
#include "desk/generated_file.hpp"
#include "emptor/core/random.hpp"

namespace emptor {
namespace {

enum Stream : std::uint64_t { habits = 1, names = 2, doubles = 3, touches = 4, suspects = 5 };

Random stream(const GenerateOptions& options, Stream purpose, std::uint64_t customer) {
  return Random(hash_of(hash_of(options.seed, purpose), customer));
}

template <std::size_t N>
std::string_view pick(Random& random, const std::array<std::string_view, N>& choices) {
  return choices[random.below(N)];
}

constexpr std::array<std::string_view, 24> zh_families = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵",
                                                          "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
                                                          "何", "高", "林", "罗", "郑", "梁", "谢", "欧阳"};
constexpr std::array<std::string_view, 24> zh_given = {"伟", "芳",   "娜",   "敏",   "静",   "丽",   "强",   "磊",
                                                       "军", "洋",   "勇",   "艳",   "杰",   "娟",   "涛",   "明",
                                                       "超", "秀英", "桂英", "建国", "子涵", "雨桐", "浩然", "思远"};
constexpr std::array<std::string_view, 24> latin_families = {
    "Smith",     "Müller",  "García",  "Rossi",   "Novák",   "Jensen",  "Dubois",   "Silva",
    "Kowalski",  "O'Brien", "Larsen",  "Ionescu", "Fischer", "Moreau",  "Costa",    "Horváth",
    "Andersson", "Peters",  "Lefèvre", "Santos",  "Walker",  "Schäfer", "Øvergård", "Dvořák"};
constexpr std::array<std::string_view, 24> latin_given = {
    "Anna",  "Ben",  "Clara", "David", "Elena", "Felix", "Grace",  "Hugo", "Inês", "Jonas",   "Katja", "Liam",
    "María", "Nils", "Olga",  "Paul",  "Rosa",  "Søren", "Teresa", "Uwe",  "Vera", "William", "Zoë",   "José"};
constexpr std::array<std::string_view, 12> latin_firms = {"Blue Harbour", "Nordlicht",   "Green Mill", "Casa Verde",
                                                          "Old Mint",     "Atelier 9",   "Riverside",  "Kiefer & Sohn",
                                                          "Sundial",      "La Fontaine", "Brightwell", "Stone, Hill"};
constexpr std::array<std::string_view, 6> latin_forms = {"Ltd", "GmbH", "S.A.", "Trading", "& Co", "Stores"};
constexpr std::array<std::string_view, 10> zh_firms = {"华信", "东方", "恒远", "金桥", "长青",
                                                       "南海", "天成", "百合", "启明", "和顺"};
constexpr std::array<std::string_view, 4> zh_forms = {"贸易有限公司", "商贸行", "科技有限公司", "百货店"};
constexpr std::array<std::string_view, 6> suspect_names = {"TEST", "asdf", "n/a", "xxx", "测试", "Test Test"};
struct Place {
  std::string_view country, city;
};
constexpr std::array<Place, 8> zh_places = {{{"China", "上海"},
                                             {"China", "北京"},
                                             {"China", "广州"},
                                             {"China", "成都"},
                                             {"China", "杭州"},
                                             {"China", "武汉"},
                                             {"China", "西安"},
                                             {"China", "厦门"}}};
constexpr std::array<Place, 10> latin_places = {{{"Germany", "Hamburg"},
                                                 {"France", "Lyon"},
                                                 {"Spain", "Málaga"},
                                                 {"Italy", "Torino"},
                                                 {"Poland", "Łódź"},
                                                 {"United Kingdom", "Leeds"},
                                                 {"Ireland", "Cork"},
                                                 {"Denmark", "Aarhus"},
                                                 {"Portugal", "Porto"},
                                                 {"Czechia", "Brno"}}};
constexpr std::array<std::string_view, 6> channels = {"phone", "email", "wechat", "chat", "visit", "web"};
constexpr std::array<std::string_view, 5> outcomes = {"reached", "no answer", "sold", "question answered", "complaint"};

constexpr std::uint64_t one_in_double = 100;
constexpr std::uint64_t one_in_suspect = 400;

struct Person {
  bool organisation = false;
  bool chinese = false;
  std::string name;
  Place place;
  std::string phone;
  std::int32_t born = 0;  ///< days since 1970
};

Person person_of(const GenerateOptions& options, std::uint64_t customer) {
  Random random = stream(options, names, customer);
  Person person;
  person.organisation = random.below(10) == 0;
  person.chinese = random.below(100) < 45;
  if (person.chinese) {
    person.name = std::string(person.organisation ? pick(random, zh_firms) : pick(random, zh_families));
    person.name += person.organisation ? pick(random, zh_forms) : pick(random, zh_given);
    person.place = zh_places[random.below(zh_places.size())];
    person.phone = "+86 139" + std::to_string(10'000'000 + random.below(90'000'000));
  } else {
    person.name = std::string(person.organisation ? pick(random, latin_firms) : pick(random, latin_given));
    person.name += ' ';
    person.name += person.organisation ? pick(random, latin_forms) : pick(random, latin_families);
    person.place = latin_places[random.below(latin_places.size())];
    person.phone = "+49 40 " + std::to_string(1'000'000 + random.below(9'000'000));
  }
  person.born = static_cast<std::int32_t>(random.below(20'000)) - 7'300;
  return person;
}

/// How a double of a customer is written: another hand at the keyboard.
std::string written_again(std::string name, Random& random) {
  if (random.below(2) == 0) name += ' ';
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

std::string email_of(std::uint64_t person) { return "k" + std::to_string(person) + "@example.org"; }

void write_customer(GeneratedFile& file, const GenerateOptions& options, std::uint64_t customer, Generated& made) {
  const std::uint64_t original = original_of(options, customer);
  const std::uint64_t identity = original ? original : customer;
  Person person = person_of(options, identity);
  Random random = stream(options, doubles, customer);
  if (original) person.name = written_again(person.name, random);
  made.double_customers += original != 0;
  if (has_suspect_name(options, customer)) {
    person.name = std::string(pick(random, suspect_names));
    ++made.suspect_names;
  }
  const std::int32_t since = options.start.days + habit_of(options, customer).first_day;
  file.cell(customer_code(customer)).cell(person.organisation ? "organisation" : "person").cell(person.name);
  file.cell(email_of(identity)).cell(person.phone);
  file.cell(person.organisation ? std::string() : to_string(Date{person.born}));
  file.cell(person.place.country)
      .cell(person.place.city)
      .cell(person.chinese ? "zh" : "en")
      .cell(to_string(Date{since}));
  file.end_line();
}

/// An exponential draw with mean 1.
double exponential(Random& random) { return -elementary::log(1 - random.uniform()); }

}  // namespace

BuyingHabit habit_of(const GenerateOptions& options, std::uint64_t customer) {
  Random random = stream(options, habits, customer);
  BuyingHabit habit;
  const bool known_before = random.below(100) < 40;
  habit.first_day = known_before ? 0 : static_cast<std::int32_t>(random.below(options.days));
  habit.rate = random.gamma(0.7) + 0.02;
  const double dropout = random.gamma(0.6) / 300 + 1e-5;  // a day
  const double life = std::min(exponential(random) / dropout, double(options.days));
  habit.last_day = std::min(options.days - 1, habit.first_day + static_cast<std::int32_t>(life));
  habit.bulk = 0.4 + random.gamma(0.9);
  return habit;
}

std::uint64_t original_of(const GenerateOptions& options, std::uint64_t customer) {
  const std::uint64_t own = options.customers - (options.flaws ? options.customers / one_in_double : 0);
  return customer <= own ? 0 : 1 + stream(options, doubles, customer).below(own);
}

bool has_suspect_name(const GenerateOptions& options, std::uint64_t customer) {
  return options.flaws && hash_of(hash_of(options.seed, suspects), customer) % one_in_suspect == 0;
}

std::string customer_code(std::uint64_t customer) {
  const std::string digits = std::to_string(customer);
  return "C" + std::string(digits.size() < 7 ? 7 - digits.size() : 0, '0') + digits;
}

void write_customers(const std::string& folder, const GenerateOptions& options, Generated& made) {
  GeneratedFile file(folder, "customers.csv");
  file.raw_line("customer_id,kind,name,email,phone,birth_date,country,city,language,since");
  for (std::uint64_t customer = 1; customer <= options.customers; ++customer) {
    write_customer(file, options, customer, made);
  }
  made.customers = options.customers;
  file.close();
}

void write_interactions(const std::string& folder, const GenerateOptions& options, Generated& made) {
  GeneratedFile file(folder, "interactions.csv");
  file.raw_line("interaction_id,customer_id,at,channel,direction,outcome,duration_seconds");
  for (std::uint64_t customer = 1; customer <= options.customers; ++customer) {
    const BuyingHabit habit = habit_of(options, customer);
    Random random = stream(options, touches, customer);
    for (std::uint64_t left = random.poisson(std::min(0.3 + habit.rate, 6.0)); left > 0; --left) {
      const std::int32_t span = habit.last_day - habit.first_day + 1;
      const std::int32_t day = habit.first_day + static_cast<std::int32_t>(random.below(span));
      const std::int64_t second = 8 * 3600 + static_cast<std::int64_t>(random.below(11 * 3600));
      const Instant at{(std::int64_t{options.start.days} + day) * micros_per_day + second * micros_per_second};
      file.cell("T" + std::to_string(++made.interactions)).cell(customer_code(customer)).cell(to_string(at));
      file.cell(pick(random, channels)).cell(random.below(3) == 0 ? "out" : "in").cell(pick(random, outcomes));
      file.cell(30 + random.below(900)).end_line();
    }
  }
  file.close();
}

}  // namespace emptor
