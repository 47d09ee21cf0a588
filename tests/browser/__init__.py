"""Pages and pictures in a real browser."""
