#!/bin/sh
# A new field is two lines. Patches an entity's header in a scratch copy, builds it, opens a store that was
# made before, and finds the field in SQL, JSON, CSV and C. Then the same for a field that is declared at run
# time, without a build.   field_in_two_lines.sh BUILD SOURCE
set -eu
build=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

sql() {
  if command -v sqlite3 >/dev/null; then
    sqlite3 "$1" "$2"
  else
    python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])' "$1" "$2"
  fi
}

expect() { # WHERE WANTED TEXT
  case $3 in
    *"$2"*) echo "  $1: found" ;;
    *) echo "  $1: \"$2\" is not in: $3" >&2; exit 1 ;;
  esac
}

# BUILD FIELD VALUE: sets the field of customer 1 through C and finds it everywhere.
find_everywhere() {
  cc -std=c99 -Wall -Wextra -Werror -I"$source/capi" "$source/tests/install/field/set_field.c" -o set_field \
    -L"$1/lib" -lemptor
  json=$(LD_LIBRARY_PATH="$1/lib" ./set_field shop.emptor "$2" "$3")
  expect "C and JSON" "\"$2\":\"$3\"" "$json"
  expect "SQL" "$3" "$(sql shop.emptor "SELECT $2 FROM customer WHERE id = 1")"
  csv=$("$1/bin/emptor" export shop.emptor customer --format csv)
  expect "CSV header" "$2" "$(printf '%s\n' "$csv" | head -n 1)"
  expect "CSV" "$3" "$csv"
  expect "JSON lines" "\"$2\":\"$3\"" "$("$1/bin/emptor" export shop.emptor customer --format jsonl)"
  expect "verification" '"intact":true' "$("$1/bin/emptor" verify shop.emptor --json)"
}

printf 'Customer ID,Customer Name\nC1,Ada Lovelace\nC2,Charles Babbage\n' >customers.csv
"$build/bin/emptor" import shop.emptor customers.csv --currency EUR >import.log || { cat import.log; exit 1; }

echo "a field of the program, in two lines:"
mkdir copy
(cd "$source" && tar cf - CMakeLists.txt CMakePresets.json cmake include src capi tools) | (cd copy && tar xf -)
awk '{ print }
     /^ *EMPTOR_FIELD\(notes,/ && !done { done = 1
       print "  std::string nickname;"
       print "  EMPTOR_FIELD(nickname, \"what friends call the customer\", personal)" }' \
  "$source/include/emptor/model/party.hpp" >copy/include/emptor/model/party.hpp
added=$(diff "$source/include/emptor/model/party.hpp" copy/include/emptor/model/party.hpp | grep -c '^>')
[ "$added" = 2 ] || { echo "the patch is $added lines, not 2" >&2; exit 1; }
if LD_LIBRARY_PATH="$build/lib" "$build/bin/emptor" export shop.emptor customer --format csv | grep -q nickname; then
  echo "the store knows the field before the patch" >&2
  exit 1
fi
# Compiled like the build that is tested, so that a compiler cache has every file that does not see the field.
strict=$(sed -n 's/^EMPTOR_WARNINGS_ARE_ERRORS:BOOL=//p' "$build/CMakeCache.txt")
{
  (cd copy && cmake --preset dev -DEMPTOR_BUILD_TESTS=OFF -DEMPTOR_WARNINGS_ARE_ERRORS="$strict" &&
    cmake --build --preset dev -j 2 --target emptor_cli emptor_capi)
} >build.log 2>&1 || { tail -n 50 build.log; exit 1; }
find_everywhere "$scratch/copy/build/dev" nickname Countess

echo "a custom field, without a build:"
"$build/bin/emptor" field shop.emptor customer loyalty_points --type integer --doc "points" >field.log
find_everywhere "$build" x_loyalty_points 4711
