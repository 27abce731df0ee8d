#include "document.hpp"

#include "error.hpp"
#include "handle.hpp"
#include "value.hpp"

namespace nb = nanobind;

namespace emptor::python {

nb::object report_of(std::string_view json) {
  return nb::module_::import_("emptor.report").attr("of")(from_json(json));
}

nb::object report_of(emptor_document* document) {
  const DocumentHandle handle(document);
  emptor_text text{};
  check_call([&](emptor_error* error) { return emptor_document_text(document, &text, error); });
  return report_of(view_of(text));
}

}  // namespace emptor::python
