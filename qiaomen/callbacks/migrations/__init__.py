"""Migrations of callbacks."""
