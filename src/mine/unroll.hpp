/// Small loops over registers must be unrolled, or the registers become memory.
#pragma once

#if defined(__clang__)
#define EMPTOR_UNROLL _Pragma("clang loop unroll(full)")
#else
#define EMPTOR_UNROLL _Pragma("GCC unroll 16")
#endif
