"""Read the layers of an earlier result back, as the job that wrote them had them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import shapely

from ...errors import InputError
from ...text import Text

_RECORD = "run.json"


def read_record(folder: Path, job: str, label: Text) -> dict[str, Any]:
    """Read what a result was made from.

    Parameters
    ----------
    folder : pathlib.Path
        A result folder.
    job : str
        The job that must have written it.
    label : Text
        What the planner calls that job.

    Raises
    ------
    InputError
        The folder is no result, or one of another job.
    """
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = None
    if not isinstance(record, dict) or not {"job", "parameters", "rules", "outputs"} <= set(record):
        raise InputError(
            Text(f"{folder} 不是结果文件夹。", f"{folder} is no result folder."),
            Text(
                "请选择“{job}”的结果文件夹（内有 run.json），或规划工作区。",
                "Choose the result folder of “{job}”, which holds a run.json, or a planning workspace.",
            ).filled(job=label),
        )
    if record["job"] != job:
        raise InputError(
            Text(
                f"{folder} 是其他任务（{record['job']}）的结果。",
                f"{folder} is the result of another job ({record['job']}).",
            ),
            Text("请选择“{job}”的结果文件夹。", "Choose the result folder of “{job}”.").filled(job=label),
        )
    return record


def read_result_layer(path: Path, name: str) -> pd.DataFrame | None:
    """Read one layer of a result GeoPackage without its shapes; None where the file or the layer is not there.

    Returns
    -------
    pandas.DataFrame
        Its columns, None where a text is missing; of a layer of points ``lon, lat`` in degrees, NaN for no place.

    Raises
    ------
    InputError
        The file is no GeoPackage.
    """
    if not path.is_file():
        return None
    try:
        layers = {str(layer): kind for layer, kind in pyogrio.list_layers(path)}
        if name not in layers:
            return None
        points = layers[name] == "Point"
        rows = pyogrio.read_dataframe(path, layer=name, read_geometry=points)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InputError(
            Text(f"无法读取 {path}：{error}", f"{path} cannot be read: {error}"),
            Text("请重新运行得到该结果的任务。", "Run the job that made this result again."),
        ) from error
    if points:
        shapes = rows["geometry"].to_numpy(object)
        rows = pd.DataFrame(rows.drop(columns="geometry")).assign(lon=shapely.get_x(shapes), lat=shapely.get_y(shapes))
    for column in rows:
        if rows[column].dtype == object or pd.api.types.is_string_dtype(rows[column]):
            rows[column] = rows[column].astype(object).where(rows[column].notna(), None)
    return rows
