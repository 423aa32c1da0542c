"""Worlds to measure in: published instances and seeded communities."""
