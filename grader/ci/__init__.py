"""A whole course, as a pipeline checks it: what it holds, whether it holds, and at which line it does not."""
