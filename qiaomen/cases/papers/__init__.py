"""The papers of a case: forms the office can change, filled and printed, and the page a receipt leads to."""
