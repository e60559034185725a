"""From the text of a cell to a value: numbers, units, dates, codes, coordinates."""
