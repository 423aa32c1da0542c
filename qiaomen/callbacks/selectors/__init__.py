"""What pages of call-backs show."""
