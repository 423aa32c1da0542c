"""Pages of care groups."""
