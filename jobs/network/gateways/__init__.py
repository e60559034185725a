"""International gateways by region, border crossings with cables, submarine cables and what lies in their bands."""
