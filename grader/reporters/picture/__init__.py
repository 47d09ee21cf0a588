"""The picture of a build, or of what is asked for: one layout and one choice of words for every medium."""
