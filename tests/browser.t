#!/bin/bash
# The built book in a real browser: tests/browser/*.spec.mjs.
set -euo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS MAKELEVEL
make -s book browser-tools >&2 || { echo 'Bail out!  make book browser-tools'; exit 1; }
exec node tests/browser/run.mjs "$@"
