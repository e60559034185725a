"""The tool that draws a path profile between two clicks."""
