// The parts that a made-up shop is put together from, each against what is planted.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "desk/generated_basket.hpp"
#include "desk/generated_people.hpp"
#include "desk/generated_season.hpp"

using namespace emptor;

namespace {

constexpr Tongue tongues[] = {Tongue::chinese,    Tongue::german,  Tongue::english, Tongue::french,
                              Tongue::portuguese, Tongue::spanish, Tongue::italian};

std::string digits_of(const std::string& text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits += c;
  return digits;
}

PersonName anna() { return {Tongue::german, "Müller", "Anna", "Muller", "Anna"}; }
PersonName wang() { return {Tongue::chinese, "王", "小明", "Wang", "Xiaoming"}; }

}  // namespace

TEST_CASE("made season: its days are as long as the calendar's together, and it never runs backwards") {
  const GenerateOptions options{.days = 400};
  const Season season(options);
  CHECK(season.whole() == doctest::Approx(400).epsilon(1e-12));
  Moment before;
  for (double units = 0; units < 400; units += 0.37) {
    const Moment moment = season.moment(units);
    CHECK(before <= moment);
    CHECK(season.until(moment.day - 1) <= units);
    CHECK(units <= season.until(moment.day));
    before = moment;
  }
  CHECK(season.moment(-1) == Moment{0, 0});
  CHECK(season.moment(1e9) == Moment{399, 1'439});
}

TEST_CASE("made season: without one the time is the calendar's") {
  const GenerateOptions options{.days = 30, .season = false};
  const Season season(options);
  CHECK(season.moment(12.25) == Moment{12, 360});
}

TEST_CASE("made basket: planted products come as often as planted") {
  // Frequencies of 200,000 draws against their chances, within four standard errors.
  constexpr int draws = 200'000;
  Random random(7);
  int first[2] = {}, together[2] = {}, follow = 0, alone = 0;
  for (int i = 0; i < draws; ++i) {
    const PlantedPicks picks = planted_picks(random, 0);
    const std::set<int> on(picks.products.begin(), picks.products.begin() + picks.count);
    CHECK(on.size() == picks.count);
    for (int pair = 0; pair < 2; ++pair) {
      first[pair] += on.count(2 * pair) > 0;
      together[pair] += on.count(2 * pair) > 0 && on.count(2 * pair + 1) > 0;
    }
    alone += on.count(14) > 0;
    follow += (picks.firsts & 1) != 0;
  }
  const auto near = [](int count, double chance) {
    return std::abs(count - draws * chance) < 4 * std::sqrt(draws * chance * (1 - chance));
  };
  for (int pair = 0; pair < 2; ++pair) {
    const planted::Affinity& planted = planted::affinities[static_cast<std::size_t>(pair)];
    CHECK(near(together[pair], planted.all));
    CHECK(near(first[pair], planted.all + planted.alone[0]));
  }
  CHECK(near(follow, planted::sequences[0].first));
  CHECK(near(alone, planted::sequences[0].second));
}

TEST_CASE("made basket: a sequence that is due is on the order") {
  Random random(8);
  for (int i = 0; i < 1'000; ++i) {
    const PlantedPicks picks = planted_picks(random, 4);
    CHECK(std::count(picks.products.begin(), picks.products.begin() + picks.count, 18) == 1);
  }
}

TEST_CASE("made names: every hand that types one again") {
  Random random(1);
  CHECK(typed(anna(), Typing::same, random) == "Anna Müller");
  CHECK(typed(anna(), Typing::swapped, random) == "Müller Anna");
  CHECK(typed(anna(), Typing::capitals, random) == "ANNA MULLER");
  CHECK(typed(anna(), Typing::initial, random) == "A. Muller");
  CHECK(typed(anna(), Typing::latin, random) == "Anna Muller");
  CHECK(typed(anna(), Typing::missing_letter, random).size() < std::string("Anna Müller").size());
  CHECK(typed(anna(), Typing::doubled_letter, random).size() > std::string("Anna Müller").size());
  CHECK(typed(wang(), Typing::same, random) == "王小明");
  CHECK(typed(wang(), Typing::swapped, random) == "小明王");
  CHECK(typed(wang(), Typing::latin, random) == "Xiaoming Wang");
  CHECK(typed(std::string("Nordlicht AG"), Typing::capitals, random) == "NORDLICHT AG");
}

TEST_CASE("made names: a transposition has the same letters in another order") {
  Random random(2);
  const std::string name = "Anna Becker";
  for (int i = 0; i < 50; ++i) {
    std::string wrong =
        typed(PersonName{Tongue::german, "Becker", "Anna", "Becker", "Anna"}, Typing::transposed, random);
    CHECK(wrong.size() == name.size());
    std::string letters = name;
    std::sort(letters.begin(), letters.end());
    std::sort(wrong.begin(), wrong.end());
    CHECK(wrong == letters);
  }
}

TEST_CASE("made telephone numbers: every notation has the number's own digits at its end") {
  Random random(3);
  for (const Tongue tongue : tongues) {
    for (const bool mobile : {false, true}) {
      const MadePhone phone = made_phone(random, tongue, mobile);
      CHECK(e164(phone).size() <= 16);
      for (std::size_t notation = 0; notation < phone_notations; ++notation) {
        const std::string digits = digits_of(written(phone, notation));
        CHECK_MESSAGE(digits.ends_with(phone.area + phone.rest), written(phone, notation));
      }
      CHECK(digits_of(written(phone, 0)) == digits_of(e164(phone)));
      CHECK(digits_of(written(phone, 1)) == "00" + digits_of(e164(phone)));
    }
  }
}

TEST_CASE("made people: households share family name and telephone, namesakes only the name") {
  const GenerateOptions options{.customers = 20'000};
  int households = 0, namesakes = 0, branches = 0, contacts = 0;
  for (std::uint64_t customer = 1; customer <= 19'800; ++customer) {
    const Persona one = persona_of(options, customer);
    if (one.standing.other == 0) continue;
    CHECK(one.standing.other < customer);
    const Persona other = persona_of(options, one.standing.other);
    if (one.standing.role == PersonRole::household) {
      CHECK(one.name.family == other.name.family);
      CHECK(e164(one.phone) == e164(other.phone));
      CHECK(one.born != other.born);
      ++households;
    } else if (one.standing.role == PersonRole::namesake) {
      CHECK(written(one.name) == written(other.name));
      CHECK(e164(one.phone) != e164(other.phone));
      CHECK(one.born != other.born);
      ++namesakes;
    } else if (one.standing.role == PersonRole::branch) {
      CHECK(one.firm == other.firm);
      CHECK(is_organisation(options, one.standing.other));
      ++branches;
    } else {
      CHECK(one.standing.role == PersonRole::contact);
      CHECK(is_organisation(options, one.standing.other));
      ++contacts;
    }
  }
  CHECK(households > 400);
  CHECK(namesakes > 200);
  CHECK(branches > 400);
  CHECK(contacts > 400);
}
