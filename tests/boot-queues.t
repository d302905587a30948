#!/bin/bash
# Chapter 30's queues, given what no honest driver writes: nobody leaves the
# guest's memory, what can be answered is, and the rest is broken.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
plan 2

capture tools/lab/lab run --kernel stock build/tests/boot-hostile
is "$status" 0 "queues that make no sense: nobody leaves the guest's memory"
is "$err" "$(<tests/boot/hostile.txt)" "... what can be answered is, the rest is broken"
