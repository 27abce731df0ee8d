// Every number can be missing, so that its member is an optional.
#include "emptor/model/describe.hpp"

struct Parcel {
  EMPTOR_ENTITY(Parcel, "parcel", 600, "something that is sent")
  std::int64_t weight = 0;
  EMPTOR_FIELD(weight, "in kilograms")
};

static_assert(emptor::fields_of<Parcel>().size() == 1);
