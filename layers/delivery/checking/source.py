"""A layer of a package as a checker sees it: its fields as the format declares them, its features as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj

from ....text import NOTHING, Text
from .found import Found, part_of

BLANK = "␣"  # a blank that is to be seen
POINT, LINE, POLYGON, MIXED, NONE = "point", "line", "polygon", "mixed", "none"


@dataclass(frozen=True)
class FileField:
    """A field as a file declares it.

    Attributes
    ----------
    type : str
        Key of `profile.schema.TYPES` as far as the format tells, else the format's own word.
    length, decimals : int or None
        None where the format cannot tell.
    """

    name: str
    type: str
    length: int | None = None
    decimals: int | None = None


@dataclass(frozen=True)
class PackageLayer:
    """A layer of a package.

    Attributes
    ----------
    name : str
        The target layer of the profile that it is, else its name in the file.
    file_layer : str
        Its name in the file.
    format : str
        gpkg, gdb, shp, geojson or vct.
    kind : str
        point, line, polygon, mixed or none (attributes alone), as the file declares it; what it declares nothing about
        is told from the geometries.
    crs : pyproj.CRS or None
        None where the file states none.
    features : numpy.ndarray of str, shape (n,)
        Feature ids as the file has them.
    geometry : numpy.ndarray of shapely geometries or None, shape (n,)
        In `crs`.
    columns : pandas.DataFrame, n rows
        Attributes by field name as in the file; a missing value is None or NaN.
    has_curves, has_z : bool
        Curve segments (straight ones in `geometry`) or heights.
    curved : frozenset of int
        Rows with curve segments.
    has_chords : bool
        Curves are drawn too coarsely in `geometry` to be measured.
    part : str
        The folder of its zone in a package that is split by zone, else "".
    """

    name: str
    path: Path
    file_layer: str
    format: str
    kind: str
    fields: tuple[FileField, ...]
    crs: pyproj.CRS | None
    features: np.ndarray
    geometry: np.ndarray
    columns: pd.DataFrame
    has_curves: bool = False
    has_z: bool = False
    curved: frozenset[int] = frozenset()
    has_chords: bool = False
    part: str = ""
    _texts: dict[str, np.ndarray] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.features)

    @property
    def file(self) -> str:
        """Its file as reports name it."""
        name = f"{self.part}/{self.path.name}" if self.part else self.path.name
        return name if self.format in ("shp", "geojson") else f"{name} · {self.file_layer}"

    def named(self, name: str) -> str | None:
        """Give the column that has a name, in this case or another; None where there is none."""
        if name in self.columns:
            return name
        return next((str(item) for item in self.columns if str(item).upper() == name.upper()), None)

    def texts(self, name: str) -> np.ndarray | None:
        """Give the values of a field as texts without blanks around them, "" for none; None without such a field.

        They are made once, since many checks ask for them; nobody may change them.
        """
        column = self.named(name)
        if column is None:
            return None
        if column not in self._texts:
            made = np.array(_texts_of(self.columns[column].tolist()), dtype=object)
            made.flags.writeable = False
            self._texts[column] = made
        return self._texts[column]

    def as_written(self, name: str) -> np.ndarray | None:
        """Give the values of a field as texts with the blanks around them made visible; None without such a field."""
        column = self.named(name)
        if column is None:
            return None
        texts, rows = self.texts(name), self.with_blanks(name)
        if texts is None or not rows:
            return texts
        values, written = self.columns[column].tolist(), texts.copy()
        for row in rows:
            written[row] = _visible(values[row])
        return written

    def with_blanks(self, name: str) -> set[int]:
        """Give the rows whose text has blanks around it, which a comparison of codes does not forgive."""
        column = self.named(name)
        if column is None:
            return set()
        values = self.columns[column].tolist()
        return {row for row, value in enumerate(values) if isinstance(value, str) and value.strip() not in ("", value)}

    def numbers(self, name: str) -> np.ndarray | None:
        """Give the values of a field as numbers, NaN for what is none; None without such a field."""
        column = self.named(name)
        return None if column is None else pd.to_numeric(self.columns[column], errors="coerce").to_numpy(np.float64)


def _texts_of(values: list[object]) -> list[str]:
    if pd.api.types.infer_dtype(values, skipna=True) == "string":
        return [value.strip() if isinstance(value, str) else "" for value in values]
    return [_text(value) for value in values]


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _visible(value: object) -> str:
    text = _text(value)
    if not text or not isinstance(value, str) or text == value:
        return text
    before = len(value) - len(value.lstrip())
    return BLANK * before + text + BLANK * (len(value) - before - len(text))


@dataclass(frozen=True)
class PackageFile:
    """A file of a package: its path inside, format, layers and features; `note` says what was not looked at."""

    name: str
    format: str
    layers: int = 0
    features: int = 0
    note: Text = NOTHING


@dataclass(frozen=True)
class PackageTable:
    """An attribute table that accompanies the layers: its layer, format, file, rows and feature numbers."""

    layer: str
    format: str
    file: str
    rows: int
    numbers: tuple[str, ...]


@dataclass
class Package:
    """Everything that was read of a package.

    Attributes
    ----------
    found : list of Found
        Files and records that cannot be read.
    unread : set of (str, str)
        Layer and format of layers that cannot be read: they are there, whatever is in them; layer "" for a whole file.
    unnamed : dict of str to list of str
        By the encoding that their texts turned out to have, the Shapefiles that do not state it.
    """

    name: str
    layers: list[PackageLayer] = field(default_factory=list)
    files: list[PackageFile] = field(default_factory=list)
    tables: list[PackageTable] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    unread: set[tuple[str, str]] = field(default_factory=set)
    unnamed: dict[str, list[str]] = field(default_factory=dict)

    def take(self, read: Package, part: str) -> None:
        """Take up what was read of a file, in the folder `part` of a zone or in none."""
        start = f"{part}/" if part else ""
        self.layers += [replace(layer, part=part) for layer in read.layers] if part else read.layers
        self.found += [replace(item, file=f"{start}{item.file}") for item in read.found] if part else read.found
        self.unread |= read.unread
        for encoding, names in read.unnamed.items():
            self.unnamed.setdefault(encoding, []).extend(f"{start}{name}" for name in names)

    def parts(self) -> list[Package]:
        """Give the sets of files that it has, one for each zone; itself alone where it is not split."""
        names = dict.fromkeys([layer.part for layer in self.layers] + [part_of(table.file) for table in self.tables])
        if len(names) < 2:
            return [self]
        return [
            replace(
                self,
                layers=[layer for layer in self.layers if layer.part == name],
                tables=[table for table in self.tables if part_of(table.file) == name],
            )
            for name in names
        ]
