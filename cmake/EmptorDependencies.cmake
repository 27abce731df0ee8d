# What the library needs from the system; tools/install_dependencies.sh installs it on Debian.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS headers serialization)
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(ZLIB REQUIRED)
find_package(date REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(hwy REQUIRED IMPORTED_TARGET libhwy)
find_path(EMPTOR_EIGEN Eigen/Core PATH_SUFFIXES eigen3 REQUIRED)

# Stores on PostgreSQL servers need libpq's header to build, and the library itself only where one is opened.
set(EMPTOR_LIBPQ "")
if(EMPTOR_WITH_POSTGRESQL)
  find_path(EMPTOR_LIBPQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql)
  if(EMPTOR_LIBPQ_INCLUDE)
    set(EMPTOR_LIBPQ ${EMPTOR_LIBPQ_INCLUDE})
  else()
    message(STATUS "emptor: no libpq-fe.h, so no stores on PostgreSQL servers")
  endif()
endif()

# Headers of third parties are system headers: their warnings are not ours.
add_library(emptor_eigen INTERFACE IMPORTED)
target_include_directories(emptor_eigen SYSTEM INTERFACE ${EMPTOR_EIGEN})

set(emptor_third_parties Boost::headers Boost::serialization SQLiteCpp SQLite::SQLite3 PkgConfig::sodium PkgConfig::hwy ZLIB::ZLIB
    date::date-tz Threads::Threads ${CMAKE_DL_LIBS} $<BUILD_INTERFACE:emptor_eigen>)
