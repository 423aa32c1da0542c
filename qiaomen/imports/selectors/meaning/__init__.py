"""Which household and which person each row of a roster means."""
