"""Kernel: tests."""
