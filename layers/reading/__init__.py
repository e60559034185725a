"""From a table as it stands to rows of a layer: every row is kept, merged or set aside with its reason."""
