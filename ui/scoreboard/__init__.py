"""The panel of a frontier scoreboard: a click selects what a number counts."""
