"""Teams: the days and hours they go, and who is away."""
