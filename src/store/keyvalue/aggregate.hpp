// Answers Reader::aggregate from a row source.
#pragma once

#include "emptor/store/query.hpp"
#include "store/keyvalue/source.hpp"

namespace emptor::keyvalue {

Groups aggregate(const RowSource& source, const Entity& entity, const AggregateQuery& query);

}  // namespace emptor::keyvalue
