#!/bin/bash
# The exercises on the book's kernel, whose captures have more in them: all of
# course-exercises.t, and each wrong solution loses the right points for the
# right reason.  `make check-long` does that on the students' kernel.
exec env KERNEL=book "$(dirname "$0")/course-exercises.t" --all
