"""Qiaomen 敲门: a community office that knocks, and keeps its word."""
