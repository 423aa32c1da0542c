"""Worlds to measure in: invented, pure, seeded, larger than the demo county."""
