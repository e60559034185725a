"""Read any file that an operator may send, as it stands: encodings, sheets, headings, geometry, databases."""
