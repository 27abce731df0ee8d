// Money is never a floating number: whoever has one says how it is rounded.
#include "emptor/core/decimal.hpp"

emptor::Decimal price() { return 9.99; }
