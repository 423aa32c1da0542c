"""Office: commands."""
