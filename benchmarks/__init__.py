"""Measured against baselines in the same run; ratios are quoted, seconds drift. Not tests: nothing here is
timed in CI.
"""
