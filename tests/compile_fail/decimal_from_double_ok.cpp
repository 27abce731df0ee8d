#include "emptor/core/decimal.hpp"

emptor::Decimal price() { return emptor::Decimal::of(999, 2); }
