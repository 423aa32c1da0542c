"""Invented worlds to measure on: pure, seeded, larger than the demo county."""
