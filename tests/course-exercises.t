#!/bin/bash
# Every exercise: what a student starts with has points left, its solution gets
# all of them, and no cheap cheat does.  Uses the students' first kernel, or
# KERNEL.  With --all or --wrong it runs the wrong solutions, which are many;
# kernel-exercises.t does.
set -euo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS MAKELEVEL
tools/need patch:patch >&2 || { echo 'Bail out!  no patch'; exit 1; }
make -s course-tools >&2 || { echo 'Bail out!  make course-tools'; exit 1; }
(($#)) || set -- --solutions
[[ $1 != --all ]] || shift
exec tools/course/check-exercise --kernel "${KERNEL:-stock}" "$@"
