# How Emptor is compiled: the same numbers on every CPU (-ffp-contract=off), strict warnings, and the
# quick linker and compiler cache where the machine has them.

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug, ..." FORCE)
endif()

find_program(EMPTOR_CCACHE ccache)
if(EMPTOR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers need two promises from ccache's user; both hold for our sources.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${EMPTOR_CCACHE})
endif()

if(NOT EMPTOR_LTO)
  foreach(linker mold lld)
    find_program(EMPTOR_${linker} NAMES ${linker} ld.${linker})
    if(EMPTOR_${linker})
      add_link_options(-fuse-ld=${linker})
      # Functions whose code is the same are kept once. None of ours is told from another by its address.
      set(EMPTOR_FOLD -Wl,--icf=all)
      break()
    endif()
  endforeach()
endif()

if(EMPTOR_SANITIZE)
  add_compile_options(-fsanitize=${EMPTOR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${EMPTOR_SANITIZE})
endif()
if(EMPTOR_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

function(emptor_compile_options target)
  target_compile_options(${target} PRIVATE -ffp-contract=off -Wall -Wextra -Wpedantic
                         -Wno-missing-field-initializers $<$<BOOL:${EMPTOR_WARNINGS_ARE_ERRORS}>:-Werror>)
  # GCC 12 reports these where there is nothing (its bugs 105651, 105562, 105329): told, but no reason to stop.
  if(EMPTOR_WARNINGS_ARE_ERRORS AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-error=restrict -Wno-error=maybe-uninitialized
                           -Wno-error=array-bounds -Wno-error=stringop-overflow)
  endif()
  set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ${EMPTOR_LTO})
endfunction()

# What is shipped leaves out what nothing calls.
function(emptor_link_small target)
  target_link_options(${target} PRIVATE -Wl,--gc-sections ${EMPTOR_FOLD})
endfunction()

# The standard headers that nearly every file reads are a third of its compile time. More headers may follow the
# target's name.
function(emptor_precompile target)
  target_precompile_headers(${target} PRIVATE <algorithm> <chrono> <functional> <map> <memory> <optional> <span> <string>
                            <string_view> <vector> ${ARGN})
  # A compiler cache looks through precompiled headers only if GCC tells it where they are.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
endfunction()
