"""The rules of the lint: one file for each thing that may be wrong with a rubric that loads."""
