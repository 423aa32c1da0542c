"""The public page: published figures and no person."""
