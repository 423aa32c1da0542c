"""Migrations of publications."""
