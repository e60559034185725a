"""How a layer of QGIS crosses to the engine: by its path, or written to a temporary GeoPackage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsFeatureSink,
    QgsFields,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ...errors import Cancelled, InputError
from ...text import Text

_PROVIDER_FIELD = QgsFields.OriginProvider


@dataclass
class LayerInput:
    """A layer on its way to the engine.

    Attributes
    ----------
    path : str
        ``PATH|layername=NAME`` of a saved, unfiltered file layer; empty where the rows must be written first.
    source : QgsProcessingFeatureSource or None
        The rows to write.
    unsaved : bool
        The layer has edits that are not saved yet; they are part of `source`.
    """

    name: str
    path: str = ""
    source: QgsProcessingFeatureSource | None = None
    unsaved: bool = False


def no_crs(name: str) -> InputError:
    """Say that a layer has no coordinate system and how to mend that."""
    return InputError(
        Text("图层“{name}”没有坐标系。", "Layer “{name}” has no coordinate reference system.").filled(name=name),
        Text(
            "请在图层面板中右键该图层，选“图层坐标系 ▸ 设置图层坐标系”，指定数据实际所用的坐标系后再运行。",
            "Right-click it in the Layers panel, choose Layer CRS ▸ Set Layer CRS, give the one the data is really in, "
            "and run again.",
        ),
    )


def no_rows(name: str) -> InputError:
    """Say that a layer has no rows to work on."""
    return InputError(
        Text("图层“{name}”没有要素可用。", "Layer “{name}” has no features to use.").filled(name=name),
        Text(
            "请检查是否选错图层、过滤条件过严，或勾选了“仅选中的要素”却没有选择。",
            "Check that it is the right layer, that its filter lets rows through, and that features are selected if "
            "“Selected features only” is ticked.",
        ),
    )


def check(layer: QgsVectorLayer | None, value: Any) -> InputError | None:
    """Find what makes a layer useless before anything runs."""
    if layer is None:
        return None
    if layer.isSpatial() and not layer.crs().isValid():
        return no_crs(layer.name())
    rows = layer.selectedFeatureCount() if _selected_only(value) else layer.featureCount()
    return no_rows(layer.name()) if rows == 0 else None


def _selected_only(value: Any) -> bool:
    return isinstance(value, QgsProcessingFeatureSourceDefinition) and value.selectedFeaturesOnly


def _is_limited(value: Any) -> bool:
    if not isinstance(value, QgsProcessingFeatureSourceDefinition):
        return False
    filtered = bool(getattr(value, "filterExpression", ""))  # newer QGIS than 3.22
    return value.selectedFeaturesOnly or value.featureLimit >= 0 or filtered


def file_path(layer: QgsVectorLayer) -> str:
    """Give ``PATH|layername=NAME`` of a layer that is exactly what its file holds; empty for any other."""
    if layer.providerType() != "ogr" or layer.subsetString() or layer.isModified():
        return ""
    if layer.crs() != layer.dataProvider().crs():
        return ""  # the planner corrected the CRS in QGIS; the file still says the wrong one
    fields = layer.fields()
    if any(fields.fieldOrigin(i) != _PROVIDER_FIELD for i in range(fields.count())):
        return ""  # joined and virtual fields exist only in QGIS
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path = str(parts.get("path") or "")
    if not path or path.startswith("/vsi") or not Path(path).exists():
        return ""
    table = parts.get("layerName")
    return f"{path}|layername={table}" if table else path


def take(layer: QgsVectorLayer | None, value: Any, source: QgsProcessingFeatureSource, name: str) -> LayerInput:
    """Decide how a layer crosses. Runs in the main thread, where the layer lives."""
    title = layer.name() if layer is not None else source.sourceName()
    if not source.sourceCrs().isValid():
        raise no_crs(title)
    if source.featureCount() == 0:
        raise no_rows(title)
    if layer is not None and not _is_limited(value):
        path = file_path(layer)
        if path:
            return LayerInput(name, path)
    return LayerInput(name, source=source, unsaved=layer is not None and layer.isModified())


def write(item: LayerInput, folder: Path, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> str:
    """Write the rows of a layer to a GeoPackage in `folder`; give ``PATH|layername=NAME``."""
    source = item.source
    path = folder / f"{item.name}.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = item.name
    options.layerOptions = ["FID=xinji_fid"]  # a column called fid may hold anything
    writer = QgsVectorFileWriter.create(
        str(path), source.fields(), source.wkbType(), source.sourceCrs(), context.transformContext(), options
    )
    try:
        for feature in source.getFeatures():
            if feedback.isCanceled():
                raise Cancelled
            if not writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise InputError(
                    Text(
                        "图层“{name}”第 {row} 号要素无法写出：{why}",
                        "Feature {row} of layer “{name}” cannot be written: {why}",
                    ).filled(name=source.sourceName(), row=feature.id(), why=writer.errorMessage())
                )
    finally:
        writer.flushBuffer()
        del writer
    return f"{path}|layername={item.name}"
