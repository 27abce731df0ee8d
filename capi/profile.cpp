#include "emptor/desk/profile.hpp"

#include "argument.hpp"
#include "document.hpp"
#include "emptor/desk/statistics.hpp"
#include "guard.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

ProfileOptions profile_options(const emptor_profile_options* from) {
  const auto given = options_in(from, emptor_profile_options EMPTOR_PROFILE_OPTIONS_INIT);
  ProfileOptions options;
  if (given.entity != nullptr) options.entities.emplace_back(name_in(given.entity));
  options.after = optional_name(given.after);
  if (given.from != INT64_MIN) options.from = Instant{given.from};
  if (given.until != INT64_MAX) options.until = Instant{given.until};
  if (given.page_size < 0) throw Error(Code::invalid, "the page size is negative");
  if (given.page_size > 0) options.page_size = static_cast<std::size_t>(given.page_size);
  return options;
}

}  // namespace

extern "C" {

emptor_status emptor_profile(emptor_session* session, int64_t customer, const emptor_profile_options* options,
                             emptor_document** profile, emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(profile);
    const Lease<SessionObject> object(session);
    ProfileOptions chosen = profile_options(options);
    chosen.now = object->session.now();
    out = hand_out_document(to_json(read_profile(object->session.view(), Id{customer}, chosen)));
  });
}

emptor_status emptor_statistics(emptor_session* session, int32_t revenue, emptor_document** statistics,
                                emptor_error* error) {
  return guarded(error, [&] {
    emptor_document*& out = output(statistics);
    const Lease<SessionObject> object(session);
    out = hand_out_document(to_json(read_statistics(object->session.view(), {.revenue = revenue != 0})));
  });
}

}  // extern "C"
