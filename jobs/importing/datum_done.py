"""What an import did about the datum: from which to which, how far the rows moved, and by whose order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...layers.html_report import Section
from ...text import NOTHING, Text

if TYPE_CHECKING:
    from ...layers.doctor.diagnosis import Diagnosis
    from .request import Request


def moved_m(diagnosis: Diagnosis) -> np.ndarray:
    """Give how far the conversion moved each row that was written with a place.

    Returns
    -------
    numpy.ndarray of float64, shape (m,)
        Metres on the ellipsoid; empty where the datum taken is no shifted one.
    """
    from pyproj import Geod

    from ...layers import datum

    decision, converted = diagnosis.decision, diagnosis.converted
    to_file = {"gcj02": datum.wgs84_to_gcj02, "bd09": datum.wgs84_to_bd09}
    if decision is None or converted is None or decision.datum not in to_file:
        return np.zeros(0)
    places = converted.places[converted.positions]
    lon, lat = places[np.isfinite(places).all(axis=1)].T
    written = to_file[decision.datum](lon, lat)
    return np.asarray(Geod(ellps="GRS80").inv(lon, lat, *written)[2])


def datum_done(diagnosis: Diagnosis, request: Request, stated: str) -> list[Section]:
    """Tell of the conversion of a shifted datum; nothing where there was none.

    Parameters
    ----------
    diagnosis : Diagnosis
    request : Request
    stated : str
        The planner's ``--datum``; "auto" leaves it to the recipe.
    """
    from ...layers.reading.datum_decision import LABELS

    metres, decision, verdict = moved_m(diagnosis), diagnosis.decision, diagnosis.verdict
    if decision is None or not len(metres):
        return []
    by = Text("本次选择", "chosen for this import")
    if stated == "auto" and request.recipe is not None:
        by = Text("处理方案", "the recipe")
    if verdict is not None and verdict.supports(decision.datum):
        by = Text(f"{by.zh}，与依据一致", f"{by.en}, as the evidence says")
    elif verdict is not None and verdict.decision:
        by = Text(f"{by.zh}，与依据不符", f"{by.en}, against the evidence")
    heads = (
        *(("转换", "Conversion"), ("行数", "Rows"), ("移动的中位数 m", "Median shift, m")),
        *(("最大移动 m", "Largest shift, m"), ("由谁决定", "By order of")),
    )
    label = LABELS[decision.datum]
    row = (
        Text(f"{label.zh} → CGCS2000", f"{label.en} → CGCS2000"),
        *(len(metres), round(float(np.median(metres))), round(float(metres.max())), by),
    )
    words = [verdict.why] if verdict is not None and verdict.why != NOTHING else []
    heading = Text("已作的处理：坐标转换", "Treatments: coordinates")
    return [Section(heading, words, headings=[Text(*head) for head in heads], rows=[row])]
