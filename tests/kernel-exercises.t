#!/bin/bash
# The exercises on the book's kernel, whose captures have more in them: all of
# course-exercises.t, and each wrong solution loses the right points for the
# right reason; with PART=K/N, every Nth of them from the Kth on.
# `make check-long` does all that on the students' kernel.
echo "# wrong solutions: ${PART:-all}"
exec env KERNEL=book "$(dirname "$0")/course-exercises.t" --all --part "${PART:-1/1}"
