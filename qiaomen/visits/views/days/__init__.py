"""The pages of the days: rounds, the week, and what is promised."""
