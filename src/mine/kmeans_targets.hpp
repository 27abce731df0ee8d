/// For which processors the inner loops of k-means are compiled. Included before Highway.
#pragma once

// Plain numbers, SSE4, AVX2 and AVX-512: what lies between and beyond brings these loops nothing.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#endif

#include "mine/unroll.hpp"
