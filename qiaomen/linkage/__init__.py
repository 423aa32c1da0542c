"""Weighs whether two records are one person; decides nothing."""
