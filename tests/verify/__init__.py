"""Rubrics that prove themselves, and those that do not."""
