"""How the layers of control-line conflicts and of the land demand look: styles, map tips, fields, the line of a run."""
