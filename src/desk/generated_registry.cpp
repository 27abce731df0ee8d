// What the extract says of the customers, and of those who look after them.
#include <array>

#include "desk/generated_file.hpp"
#include "desk/generated_people.hpp"
#include "desk/generated_plan.hpp"
#include "desk/generated_progress.hpp"

namespace emptor {
namespace {

constexpr std::array<std::string_view, 6> suspect_names = {"TEST", "asdf", "n/a", "xxx", "测试", "Test Test"};
constexpr std::array<std::string_view, 4> teams = {"Inside sales", "Field sales", "Service", "Key accounts"};

std::string email_of(std::uint64_t person) { return "k" + std::to_string(person) + "@example.org"; }

/// The registered second time: the town of somebody else of the same country.
std::string town_of(const GenerateOptions& options, std::uint64_t customer, const Persona& persona, bool moved) {
  if (!moved) return persona.town;
  Random random = stream(options, DrawnFor::typing, customer);
  return std::string(made_town(random, persona.tongue));
}

class CustomerWriter {
 public:
  CustomerWriter(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made)
      : options_(options), season_(season), file_(folder, "customers.csv"), made_(made) {
    std::string header = "customer_id,kind,name,email,phone,birth_date,country,city,language,since";
    if (options.front_office) header += ",parent,owner_id";
    file_.raw_line(header);
  }

  void write(std::uint64_t customer) {
    const Persona persona = persona_of(options_, customer);
    const bool twice = persona.standing.role == PersonRole::twice;
    const std::uint64_t identity = twice ? persona.standing.other : customer;
    const Retyping retyping = twice ? retyping_of(options_, customer) : Retyping{};
    const bool organisation = is_organisation(options_, customer);
    made_.double_customers += twice;
    file_.cell(customer_code(customer)).cell(organisation ? "organisation" : "person");
    file_.cell(name_of(customer, persona, organisation, retyping));
    file_.cell(retyping.other_mail ? "new." + email_of(identity) : email_of(identity));
    file_.cell(written(persona.phone, retyping.notation));
    file_.cell(organisation ? std::string() : to_string(persona.born)).cell(country_of(persona.tongue));
    file_.cell(town_of(options_, customer, persona, retyping.moved)).cell(language_tag(persona.tongue));
    const std::int32_t day = season_.moment(life_of(options_, season_, customer).begin).day;
    file_.cell(to_string(Date{options_.start.days + day}));
    if (options_.front_office) {
      const bool branch = persona.standing.role == PersonRole::branch || persona.standing.role == PersonRole::contact;
      file_.cell(branch ? customer_code(persona.standing.other) : std::string());
      file_.cell(owner_code(options_, customer));
    }
    file_.end_line();
  }
  void close() { file_.close(); }

 private:
  std::string name_of(std::uint64_t customer, const Persona& persona, bool organisation, const Retyping& retyping) {
    Random random = stream(options_, DrawnFor::suspects, customer);
    if (has_suspect_name(options_, customer)) {
      ++made_.suspect_names;
      return std::string(suspect_names[random.below(suspect_names.size())]);
    }
    if (!organisation) return typed(persona.name, retyping.typing, random);
    const bool branch = persona.standing.role == PersonRole::branch;
    return typed(persona.firm, retyping.typing, random) + (branch ? " (" + persona.town + ")" : "");
  }

  const GenerateOptions& options_;
  const Season& season_;
  GeneratedFile file_;
  Generated& made_;
};

class ContactWriter {
 public:
  ContactWriter(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made)
      : options_(options),
        season_(season),
        points_(folder, "contact_points.csv"),
        consents_(folder, "consents.csv"),
        made_(made) {
    points_.raw_line("external_id,customer_id,channel,value,label,country");
    consents_.raw_line("external_id,customer_id,channel,purpose,state,stated_at");
  }

  void write(std::uint64_t customer) {
    Random random = stream(options_, DrawnFor::contact, customer);
    const Persona persona = persona_of(options_, customer);
    const std::size_t notation = random.below(phone_notations);
    if (random.below(10) < 6) point(customer, persona, "mobile", written(persona.mobile, notation), "private");
    if (random.below(10) < 5) point(customer, persona, "address", address_of(persona), "delivery");
    const bool wechat = persona.tongue == Tongue::chinese && random.below(10) < 8;
    if (wechat) point(customer, persona, "wechat", "wx_" + std::to_string(100'000'007 + customer * 31), "private");
    if (random.below(20) == 0) point(customer, persona, "email", "work." + email_of(customer), "work");
    write_consent(customer);
  }
  void close() {
    points_.close();
    consents_.close();
  }

 private:
  static std::string address_of(const Persona& persona) {
    return persona.street + ", " + persona.postal_code + ' ' + persona.town;
  }
  void point(std::uint64_t customer, const Persona& persona, const char* channel, const std::string& value,
             const char* label) {
    points_.cell("P" + std::to_string(++made_.contact_points)).cell(customer_code(customer)).cell(channel);
    points_.cell(value).cell(label).cell(country_of(persona.tongue)).end_line();
  }
  void write_consent(std::uint64_t customer) {
    const bool granted = allows_marketing(options_, customer);
    if (!granted && customer % 3 == 0) return;  // never asked
    const std::int32_t day = season_.moment(life_of(options_, season_, customer).begin).day;
    consents_.cell("N" + std::to_string(++made_.consents)).cell(customer_code(customer)).cell("email");
    consents_.cell("marketing").cell(granted ? "granted" : customer % 3 == 1 ? "refused" : "withdrawn");
    consents_.cell(to_string(Date{options_.start.days + day})).end_line();
  }

  const GenerateOptions& options_;
  const Season& season_;
  GeneratedFile points_, consents_;
  Generated& made_;
};

}  // namespace

void write_customers(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made) {
  CustomerWriter writer(folder, options, season, made);
  for_each_customer(options, "customers", [&](std::uint64_t customer) { writer.write(customer); });
  made.customers = options.customers;
  writer.close();
}

void write_contacts(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made) {
  ContactWriter writer(folder, options, season, made);
  for_each_customer(options, "contacts", [&](std::uint64_t customer) { writer.write(customer); });
  writer.close();
}

void write_users(const std::string& folder, const GenerateOptions& options) {
  GeneratedFile file(folder, "users.csv");
  file.raw_line("employee_id,name,title,email,team");
  for (std::uint64_t user = 1; user <= user_count(options); ++user) {
    Random random(hash_of(options.seed ^ 0x75736572, user));
    const PersonName name = made_name(random, static_cast<Tongue>(random.below(tongue_count)));
    const std::string digits = std::to_string(user);
    file.cell("U" + std::string(3 - digits.size(), '0') + digits).cell(written(name));
    file.cell(user % 10 == 1 ? "team leader" : "agent").cell("u" + digits + "@example.com");
    file.cell(teams[user % teams.size()]).end_line();
  }
  file.close();
}

}  // namespace emptor
