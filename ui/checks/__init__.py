"""How the layers of a checked package look: styles, map tips, fields, the line of a run."""
