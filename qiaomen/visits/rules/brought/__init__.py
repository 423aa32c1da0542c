"""What phones and paper bring: two accounts of one visit, a sheet with a code a door."""
