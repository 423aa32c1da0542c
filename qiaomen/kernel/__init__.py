"""Pure words every house shares: no Django, no network, no database."""
