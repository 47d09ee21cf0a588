"""The rubric: its model, its loader that points at the line that is wrong, and its JSON Schema."""
