"""What holds of every build, tried on builds that nobody has written down."""
