"""Office: migrations."""
