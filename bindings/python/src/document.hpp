/// JSON documents of the library as Python sees them.
#pragma once

#include <nanobind/nanobind.h>

#include <string_view>

#include "session.hpp"

namespace emptor::python {

/// emptor.report.Report, a dictionary as its JSON says it.
using Answer = nanobind::typed<nanobind::dict, nanobind::str, nanobind::any>;

/// A Report of a JSON object; a list, number or text as it is.
nanobind::object report_of(std::string_view json);
/// The same for a document, which is freed.
nanobind::object report_of(emptor_document* document);

/// Runs a call whose answer is a document: call(session, &document, &error).
template <class Call>
Answer document_of(Session& session, Call&& call) {
  emptor_document* document = nullptr;
  session.run([&](emptor_session* in, emptor_error* error) { return call(in, &document, error); });
  return nanobind::cast<Answer>(report_of(document));
}

}  // namespace emptor::python
