// A store that tells of every commit once it is done, before its caller may go on.
#pragma once

#include <functional>
#include <memory>

#include "emptor/store/store.hpp"

namespace emptor::test {

/// Called after each commit with what the store was then.
using Acknowledge = std::function<void(std::int64_t position, const Hash& head)>;

/// `store` as it is, except that its writers acknowledge their commits.
std::unique_ptr<Store> acknowledging(std::unique_ptr<Store> store, Acknowledge acknowledge);

}  // namespace emptor::test
