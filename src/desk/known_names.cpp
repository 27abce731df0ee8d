#include "desk/known_names.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "desk/table_profile.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::string_view countries[] = {
    "Afghanistan", "Albania", "Algeria", "American Samoa", "Andorra", "Angola", "Anguilla", "Antarctica",
    "Antigua and Barbuda", "Argentina", "Armenia", "Aruba", "Australia", "Austria", "Azerbaijan", "Bahamas", "Bahrain",
    "Bangladesh", "Barbados", "Belarus", "Belgium", "Belize", "Benin", "Bermuda", "Bhutan", "Bolivia",
    "Bosnia and Herzegovina", "Botswana", "Brazil", "British Virgin Islands", "Brunei", "Brunei Darussalam", "Bulgaria",
    "Burkina Faso", "Burundi", "Cabo Verde", "Cambodia", "Cameroon", "Canada", "Cape Verde", "Cayman Islands",
    "Central African Republic", "Chad", "Channel Islands", "Chile", "China", "Colombia", "Comoros", "Congo",
    "Costa Rica", "Croatia", "Cuba", "Curaçao", "Cyprus", "Czech Republic", "Czechia", "Côte d'Ivoire", "Denmark",
    "Djibouti", "Dominica", "Dominican Republic", "East Timor", "Ecuador", "Egypt", "Eire", "El Salvador", "England",
    "Equatorial Guinea", "Eritrea", "Estonia", "Eswatini", "Ethiopia", "European Community", "Falkland Islands",
    "Faroe Islands", "Fiji", "Finland", "France", "French Guiana", "French Polynesia", "Gabon", "Gambia", "Georgia",
    "Germany", "Ghana", "Gibraltar", "Great Britain", "Greece", "Greenland", "Grenada", "Guadeloupe", "Guam",
    "Guatemala", "Guernsey", "Guinea", "Guinea-Bissau", "Guyana", "Haiti", "Holland", "Honduras", "Hong Kong",
    "Hungary", "Iceland", "India", "Indonesia", "Iran", "Iraq", "Ireland", "Isle of Man", "Israel", "Italy",
    "Ivory Coast", "Jamaica", "Japan", "Jersey", "Jordan", "Kazakhstan", "Kenya", "Kiribati", "Korea", "Kosovo",
    "Kuwait", "Kyrgyzstan", "Laos", "Latvia", "Lebanon", "Lesotho", "Liberia", "Libya", "Liechtenstein", "Lithuania",
    "Luxembourg", "Macao", "Macedonia", "Madagascar", "Malawi", "Malaysia", "Maldives", "Mali", "Malta",
    "Marshall Islands", "Martinique", "Mauritania", "Mauritius", "Mayotte", "Mexico", "Micronesia", "Moldova", "Monaco",
    "Mongolia", "Montenegro", "Montserrat", "Morocco", "Mozambique", "Myanmar", "Namibia", "Nauru", "Nepal",
    "Netherlands", "New Caledonia", "New Zealand", "Nicaragua", "Niger", "Nigeria", "Niue", "North Korea",
    "North Macedonia", "Northern Ireland", "Norway", "Oman", "Pakistan", "Palau", "Palestine", "Panama",
    "Papua New Guinea", "Paraguay", "Peru", "Philippines", "Poland", "Portugal", "Puerto Rico", "Qatar", "RSA",
    "Romania", "Russia", "Russian Federation", "Rwanda", "Réunion", "Samoa", "San Marino", "Sao Tome and Principe",
    "Saudi Arabia", "Scotland", "Senegal", "Serbia", "Seychelles", "Sierra Leone", "Singapore", "Slovakia", "Slovenia",
    "Solomon Islands", "Somalia", "South Africa", "South Korea", "South Sudan", "Spain", "Sri Lanka", "Sudan",
    "Suriname", "Swaziland", "Sweden", "Switzerland", "Syria", "Taiwan", "Tajikistan", "Tanzania", "Thailand",
    "Timor-Leste", "Togo", "Tonga", "Trinidad and Tobago", "Tunisia", "Turkey", "Turkmenistan", "Tuvalu", "Türkiye",
    "UAE", "UK", "US", "USA", "Uganda", "Ukraine", "United Arab Emirates", "United Kingdom", "United States",
    "United States of America", "Unspecified", "Uruguay", "Uzbekistan", "Vanuatu", "Vatican City", "Venezuela",
    "Vietnam", "Viet Nam", "Virgin Islands", "Wales", "Western Sahara", "Yemen", "Zambia", "Zimbabwe",
    // as they are called in the other languages of column names
    "Deutschland", "Österreich", "Schweiz", "Frankreich", "Italien", "Spanien", "Niederlande", "Belgien", "Polen",
    "Dänemark", "Schweden", "Norwegen", "Vereinigtes Königreich", "Brasil", "Alemanha", "França", "Espanha", "Itália",
    "Estados Unidos", "Reino Unido", "México", "Moçambique", "中国", "美国", "英国", "德国", "法国", "日本", "韩国",
    "新加坡", "加拿大", "澳大利亚", "台湾", "香港", "澳门"};

constexpr std::string_view industries[] = {"accounting",
                                           "advertising",
                                           "aerospace",
                                           "agriculture",
                                           "airlines",
                                           "apparel",
                                           "architecture",
                                           "automotive",
                                           "aviation",
                                           "banking",
                                           "beauty",
                                           "biotechnology",
                                           "broadcasting",
                                           "business services",
                                           "chemicals",
                                           "communications",
                                           "computers",
                                           "construction",
                                           "consulting",
                                           "consumer goods",
                                           "cosmetics",
                                           "defense",
                                           "defence",
                                           "design",
                                           "distribution",
                                           "e-commerce",
                                           "education",
                                           "electronics",
                                           "employment",
                                           "energy",
                                           "engineering",
                                           "entertainment",
                                           "environmental",
                                           "fashion",
                                           "finance",
                                           "financial",
                                           "financial services",
                                           "fishing",
                                           "food",
                                           "food and beverage",
                                           "forestry",
                                           "furniture",
                                           "gaming",
                                           "gas",
                                           "government",
                                           "healthcare",
                                           "health care",
                                           "hospitality",
                                           "hotels",
                                           "human resources",
                                           "import",
                                           "information technology",
                                           "insurance",
                                           "internet",
                                           "investment",
                                           "legal",
                                           "leisure",
                                           "logistics",
                                           "luxury",
                                           "machinery",
                                           "manufacturing",
                                           "marketing",
                                           "media",
                                           "medical",
                                           "metals",
                                           "military",
                                           "mining",
                                           "music",
                                           "non-profit",
                                           "not for profit",
                                           "oil",
                                           "packaging",
                                           "paper",
                                           "pharmaceutical",
                                           "pharmaceuticals",
                                           "photography",
                                           "plastics",
                                           "power",
                                           "printing",
                                           "property",
                                           "public sector",
                                           "publishing",
                                           "real estate",
                                           "recreation",
                                           "recruitment",
                                           "research",
                                           "restaurants",
                                           "retail",
                                           "security",
                                           "semiconductors",
                                           "services",
                                           "shipping",
                                           "software",
                                           "sports",
                                           "steel",
                                           "technology",
                                           "telecom",
                                           "telecommunications",
                                           "telecommunication",
                                           "textiles",
                                           "tobacco",
                                           "tourism",
                                           "toys",
                                           "trade",
                                           "transport",
                                           "transportation",
                                           "travel",
                                           "utilities",
                                           "veterinary",
                                           "warehousing",
                                           "wholesale",
                                           "wine"};

std::span<const std::string_view> names(KnownNames list) {
  if (list == KnownNames::countries) return countries;
  return industries;
}

}  // namespace

bool is_known(KnownNames list, std::string_view name) {
  const std::string folded = fold(name);
  const auto all = names(list);
  return std::any_of(all.begin(), all.end(), [&](std::string_view known) { return fold(known) == folded; });
}

std::string_view meant_by(KnownNames list, std::string_view name) {
  const std::string folded = fold(name);
  const std::size_t letters = length(folded);
  if (letters < 5 || is_known(list, name)) return {};
  std::string_view best;
  std::size_t least = letters < 8 ? 2 : 3;  // one slip in a short name, two in a long one
  for (const std::string_view known : names(list)) {
    const std::size_t distance = edit_distance(folded, fold(known), least);
    if (distance < least) {
      least = distance;
      best = known;
    }
  }
  return best;
}

bool tells_country(const Sample& sample, std::size_t column) {
  const auto values = sample.values(column, 400);
  std::size_t known = 0;
  for (const auto& [value, rows] : values) known += is_known(KnownNames::countries, value);
  return known >= 2 && known * 3 >= values.size() * 2;
}

}  // namespace emptor::desk
