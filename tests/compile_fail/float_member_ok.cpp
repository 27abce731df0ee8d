#include "emptor/model/describe.hpp"

struct Parcel {
  EMPTOR_ENTITY(Parcel, "parcel", 600, "something that is sent")
  std::optional<double> weight;
  EMPTOR_FIELD(weight, "in kilograms")
};

static_assert(emptor::fields_of<Parcel>().size() == 1);
