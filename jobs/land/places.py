"""Sites whose rows stand at slightly different places: each place is checked, and the worst one is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...rules.pack import Pack
from .conflicts import judge
from .facilities import ASIDE, Facilities
from .known import Known
from .taken import ground_of
from .words import CANNOT_TELL, CLEAR, CONFLICT
from .zone_rows import Zones

_RANK = {CLEAR: 0, CANNOT_TELL: 1, CONFLICT: 2}


def at_worst_places(facilities: Facilities, zones: Zones, known: Known, pack: Pack) -> Facilities:
    """Put every site with several places where its conflict is gravest, then largest; the first place where all agree."""
    pairs = [(at, place) for at, places in facilities.places.items() for place in places]
    if not pairs:
        return facilities
    of = np.array([at for at, _ in pairs])
    shapes = np.full(len(pairs), None, dtype=object)
    shapes[:] = [place for _, place in pairs]
    table = facilities.table.iloc[of].reset_index(drop=True)
    tried = Facilities(table, shapes, [], [], pd.DataFrame(columns=list(ASIDE)), {})
    found = judge(ground_of(tried, pack), zones, known, pack)
    area = found.sums[found.sums["severity"] > 0].groupby("at")["area_m2"].sum().reindex(table.index).fillna(0.0)
    verdict = found.table["verdict"].map(_RANK)
    worst = found.table["severity"].fillna(-1).astype(int)
    touching = found.table["touching"].str.len()
    moved = facilities.shapes.copy()
    for at in facilities.places:
        own = np.flatnonzero(of == at).tolist()
        best = max(own, key=lambda k: (verdict[k], worst[k], area[k], touching[k], -k))
        moved[at] = shapes[best]
    return facilities._replace(shapes=moved)
