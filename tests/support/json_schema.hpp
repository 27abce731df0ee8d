// Whether a JSON document is as a JSON Schema says: the words of draft 2020-12 that our schemas use. A word that is not
// understood fails, so that no part of a schema goes unchecked.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace emptor::test {

/// Empty where the document is valid, else what is wrong first.
std::string schema_fault(const boost::json::value& document, const boost::json::value& schema);

}  // namespace emptor::test
