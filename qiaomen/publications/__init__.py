"""What goes out to the public, and the gate before it."""
