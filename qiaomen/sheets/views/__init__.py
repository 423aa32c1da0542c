"""Pages of the grid and of exports."""
