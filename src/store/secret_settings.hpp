/// Settings that hold secrets: never told to users, and wrapped by the host's key where fields are sealed.
#pragma once

#include <string_view>

namespace emptor {

/// The secret of what belongs to no customer, 32 hexadecimal digits.
inline constexpr std::string_view salt_setting = "salt";
/// The store's own secret, for blind indexes of sealed fields, 64 hexadecimal digits.
inline constexpr std::string_view seal_setting = "seal";

}  // namespace emptor
