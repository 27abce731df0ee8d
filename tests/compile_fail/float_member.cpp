// A real is an optional double; other floating types are no fields.
#include "emptor/model/describe.hpp"

struct Parcel {
  EMPTOR_ENTITY(Parcel, "parcel", 600, "something that is sent")
  float weight = 0;
  EMPTOR_FIELD(weight, "in kilograms")
};

static_assert(emptor::fields_of<Parcel>().size() == 1);
