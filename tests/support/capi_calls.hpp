// Every function of the C API as something that a hostile caller can vary: its handles, a text, a name, a
// place for the result.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "support/capi_world.hpp"

namespace emptor::test {

struct CapiArguments {
  CapiHandles handle{};        ///< by kind; a call uses those of its kinds
  const char* text = nullptr;  ///< nullptr with size 0: the call's own good text
  std::size_t text_size = 0;
  bool hostile_text = false;  ///< pass `text` and `text_size` on as they are
  bool null_name = false;
  bool null_output = false;
  emptor_error* error = nullptr;
};

struct CapiCall {
  std::string name;
  std::vector<CapiKind> handles;   ///< kinds that it takes
  bool text = false;               ///< takes a pointer and a length
  bool named = false;              ///< takes a name that may not be NULL
  bool output = false;             ///< has a place for the result that may not be NULL
  bool closes = false;             ///< NULL is allowed
  emptor_status good = EMPTOR_OK;  ///< of the call with good arguments
  std::function<emptor_status(const CapiArguments&)> call;
};

const std::vector<CapiCall>& capi_calls();
// The names of the functions that capi/emptor.h declares.
std::set<std::string> functions_of_header();

}  // namespace emptor::test
