"""Pure rules: when somebody may be rung up, and what a staircase says."""
