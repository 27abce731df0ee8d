#!/bin/sh
# Built against the installed package and run.   run.sh PREFIX
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC2046,SC2086
${CC:-cc} -std=c99 -D_POSIX_C_SOURCE=199309L -pedantic -Wall -Wextra -Werror ${EMPTOR_CONSUMER_FLAGS:-} \
  "$here/screen_pop.c" -o screen_pop $(pkg-config --cflags --libs emptor)
./screen_pop "$here" | tee pops
grep -q 'known customer' pops
grep -q 'one of several' pops
grep -q 'BLOCKED' pops
grep -q 'number withheld' pops
grep -q 'unknown caller' pops
grep -q 'not allowed' pops
grep -q '9 calls in the log, played twice: 9 interactions' pops
