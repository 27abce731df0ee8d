// phone_lines: reads "region<TAB>number" lines and prints what parse_phone makes of each, as fields between tabs:
// state, calling code, national number, region, kind, extension. Programs of other libraries are compared with it.
#include <iostream>
#include <string>

#include "emptor/core/phone.hpp"

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) continue;
    const std::string_view all = line;
    const emptor::PhoneNumber number = emptor::parse_phone(all.substr(tab + 1), all.substr(0, tab));
    std::cout << name_of(number.state()) << '\t' << number.calling_code() << '\t' << number.national() << '\t'
              << number.region() << '\t' << name_of(number.kind()) << '\t' << number.extension() << '\n';
  }
}
