"""Visits: migrations."""
