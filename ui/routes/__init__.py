"""The tool that draws the routes between two rooms."""
