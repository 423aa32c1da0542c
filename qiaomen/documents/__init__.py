"""Fills Word templates an office can change, and prints them: pure, values in, a file out."""
