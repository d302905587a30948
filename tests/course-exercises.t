#!/bin/bash
# Every exercise: its solution gets all points, and each wrong solution loses
# the right ones for the right reason.  Uses the students' first kernel, or
# KERNEL.
set -euo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS MAKELEVEL
tools/need patch:patch >&2 || { echo 'Bail out!  no patch'; exit 1; }
make -s course-tools >&2 || { echo 'Bail out!  make course-tools'; exit 1; }
exec tools/course/check-exercise --kernel "${KERNEL:-stock}" "$@"
