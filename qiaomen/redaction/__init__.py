"""Finds what is private in any text or file, and builds a new file from what was checked; knows no resident."""
