"""When a watch looks again, and at what: no engine, no clock."""
