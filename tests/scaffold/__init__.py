"""New exercises from templates."""
