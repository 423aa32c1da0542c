"""Register: management."""
