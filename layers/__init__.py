"""The data: one spec per layer, reading messy files, datums, the workspace, delivery."""
