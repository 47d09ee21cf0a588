"""A new exercise, from templates: brief, picture, rubric and reference solution that agree with one another."""
