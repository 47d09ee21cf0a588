"""Tests of the reporters; samples.py holds the reports that they print."""
