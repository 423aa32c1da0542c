"""Template tags of the street."""
