"""Asking again: samples drawn by lot, the four-week question, the checks after months."""
