#!/bin/sh
# Installs the build into a scratch prefix and builds what an outsider would: a C++ project that finds the
# CMake package, a C program by pkg-config, and the C examples. Moves the installation first, to prove that
# nothing points back into the build.   consumers.sh BUILD SOURCE
set -eu
build=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$build" --prefix "$scratch/staged" >"$scratch/install.log"
mv "$scratch/staged" "$scratch/moved"
prefix=$scratch/moved
if grep -rIlF "$build" "$prefix" || grep -rIlF "$source" "$prefix"; then
  echo "the installed files above name the build's own folders" >&2
  exit 1
fi

flags=${EMPTOR_CONSUMER_FLAGS:-}
cmake -S "$source/tests/install/cpp" -B "$scratch/cpp" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_FLAGS="$flags" \
  -DCMAKE_C_FLAGS="$flags" >"$scratch/cmake.log"
cmake --build "$scratch/cpp" >>"$scratch/cmake.log" || { cat "$scratch/cmake.log"; exit 1; }
(cd "$scratch" && LD_LIBRARY_PATH=$prefix/lib ./cpp/consumer && LD_LIBRARY_PATH=$prefix/lib ./cpp/c_consumer)

pc=$(dirname "$(find "$prefix" -name emptor.pc)")
libraries=$(PKG_CONFIG_PATH=$pc pkg-config --variable=libdir emptor)
for program in "$source"/tests/install/c/*.c "$source"/examples/c/*.c; do
  name=$(basename "$program" .c)
  # shellcheck disable=SC2046,SC2086
  ${CC:-cc} -std=c99 -pedantic -Wall -Wextra -Werror $flags "$program" -o "$scratch/$name" \
    $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs emptor)
  mkdir -p "$scratch/run_$name"
  (cd "$scratch/run_$name" && LD_LIBRARY_PATH=$libraries "../$name")
done
for run in "$source"/examples/*/run.sh; do
  name=$(basename "$(dirname "$run")")
  mkdir "$scratch/example_$name"
  (cd "$scratch/example_$name" && PKG_CONFIG_PATH=$pc LD_LIBRARY_PATH=$libraries "$run" "$prefix")
done
echo "install: C++ by find_package, C by pkg-config, examples: built against the moved installation and run"
