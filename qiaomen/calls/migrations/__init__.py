"""Calls: migrations."""
