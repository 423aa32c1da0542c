"""Doors by what is said of them, and the picture of a building."""
