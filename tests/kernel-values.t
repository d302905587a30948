#!/bin/bash
# What a capture shows of values, on the book's kernel.
exec env KERNEL=book "$(dirname "$0")/kvt-values.t"
