"""Register: tests."""
