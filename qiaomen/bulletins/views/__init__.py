"""Pages of bulletins and of every figure."""
