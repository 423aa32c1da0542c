"""Register: migrations."""
