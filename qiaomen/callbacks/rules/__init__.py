"""Pure rules of asking again: the lot, the range, the result, when to try again."""
