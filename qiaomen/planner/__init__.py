"""Doors, windows and teams in; walks out; no database."""
