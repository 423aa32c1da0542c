"""From the cells of a sheet to its people: headers, rows, the place it is about, values."""
