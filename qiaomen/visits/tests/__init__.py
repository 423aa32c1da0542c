"""Visits: tests."""
