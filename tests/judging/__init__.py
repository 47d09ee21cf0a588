"""Tests of what every kind of check judges with."""
