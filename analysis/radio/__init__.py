"""Radio over terrain for many receivers at once: antennas, powers, the batch form of ITU-R P.1812, the best server."""

from .antenna import Antenna
from .best_server import BestServer, best_server
from .grades import GRADES
from .paths import Profile, path_between, profile_between
from .power import eirp_dbm, per_resource_element_dbm, resource_blocks
from .raster import PathLosses, Propagation, path_losses
from .sites import Sector
from .terrain import Terrain, smooth_terrain, terrain

__all__ = [
    "GRADES",
    "Antenna",
    "BestServer",
    "PathLosses",
    "Profile",
    "Propagation",
    "Sector",
    "Terrain",
    "best_server",
    "eirp_dbm",
    "path_between",
    "path_losses",
    "per_resource_element_dbm",
    "profile_between",
    "resource_blocks",
    "smooth_terrain",
    "terrain",
]
