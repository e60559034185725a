"""A calibration of the simulation: a dated TOML file that a planner can read, and that runs cite by name and date."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..text import Text

FORMAT = 1
_MOST_DB = 60.0
_REMEDY = Text("请用“仿真校正”重新生成。", "Make it anew by “Calibrate the simulation”.")


@dataclass(frozen=True)
class BandOffset:
    """What is added to simulated levels of one band.

    Attributes
    ----------
    offset_db : float
        Where clutter classes are not told apart.
    offset_with_clutter_db : float or None
        Together with the offsets of clutter classes; None where the calibration has none.
    sigma_db : float
        Standard deviation of the measurements around `offset_db`.
    before_db, after_db : float
        Hold-out error, uncorrected and corrected.
    points, outliers : int
        Measurements, and those left out as outliers.
    """

    band_mhz_min: float
    band_mhz_max: float
    offset_db: float
    offset_with_clutter_db: float | None
    sigma_db: float
    before_db: float
    after_db: float
    points: int
    outliers: int


@dataclass(frozen=True)
class Calibration:
    """Corrections of simulated levels, and what they hold for.

    Attributes
    ----------
    name, date : str
        Date as ISO day.
    technology, propagation : str
        The offsets hold for this network and model alone.
    conditions : mapping of str to float or str
        Parameters of the model that it was made with.
    clutter_classes : str
        Land-cover product of the class offsets; empty without.
    bands : tuple of BandOffset
    clutter_db : mapping of int to float
        By class code.
    before_db, after_db : float
        Hold-out error over all bands, with clutter offsets where it has them.
    """

    name: str
    date: str
    technology: str
    propagation: str
    conditions: Mapping[str, float | str]
    clutter_classes: str
    bands: tuple[BandOffset, ...]
    clutter_db: Mapping[int, float]
    before_db: float
    after_db: float

    def offset_db(self, band_mhz: float, *, with_clutter: bool) -> float:
        """Give the correction of a band; 0 where the calibration does not know it."""
        for band in self.bands:
            if band.band_mhz_min <= band_mhz <= band.band_mhz_max:
                together = band.offset_with_clutter_db if with_clutter else None
                return band.offset_db if together is None else together
        return 0.0

    def cited(self) -> dict[str, Any]:
        """Give what a result says of the calibration, in the form of a rule."""
        return {
            "id": "radio.calibration",
            "zh": f"仿真校正“{self.name}”",
            "en": f"calibration “{self.name}”",
            "value": f"{self.before_db:.1f} → {self.after_db:.1f}",
            "unit": "dB",
            "status": "by_analogy",
            "document": self.name,
            "clause": "",
            "date": self.date,
            "pack": "",
        }


def as_toml(calibration: Calibration) -> str:
    """Write a calibration, to the byte the same for the same one."""
    lines = [
        "# 仿真校正文件：加到仿真电平上的修正值（dB）。 / Corrections in dB that are added to simulated levels.",
        f"format = {FORMAT}",
        *(f"{key} = {_quoted(getattr(calibration, key))}" for key in ("name", "date", "technology", "propagation")),
        f"clutter_classes = {_quoted(calibration.clutter_classes)}",
        f"before_db = {calibration.before_db:.3f}",
        f"after_db = {calibration.after_db:.3f}",
        "",
        "[conditions]",
        *(f"{key} = {_value(value)}" for key, value in sorted(calibration.conditions.items())),
    ]
    for band in calibration.bands:
        together = band.offset_with_clutter_db
        lines += [
            "",
            "[[band]]",
            f"band_mhz_min = {band.band_mhz_min:g}",
            f"band_mhz_max = {band.band_mhz_max:g}",
            f"offset_db = {band.offset_db:.3f}",
            *([] if together is None else [f"offset_with_clutter_db = {together:.3f}"]),
            f"sigma_db = {band.sigma_db:.3f}",
            f"before_db = {band.before_db:.3f}",
            f"after_db = {band.after_db:.3f}",
            f"points = {band.points}",
            f"outliers = {band.outliers}",
        ]
    for code, offset in sorted(calibration.clutter_db.items()):
        lines += ["", "[[clutter]]", f"code = {code}", f"offset_db = {offset:.3f}"]
    return "\n".join(lines) + "\n"


def read_calibration(path: Path) -> Calibration:
    """Read a calibration file.

    Raises
    ------
    InputError
        It cannot be read, is no TOML, is none of ours, or an entry is missing or out of bounds.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(Text(f"读不到校正文件 {path}：{error}", f"Cannot read {path}: {error}")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(path, str(error)) from error
    try:
        if found.get("format") != FORMAT:
            raise ValueError(f"format {found.get('format')!r}")
        return _calibration(found)
    except (KeyError, TypeError, ValueError) as error:
        raise _refused(path, str(error)) from error


def _calibration(found: Mapping[str, Any]) -> Calibration:
    texts = {key: found[key] for key in ("name", "date", "technology", "propagation", "clutter_classes")}
    for key, value in texts.items():
        if not isinstance(value, str) or (not value and key != "clutter_classes"):
            raise ValueError(f"{key} = {value!r}")
    bands = tuple(_band(entry) for entry in found["band"])
    if not bands:
        raise ValueError("band")
    clutter = {int(entry["code"]): _db(entry, "offset_db") for entry in found.get("clutter", [])}
    return Calibration(
        **texts,
        conditions=dict(found["conditions"]),
        bands=bands,
        clutter_db=clutter,
        before_db=_db(found, "before_db"),
        after_db=_db(found, "after_db"),
    )


def _band(entry: Mapping[str, Any]) -> BandOffset:
    together = _db(entry, "offset_with_clutter_db") if "offset_with_clutter_db" in entry else None
    return BandOffset(
        band_mhz_min=float(entry["band_mhz_min"]),
        band_mhz_max=float(entry["band_mhz_max"]),
        offset_db=_db(entry, "offset_db"),
        offset_with_clutter_db=together,
        sigma_db=_db(entry, "sigma_db"),
        before_db=_db(entry, "before_db"),
        after_db=_db(entry, "after_db"),
        points=int(entry["points"]),
        outliers=int(entry["outliers"]),
    )


def _db(entry: Mapping[str, Any], key: str) -> float:
    value = entry[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{key} = {value!r}")
    if abs(value) > _MOST_DB:
        raise ValueError(f"{key} = {value:g}: more than {_MOST_DB:g} dB")
    return float(value)


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _value(value: float | str) -> str:
    return _quoted(value) if isinstance(value, str) else f"{value:g}"


def _refused(path: Path, why: str) -> InputError:
    return InputError(
        Text(f"{path.name} 不是有效的校正文件：{why}", f"{path.name} is no valid calibration file: {why}"), _REMEDY
    )
