"""Shell commands of the phone API."""
