"""A format and a kind of check for grade."""
