"""Grading again and again while somebody builds: when to look, what an event touches, and the loop around it."""
