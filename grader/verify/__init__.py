"""Whether a rubric holds: linted, tried on solutions, and on every fault that it should see."""
