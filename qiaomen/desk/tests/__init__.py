"""Desk: tests."""
