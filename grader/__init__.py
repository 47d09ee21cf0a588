"""Grade Docker networking labs on a live engine."""

__version__ = "0.1.0"
