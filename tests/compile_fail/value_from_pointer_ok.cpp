#include "emptor/model/value.hpp"

emptor::Value octet(const unsigned char* octets) { return *octets != 0; }
