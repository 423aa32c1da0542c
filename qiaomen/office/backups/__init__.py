"""Backups that were restored before they count, and restoring; the commands `backup` and `restore` speak for them."""
