"""Lists come in."""
