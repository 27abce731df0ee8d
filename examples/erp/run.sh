#!/bin/sh
# Built against the installed package and run: two nights, the second of which finds nothing new, and a third after
# one invoice more.   run.sh PREFIX
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cmake -S "$here" -B build -DCMAKE_PREFIX_PATH="$1" -DCMAKE_CXX_FLAGS="${EMPTOR_CONSUMER_FLAGS:-}" >cmake.log
cmake --build build >>cmake.log || { cat cmake.log; exit 1; }
build/nightly make orders.db
build/nightly run orders.db crm.emptor | tee first
build/nightly run orders.db crm.emptor | tee second
grep -q 'accounts 0, for invoices 0;.* taken back 0$' second
sqlite3 orders.db "INSERT INTO invoice VALUES ('R999999', 'A00007', '2025-11-30', '1234.50', 9999999)"
build/nightly run orders.db crm.emptor | tee third
grep -q 'for invoices 2;' third
[ "$(sqlite3 orders.db "SELECT count(DISTINCT account) FROM account_score")" -gt 100 ]
