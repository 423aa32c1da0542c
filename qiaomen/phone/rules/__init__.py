"""Pure rules of the phone API."""
