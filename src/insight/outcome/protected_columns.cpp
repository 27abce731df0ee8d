#include "insight/outcome/protected_columns.hpp"

#include <algorithm>
#include <string>

#include "core/name_words.hpp"

namespace emptor {
namespace {

// Folded: lower case, no accents. They must stand as whole words ("age" is none of "average").
constexpr std::string_view protected_words[] = {"personal status",
                                                "civil status",
                                                "male",
                                                "female",
                                                "mannlich",
                                                "maennlich",
                                                "weiblich",
                                                "age",
                                                "aged",
                                                "ages",
                                                "birth",
                                                "birthday",
                                                "birthdate",
                                                "birthyear",
                                                "dob",
                                                "born",
                                                "yob",
                                                "sex",
                                                "gender",
                                                "sexual",
                                                "pregnant",
                                                "pregnancy",
                                                "maternity",
                                                "nationality",
                                                "nationalities",
                                                "citizen",
                                                "citizenship",
                                                "foreign",
                                                "foreigner",
                                                "migrant",
                                                "migration",
                                                "immigrant",
                                                "ethnic",
                                                "ethnicity",
                                                "race",
                                                "racial",
                                                "religion",
                                                "religious",
                                                "creed",
                                                "belief",
                                                "church",
                                                "marital",
                                                "married",
                                                "spouse",
                                                "disability",
                                                "disabled",
                                                "handicap",
                                                "genetic",
                                                "political",
                                                "alter",
                                                "lebensalter",
                                                "altersgruppe",
                                                "altersklasse",
                                                "geburtsdatum",
                                                "geburtstag",
                                                "geburtsjahr",
                                                "geburtsort",
                                                "geburtsland",
                                                "geboren",
                                                "geschlecht",
                                                "schwanger",
                                                "schwangerschaft",
                                                "nationalitat",
                                                "nationalitaet",
                                                "staatsangehorigkeit",
                                                "staatsangehoerigkeit",
                                                "staatsburgerschaft",
                                                "auslander",
                                                "migrationshintergrund",
                                                "herkunft",
                                                "ethnie",
                                                "rasse",
                                                "hautfarbe",
                                                "konfession",
                                                "glaube",
                                                "kirche",
                                                "kirchensteuer",
                                                "familienstand",
                                                "verheiratet",
                                                "zivilstand",
                                                "behinderung",
                                                "behindert",
                                                "gewerkschaft"};
// Chinese is written without blanks: these may stand anywhere in a name.
constexpr std::string_view protected_parts[] = {"年龄", "年纪", "出生", "生日",     "性别", "孕",   "国籍",
                                                "民族", "种族", "籍贯", "宗教",     "信仰", "婚姻", "婚否",
                                                "已婚", "残疾", "残障", "政治面貌", "党派", "工会", "基因"};

}  // namespace

bool is_protected(std::string_view column) {
  for (const std::string_view part : protected_parts)
    if (column.find(part) != std::string_view::npos) return true;
  const std::string words = name_words(column);
  return std::any_of(std::begin(protected_words), std::end(protected_words),
                     [&](std::string_view word) { return has_word(words, word); });
}

}  // namespace emptor
