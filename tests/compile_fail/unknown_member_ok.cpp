#include "emptor/model/describe.hpp"

struct Parcel {
  EMPTOR_ENTITY(Parcel, "parcel", 600, "something that is sent")
  std::string content;
  EMPTOR_FIELD(content, "what is in it")
};

static_assert(emptor::fields_of<Parcel>().size() == 1);
