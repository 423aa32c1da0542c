"""A county that does not exist: 拾光县. Every person here is invented."""
