"""A copy of a parcel layer with the crop that each parcel voted for, as a GeoPackage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsVectorFileWriter,
)

from s4_core.errors import Cancelled
from s4_qgis.columns import column
from s4_qgis.export.aside import aside, not_written
from s4_qgis.export.parcel_votes import COLUMNS, Voting
from s4_qgis.processing.vectors import VectorInput


def write_parcel_copy(
    parcels: VectorInput,
    vote_of: Voting,
    out: str,
    progress: Callable[[float], bool] = lambda _: True,
) -> int:
    """Write the parcels with their class, its confidence and their pixels.

    Args:
        out: .gpkg. progress: told the fraction done (0..1); False stops.

    Returns:
        How many parcels have a class.

    Raises:
        OutputError: it cannot be written. Cancelled: `progress` said so.
    """
    with aside(Path(out)) as temporary:
        return _write(parcels, vote_of, str(temporary), Path(out).stem, progress)


def voted_fields(fields: QgsFields) -> tuple[QgsFields, list[int]]:
    """The columns of a layer with those of the vote after them.

    Returns:
        The columns, and the positions of the layer's own that they begin with: the votes of an
        earlier map are left out.
    """
    own = [index for index, field in enumerate(fields) if field.name() not in COLUMNS]
    voted = QgsFields()
    for index in own:
        voted.append(fields.at(index))
    for name, kind in COLUMNS.items():
        voted.append(column(name, kind))
    return voted, own


def voted_feature(
    feature: QgsFeature, fields: QgsFields, own: list[int], vote_of: Voting
) -> QgsFeature:
    """A parcel with its vote; `fields` and `own` are those of `voted_fields`."""
    values = feature.attributes()
    copy = QgsFeature(fields)
    copy.setAttributes([*(values[index] for index in own), *vote_of(feature)])
    copy.setGeometry(feature.geometry())
    return copy


def _write(
    parcels: VectorInput,
    vote_of: Voting,
    out: str,
    name: str,
    progress: Callable[[float], bool],
) -> int:
    fields, own = voted_fields(parcels.fields)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    # a layer's own column "fid" need not be unique
    options.layerOptions = ["FID=s4_row"]
    writer = QgsVectorFileWriter.create(
        out, fields, parcels.geometry_type, parcels.crs, QgsCoordinateTransformContext(), options
    )
    voted, place = 0, fields.lookupField("s4_class")
    for done, feature in enumerate(parcels.features()):
        if done % 100 == 0 and not progress(min(done / max(parcels.count, 1), 1.0)):
            raise Cancelled()
        copy = voted_feature(feature, fields, own, vote_of)
        voted += bool(copy.attributes()[place])
        writer.addFeature(copy, QgsFeatureSink.Flag.FastInsert)
    message = writer.errorMessage()
    del writer  # closes the file
    if message:
        raise not_written(out, message)
    return voted
