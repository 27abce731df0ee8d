// A host with a store of its own: the log file of examples/host_store, as C++ sees it.
#pragma once

#include <memory>
#include <string>

#include "emptor/store/host.hpp"
#include "log_store.h"

namespace emptor::test {

/// Closes the file with the last of them.
using LogFile = std::shared_ptr<log_store>;

/// Throws std::runtime_error where the file cannot be opened.
LogFile open_log(const std::string& path);
HostCalls calls_of(const LogFile& file);
/// The store in a log file.
std::unique_ptr<Store> open_log_host(const std::string& path, const OpenOptions& options = {});

}  // namespace emptor::test
