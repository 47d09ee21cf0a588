"""Tests that need a real engine."""
