"""Pages about the whole community: its places, its totals, its doubtful records."""
