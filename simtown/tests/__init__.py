"""Simtown: tests."""
