"""How layers of a frontier result look: styles, legends, map tips, fields."""
