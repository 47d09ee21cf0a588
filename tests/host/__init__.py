"""The live engine's side."""
