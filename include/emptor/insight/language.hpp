/// The languages in which results are told to people.
#pragma once

#include "emptor/core/language.hpp"
