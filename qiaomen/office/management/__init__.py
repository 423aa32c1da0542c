"""Office: management."""
