#!/bin/sh
# Run with the installed wheel: EMPTOR_PYTHON is the interpreter that has it; without it this is skipped, visibly.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${EMPTOR_PYTHON:-}" ]; then
  echo "SKIPPED: examples/python needs EMPTOR_PYTHON, an interpreter with the wheel"
  exit 0
fi
"$EMPTOR_PYTHON" "$here/segments.py" "$here/../callcentre/orders.csv" lists | tee segments
grep -q 'customers$' segments
grep -q 'K1\|customer' lists/champion.csv
