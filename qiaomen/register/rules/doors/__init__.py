"""How a door is written: `grammar` reads it, `words` knows its words, `parts` puts them together."""
