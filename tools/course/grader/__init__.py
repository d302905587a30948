"""Grades exercises of the book by what they print and what the kernel did."""
