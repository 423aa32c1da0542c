"""Plain rules of numbers as they are shown."""
