#include "desk/generated_people.hpp"

#include <array>

#include "desk/generated_plan.hpp"

namespace emptor {
namespace {

// Customers come in blocks: the first of some is an organisation, the next its branches and people.
constexpr std::uint64_t block = 20;
constexpr std::uint64_t namesake_place = 12, named_place = 13;
constexpr double tongue_weights[tongue_count] = {0.4, 0.16, 0.16, 0.1, 0.1, 0.04, 0.04};

double chance(const GenerateOptions& options, std::uint64_t customer) {
  return stream(options, DrawnFor::standing, customer).uniform();
}

bool leads_block(const GenerateOptions& options, std::uint64_t head) { return chance(options, head) < 0.5; }

/// How one stands by the place in the block, doubles aside.
Standing placed(const GenerateOptions& options, std::uint64_t customer) {
  const std::uint64_t place = (customer - 1) % block, head = customer - place;
  const double draw = chance(options, customer);
  if (place == 0 || place == 19)
    return {draw < (place == 0 ? 0.5 : 0.6) ? PersonRole::organisation : PersonRole::person, 0};
  if (place <= 3 && draw < 0.5 && leads_block(options, head)) return {PersonRole::branch, head};
  if ((place == 4 || place == 5) && draw < 0.7 && leads_block(options, head)) return {PersonRole::contact, head};
  if (place == 8 && draw < 0.6) return {PersonRole::household, customer - 1};
  if (place == namesake_place && draw < 0.4 && customer > block) {
    const std::uint64_t earlier = hash_of(options.seed, customer) % ((customer - 1) / block);
    return {PersonRole::namesake, earlier * block + named_place + 1};
  }
  return {};
}

std::uint64_t originals(const GenerateOptions& options) {
  return options.customers - (options.flaws ? options.customers / planted::one_in_double : 0);
}

Tongue tongue_of(const GenerateOptions& options, std::uint64_t customer) {
  Random random = stream(options, DrawnFor::names, customer);
  return static_cast<Tongue>(pick_by(random, tongue_weights));
}

Date born_of(const GenerateOptions& options, std::uint64_t customer) {
  // 1940 to 2006
  return Date{static_cast<std::int32_t>(hash_of(hash_of(options.seed, 0x626f726e), customer) % 24'400) - 10'957};
}

/// As if nobody else were concerned.
Persona alone(const GenerateOptions& options, std::uint64_t customer, Tongue tongue) {
  Random random = stream(options, DrawnFor::typing, customer);
  Persona persona;
  persona.tongue = tongue;
  persona.name = made_name(random, tongue);
  persona.firm = made_firm(random, tongue);
  persona.town = made_town(random, tongue);
  persona.street = made_street(random, tongue);
  persona.postal_code = made_postal_code(random, tongue);
  persona.phone = made_phone(random, tongue, random.below(3) == 0);
  persona.mobile = made_phone(random, tongue, true);
  persona.born = born_of(options, customer);
  return persona;
}

}  // namespace

std::string_view name_of(PersonRole role) {
  static constexpr std::string_view names[] = {"person",    "organisation", "branch", "contact",
                                               "household", "namesake",     "twice"};
  return names[static_cast<std::size_t>(role)];
}

Standing standing_of(const GenerateOptions& options, std::uint64_t customer) {
  const std::uint64_t own = originals(options);
  if (customer > own) return {PersonRole::twice, 1 + stream(options, DrawnFor::doubles, customer).below(own)};
  return placed(options, customer);
}

bool is_contact_person(const GenerateOptions& options, std::uint64_t customer) {
  return standing_of(options, customer).role == PersonRole::contact;
}

bool is_organisation(const GenerateOptions& options, std::uint64_t customer) {
  Standing standing = standing_of(options, customer);
  if (standing.role == PersonRole::twice) standing = placed(options, standing.other);
  return standing.role == PersonRole::organisation || standing.role == PersonRole::branch;
}

Persona persona_of(const GenerateOptions& options, std::uint64_t customer) {
  const Standing standing = standing_of(options, customer);
  if (standing.role == PersonRole::twice) {
    Persona persona = persona_of(options, standing.other);
    persona.standing = standing;
    return persona;
  }
  // All but organisations of their own speak the language of those they stand to.
  const Tongue tongue = tongue_of(options, standing.other ? standing.other : customer);
  Persona persona = alone(options, customer, tongue);
  persona.standing = standing;
  if (standing.other == 0) return persona;
  const Persona other = alone(options, standing.other, tongue);
  if (standing.role == PersonRole::namesake) persona.name = other.name;
  if (standing.role == PersonRole::branch) persona.firm = other.firm;
  if (standing.role == PersonRole::household) {
    persona.name.family = other.name.family;
    persona.name.family_latin = other.name.family_latin;
    persona.phone = other.phone;
  }
  if (standing.role == PersonRole::household || standing.role == PersonRole::contact) {
    persona.town = other.town;
    persona.street = other.street;
    persona.postal_code = other.postal_code;
  }
  return persona;
}

Retyping retyping_of(const GenerateOptions& options, std::uint64_t customer) {
  Random random = stream(options, DrawnFor::doubles, customer);
  random.next();  // chose the original
  Retyping retyping;
  retyping.typing = static_cast<Typing>(random.below(typing_count));
  retyping.moved = random.below(4) == 0;
  retyping.other_mail = random.below(3) == 0;
  retyping.notation = random.below(phone_notations);
  return retyping;
}

bool has_suspect_name(const GenerateOptions& options, std::uint64_t customer) {
  const std::uint64_t draw = hash_of(hash_of(options.seed, static_cast<std::uint64_t>(DrawnFor::suspects)), customer);
  return options.flaws && draw % planted::one_in_suspect == 0;
}

bool is_young(const GenerateOptions& options, std::uint64_t customer) {
  const Standing standing = standing_of(options, customer);
  const std::uint64_t who = standing.role == PersonRole::twice ? standing.other : customer;
  return !is_organisation(options, who) && born_of(options, who) >= *Date::of(1985, 1, 1);
}

bool allows_marketing(const GenerateOptions& options, std::uint64_t customer) {
  return stream(options, DrawnFor::consent, customer).below(10) < 7;
}

std::string customer_code(std::uint64_t customer) {
  const std::string digits = std::to_string(customer);
  return "C" + std::string(digits.size() < 7 ? 7 - digits.size() : 0, '0') + digits;
}

std::uint64_t user_count(const GenerateOptions& options) {
  return options.customers / 1'000 > 494 ? 500 : 6 + options.customers / 1'000;
}

std::string owner_code(const GenerateOptions& options, std::uint64_t customer) {
  const std::string digits = std::to_string(1 + hash_of(options.seed, customer ^ 0x6f776e) % user_count(options));
  return "U" + std::string(3 - digits.size(), '0') + digits;
}

}  // namespace emptor
