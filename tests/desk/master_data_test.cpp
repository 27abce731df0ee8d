// Acceptance: customer master data of two departments, each in its own language and format, become one
// base; then the loop of integrating, analysing and acting is closed on it.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "emptor/core/error.hpp"
#include "emptor/insight/insight.hpp"
#include "support/import_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr const char* german =
    "Kundennummer;Firma;Branche;Mitarbeiter;Land;Ort;PLZ;Telefon;Fax;E-Mail;Mutterfirma\n"
    "0001;Nordlicht AG;Handel;250;Germany;Hamburg;20095;040 123456;040 123457;info@nordlicht.example;\n"
    "0002;Nordlicht Büro Kiel;Handel;12;Germany;Kiel;04103;0431 9988;;kiel@nordlicht.example;0001\n"
    "0003;Südwind GmbH;Maschinenbau;90;Austria;Wien;1010;01 5550;;post@suedwind.example;\n";

constexpr const char* chinese =
    "客户编号,姓名,性别,出生日期,年龄,国家,城市,手机号,学历,职业,会员等级\n"
    "K7,王小明,男,1988-02-29,36,中国,上海,13900000001,本科,教师,金卡\n"
    "K8,李娜,女,1990-11-05,33,中国,北京,13900000002,硕士,医生,银卡\n";

constexpr const char* sales =
    "订单编号,客户编号,下单时间,商品名称,数量,单价\n"
    "D1,K7,2024-03-01 10:00,茶壶,2,30.00\n"
    "D2,K7,2024-03-09 11:00,茶杯,6,5.50\n"
    "D3,K8,2024-01-15 09:30,茶杯,1,5.50\n";

/// Both departments' customers, each under its own source.
struct TwoDepartments : ImportGround {
  ImportReport germans, people;
  TwoDepartments() {
    germans = import({file("Kunden.csv", german)}, {.source = "vertrieb"});
    people = import({file("客户.csv", chinese)}, {.source = "商城"});
  }
  Record known(const char* source, const char* external_id) {
    const auto found = session().view().find("customer", source, external_id);
    REQUIRE(found.has_value());
    return *found;
  }
  std::set<std::string> contact_points(Id customer) {
    std::set<std::string> points;
    for (const Record& point : all("contact_point")) {
      if (point.get("customer_id").id() != customer) continue;
      points.insert(std::string(point.get("channel").text()) + " " + std::string(point.get("value").text()));
    }
    return points;
  }
};

}  // namespace

TEST_CASE("[B1] [B2] [G8] master data: two departments' files become one base, known by either's numbers") {
  TwoDepartments base;
  CHECK(base.germans.entities.at("customer").written == 3);
  CHECK(base.people.entities.at("customer").written == 2);
  CHECK(base.all("customer").size() == 5);
  CHECK(base.known("vertrieb", "0001").get("name").text() == "Nordlicht AG");
  CHECK(base.known("商城", "K7").get("name").text() == "王小明");
  CHECK_FALSE(base.session().view().find("customer", "商城", "0001").has_value());
}

TEST_CASE("[B6] master data: numbers and addresses become contact points, found by their normal form") {
  TwoDepartments base;
  const Id firm = base.known("vertrieb", "0001").id();
  CHECK(base.contact_points(firm) ==
        std::set<std::string>{"phone 040 123456", "fax 040 123457", "email info@nordlicht.example"});
  CHECK(base.contact_points(base.known("商城", "K8").id()) == std::set<std::string>{"mobile 13900000002"});
  CHECK(base.one("contact_point", "value_key", "info@nordlicht.example").get("customer_id").id() == firm);
}

TEST_CASE("[B8] master data: an office belongs to its company") {
  TwoDepartments base;
  CHECK(base.known("vertrieb", "0002").get("parent_id").id() == base.known("vertrieb", "0001").id());
  CHECK_FALSE(base.known("vertrieb", "0003").get("parent_id").present());
}

TEST_CASE("[B9] master data: industry and size of organisations are kept") {
  TwoDepartments base;
  const Record firm = base.known("vertrieb", "0003");
  CHECK(firm.get("industry").text() == "Maschinenbau");
  CHECK(firm.get("employees").integer() == 90);
}

TEST_CASE("[B10] [G5] master data: age, region and background, with leading zeros and dates as they are meant") {
  TwoDepartments base;
  CHECK(base.known("vertrieb", "0002").get("postal_code").text() == "04103");
  const Record person = base.known("商城", "K7");
  CHECK(to_string(person.get("birth_date").date()) == "1988-02-29");
  CHECK(person.get("age").integer() == 36);
  CHECK(person.get("city").text() == "上海");
  CHECK(person.get("education").text() == "本科");
  CHECK(person.get("occupation").text() == "教师");
  CHECK(person.get("tier").text() == "金卡");
}

TEST_CASE("[G11] master data: a trial run changes nothing, and a mistake is refused with all its reasons") {
  ImportGround ground;
  const ImportReport trial = ground.import({ground.file("客户.csv", chinese)}, {.dry_run = true});
  CHECK_FALSE(trial.mapping.empty());
  CHECK(ground.position() == 0);
  ChangeSet set;
  set.put("customer").set("kind", "persn").set("name", "Ann");
  set.put("relationship").set("kind", "contact");
  try {
    ground.session().apply(set);
    FAIL("the set is wrong in three places");
  } catch (const Error& error) {
    CHECK(error.problems().size() == 3);
  }
  CHECK(ground.position() == 0);
}

TEST_CASE("[L9] integrate, analyse, act: files in, classes computed, and tags that people can act on") {
  TwoDepartments base;
  base.import({base.file("订单.csv", sales)}, {.source = "商城"});
  CHECK(run_insight(base.session(), "rfm").scored == 2);
  CHECK(run_insight(base.session(), "value_class").scored == 2);
  const Id best = base.known("商城", "K7").id();
  const auto tags = base.all("tag");
  CHECK(std::ranges::count_if(tags, [&](const Record& tag) { return tag.get("customer_id").id() == best; }) == 2);
  ChangeSet act;
  act.put("task").set("customer_id", best).set("kind", "greeting").set("subject", "thank them").set("status", "open");
  CHECK(base.session().apply(act).inserted == 1);
  const View view = base.session().view();
  CHECK(view.get("customer_summary", best)->get("revenue").decimal() == 93);  // 2 x 30 + 6 x 5.50
}
