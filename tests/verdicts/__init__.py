"""What every build earns, written down by hand."""
