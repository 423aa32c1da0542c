"""Nobody leaves with work in their hands: all of it goes to named people, for good or for some days, and comes back."""
