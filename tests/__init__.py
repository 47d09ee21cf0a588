"""Tests, which mirror the package; tests/lab starts the engines that the live ones need."""
