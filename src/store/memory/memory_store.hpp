// The store that keeps everything in memory: the ordered key-value family on containers of versions.
#pragma once

#include <memory>

#include "emptor/store/store.hpp"
#include "store/memory/base.hpp"

namespace emptor::memory {

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(const OpenOptions& options) : base_(options) {}

  std::unique_ptr<Reader> read() override;
  std::unique_ptr<Writer> write() override;
  void backup(const std::string& path, const Progress& progress) override;
  std::string path() const override { return {}; }

  Base& base() noexcept { return base_; }

 private:
  Base base_;
};

}  // namespace emptor::memory
