"""A need someone owns: steps, a working-day clock, an answer, and the resident's word on it."""
