"""What every kind of check judges with: the scene, verdicts, and the search for causes."""
