"""Forms about the whole community: a day, a place."""
