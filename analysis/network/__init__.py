"""The trunk network as a graph: lines to nodes and edges, and what hangs on a single one of them."""
