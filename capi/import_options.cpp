#include "import_options.hpp"

#include "argument.hpp"
#include "host.hpp"

namespace emptor::capi {

ImportOptions import_options(const emptor_import_options* given) {
  const auto from = options_in(given, emptor_import_options EMPTOR_IMPORT_OPTIONS_INIT);
  ImportOptions options;
  options.mapping = text_in(from.mapping, from.mapping_size);
  if (from.source != nullptr) options.source = name_in(from.source);
  options.currency = optional_name(from.currency);
  options.zone = optional_name(from.zone);
  options.rejects = text_in(from.rejects, from.rejects == nullptr ? 0 : EMPTOR_NUL);
  options.dry_run = from.dry_run != 0;
  options.progress = progress_in(from.progress, from.progress_context);
  return options;
}

}  // namespace emptor::capi
