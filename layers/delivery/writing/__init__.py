"""Writers of delivery formats, and reading back what was written."""
