"""The proxy desk: mandate, originals, papers and trips of a case, with their pages."""
