"""What an exercise has built on an engine, told apart from everybody else's, and removed on demand."""
