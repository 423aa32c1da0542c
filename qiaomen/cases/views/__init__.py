"""Pages of cases: the lists, one case with its procedure and its clock, and what is done about it."""
