// Answers Reader::get and Reader::scan from a row source.
#pragma once

#include "emptor/store/batch.hpp"
#include "emptor/store/query.hpp"
#include "store/keyvalue/source.hpp"

namespace emptor::keyvalue {

void get(const RowSource& source, const Entity& entity, std::span<const Id> ids, Batch& out);
bool scan(const RowSource& source, const Entity& entity, const Query& query, ScanKey& key, Batch& out);

}  // namespace emptor::keyvalue
