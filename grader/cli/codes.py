"""The exit codes that README.md documents; those of errors are in grader/errors.py."""

PASSED, BELOW, USAGE, INCOMPLETE, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130
