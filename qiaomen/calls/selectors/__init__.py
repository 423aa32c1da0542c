"""Rows → what a page or a phone shows; nothing is written."""
