"""Care groups: who needs a closer look."""
