"""What start.py is made of. The standard library only; nothing here is imported by the product."""
