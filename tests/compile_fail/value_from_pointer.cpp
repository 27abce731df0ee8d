// A pointer is not a truth value, although the language would turn it into one.
#include "emptor/model/value.hpp"

emptor::Value octet(const unsigned char* octets) { return octets; }
