"""GeoPackages: the planning workspace, and the result layers of a run."""
