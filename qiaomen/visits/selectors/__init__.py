"""Rows as facts and as what a page shows; nothing is written."""
