// Receipts of erasures as a store keeps them.
#pragma once

#include <span>
#include <vector>

#include "emptor/session/forget.hpp"

namespace emptor {

/// Writes receipts, and numbers those that are new.
void keep_receipts(Writer& writer, std::span<ErasureReceipt> receipts);
/// The oldest first.
std::vector<ErasureReceipt> all_receipts(Reader& reader);
/// Makes the files clean once for all of these.
void finish_all(Session& session, std::chrono::milliseconds wait, std::span<Forgotten> forgotten);
/// Without what counts records of others; its position as a token.
ErasureReceipt receipt_told_to(const Rights& rights, const Schema& schema, ErasureReceipt receipt);

}  // namespace emptor
