#include "desk/table_columns.hpp"

#include <unordered_set>

namespace emptor {

std::vector<std::string> distinct_names(std::span<const std::string> names, std::vector<TableNote>& notes) {
  std::vector<std::string> result;
  std::unordered_set<std::string> used(names.begin(), names.end());
  std::unordered_set<std::string> met;
  for (const std::string& name : names) {
    if (!name.empty() && met.insert(name).second) {
      result.push_back(name);
      continue;
    }
    const std::string number = std::to_string(name.empty() ? result.size() + 1 : 2);
    std::string fresh = name.empty() ? "column" + number : name + "_" + number;
    for (int next = 3; !used.insert(fresh).second; ++next) fresh = name + "_" + std::to_string(next);
    notes.push_back({"renamed_column", fresh, 0, 0,
                     name.empty() ? "The column has no name; it is called by its place."
                                  : "Another column has the same name; this one is told apart by a number."});
    result.push_back(std::move(fresh));
  }
  return result;
}

}  // namespace emptor
