"""Tests of a course as a pipeline checks it."""
