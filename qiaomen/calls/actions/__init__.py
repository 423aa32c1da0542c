"""What can happen, one function each."""
