"""The invented world: pure and seeded."""
