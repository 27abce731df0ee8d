/// Handles of the C API that free themselves, and texts without a copy of their rules.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "emptor.h"

namespace emptor::python {

template <auto close>
struct Closing {
  template <class Object>
  void operator()(Object* handle) const noexcept {
    close(handle, nullptr);
  }
};

using RecordHandle = std::unique_ptr<emptor_record, Closing<emptor_record_free>>;
using RecordsHandle = std::unique_ptr<emptor_records, Closing<emptor_records_free>>;
using ChangesHandle = std::unique_ptr<emptor_changes, Closing<emptor_changes_free>>;
using ReceiptHandle = std::unique_ptr<emptor_receipt, Closing<emptor_receipt_free>>;
using DocumentHandle = std::unique_ptr<emptor_document, Closing<emptor_document_free>>;
using ModelHandle = std::unique_ptr<emptor_model, Closing<emptor_model_free>>;

inline std::string_view view_of(emptor_text text) { return {text.data, text.size}; }
inline std::string string_of(emptor_text text) { return std::string(view_of(text)); }

/// NULL for a text that was left out: the C API's default.
template <class Optional>
const char* name_or_null(const Optional& text) {
  return text ? text->c_str() : nullptr;
}

}  // namespace emptor::python
