"""Places, dwellings, households, residents, and the roster that comes in."""
