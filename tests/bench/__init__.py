"""How long grading takes, always against something else in the same run: seconds alone mean little."""
