"""A watch for a learner's eyes: a full screen where there is a terminal, and else a line for each change."""
