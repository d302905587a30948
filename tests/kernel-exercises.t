#!/bin/bash
# The exercises on the book's kernel, whose captures have more in them: the
# students' starting point, and the solutions.
exec env KERNEL=book "$(dirname "$0")/course-exercises.t" --solutions
