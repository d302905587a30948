#!/bin/bash
# Every exercise: its solution gets all points on the students' first kernel, or
# KERNEL; with PART=K/N, every Nth of them from the Kth on.  With --all also:
# what a student starts with has points left, no cheap cheat gets them, and wrong
# solutions, which are many, lose them; kernel-exercises.t does that.  How fast
# the machine is, is not tested here.
set -euo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS MAKELEVEL
tools/need patch:patch >&2 || { echo 'Bail out!  no patch'; exit 1; }
make -s course-tools >&2 || { echo 'Bail out!  make course-tools'; exit 1; }
(($#)) || { echo "# part ${PART:-1/1} of the exercises"; set -- --right --timeout 120 --part "${PART:-1/1}"; }
[[ $1 != --all ]] || shift
exec tools/course/check-exercise --kernel "${KERNEL:-stock}" "$@"
