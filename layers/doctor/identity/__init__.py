"""What a row is: duplicates, masts, region codes, references."""
