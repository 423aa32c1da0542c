"""What a resident asked for, in their own words."""
