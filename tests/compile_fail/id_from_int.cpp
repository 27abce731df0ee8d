// A number is not an id: the one must say that it is the other.
#include "emptor/core/id.hpp"

emptor::Id customer() { return 7; }
