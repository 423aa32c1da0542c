"""Office: tests."""
