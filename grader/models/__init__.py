"""Frozen records that pass between the stages; they import nothing else of ours."""
