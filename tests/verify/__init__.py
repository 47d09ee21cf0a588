"""Tests of what proves rubrics."""
