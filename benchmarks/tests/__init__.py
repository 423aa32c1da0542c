"""Tests of what the benchmarks measure with: worlds must be true before a number means anything."""
