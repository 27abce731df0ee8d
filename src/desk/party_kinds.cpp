#include "desk/party_kinds.hpp"

#include <algorithm>

#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::string_view person_words[] = {"person",
                                             "individual",
                                             "natural person",
                                             "private",
                                             "private person",
                                             "privat",
                                             "privatperson",
                                             "privatkunde",
                                             "natürliche person",
                                             "natuerliche person",
                                             "pessoa",
                                             "pessoa física",
                                             "pessoa fisica",
                                             "pessoa singular",
                                             "particular",
                                             "indivíduo",
                                             "individuo",
                                             "个人",
                                             "個人",
                                             "自然人",
                                             "个人客户"};
constexpr std::string_view organisation_words[] = {"organisation",
                                                   "organization",
                                                   "company",
                                                   "business",
                                                   "corporation",
                                                   "corporate",
                                                   "firm",
                                                   "legal entity",
                                                   "firma",
                                                   "firmenkunde",
                                                   "unternehmen",
                                                   "geschäftskunde",
                                                   "geschaeftskunde",
                                                   "juristische person",
                                                   "empresa",
                                                   "organização",
                                                   "organizacao",
                                                   "pessoa jurídica",
                                                   "pessoa juridica",
                                                   "pessoa coletiva",
                                                   "公司",
                                                   "企业",
                                                   "企業",
                                                   "组织",
                                                   "組織",
                                                   "机构",
                                                   "单位",
                                                   "法人",
                                                   "企业客户",
                                                   "公司客户"};

template <std::size_t Count>
bool among(const std::string_view (&words)[Count], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

std::string_view party_kind_of(std::string_view word) {
  const std::string folded = fold(word);
  if (among(person_words, folded)) return "person";
  return among(organisation_words, folded) ? "organisation" : std::string_view();
}

}  // namespace emptor::desk
