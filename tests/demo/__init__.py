"""The demonstration: a right build is graded, then one thing in it is broken and it is graded again."""
