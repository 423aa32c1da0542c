"""Pure rules of the grid and of exports."""
