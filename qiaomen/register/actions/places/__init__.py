"""Places by hand, and what doors are called."""
