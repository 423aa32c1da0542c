"""Records several houses share, with their pages: bodies outside, campaigns, redacted copies of pictures."""
