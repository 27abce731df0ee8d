/// Which columns say what law forbids to decide by: age, sex, origin, belief, family, health.
#pragma once

#include <string_view>

namespace emptor {

/// Whether a column's name has a word for a protected attribute, in English, German or Chinese: "Age",
/// "marital_status", "CustomerSex", "Familienstand", "客户年龄". A name alone: what stands in for such a column is not
/// found.
bool is_protected(std::string_view column);

}  // namespace emptor
