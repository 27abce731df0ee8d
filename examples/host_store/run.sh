#!/bin/sh
# Built against the installed package and run: what one run wrote the next one finds, also behind a torn end.
# run.sh PREFIX
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC2046,SC2086
${CC:-cc} -std=c99 -pedantic -Wall -Wextra -Werror ${EMPTOR_CONSUMER_FLAGS:-} "$here/shop.c" "$here/log_store.c" \
  -o shop $(pkg-config --cflags --libs emptor)
./shop shop.log Ada | grep -q '^1 customers'
./shop shop.log Grace | grep -q '^2 customers'
printf 'a batch that was never committed' >>shop.log
./shop shop.log Edith | grep -q '^3 customers'
printf 'not a store' >foreign.log
if ./shop foreign.log Ada 2>refusal; then exit 1; fi
grep -q 'cannot be opened (3)' refusal
[ "$(ls)" = "foreign.log
refusal
shop
shop.log" ] # and no file besides
