#include "emptor/core/id.hpp"

emptor::Id customer() { return {7}; }
