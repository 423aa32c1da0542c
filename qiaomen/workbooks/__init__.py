"""Opens any table from outside without trusting it; knows no resident."""
