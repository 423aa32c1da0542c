"""What a person sees of a list before the commit, and who may see what of it."""
