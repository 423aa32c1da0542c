"""What may be searched: `tokens` of a person as they are kept, `query` reads what was typed."""
