#!/bin/bash
# The unit tests of kvt, by cmocka, under the sanitizers.
exec env ASAN_OPTIONS=detect_leaks=0 "$(dirname "$0")/../build/tests/unit"
