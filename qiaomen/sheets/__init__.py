"""台账 and exports."""
