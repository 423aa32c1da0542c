"""What is held of me."""
