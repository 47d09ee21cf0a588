"""Whether a rubric holds: what can be told from its text, and what builds of its exercise show."""
