"""Register: commands."""
