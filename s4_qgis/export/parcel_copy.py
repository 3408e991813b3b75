"""A copy of a parcel layer with the crop that each parcel voted for, as a GeoPackage."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsVectorFileWriter,
)

from s4_core.errors import OutputError
from s4_qgis.columns import column
from s4_qgis.i18n import tr
from s4_qgis.processing.parcel_crops import COLUMNS, parcel_id, read_votes
from s4_qgis.processing.vectors import VectorInput, id_column


def write_parcel_copy(parcels: VectorInput, votes: str, out: str) -> int:
    """Write the parcels with their majority class, its confidence and their pixels.

    Args:
        votes: the segment job's table of parcels. out: .gpkg.

    Returns:
        How many parcels have a class.

    Raises:
        OutputError: it cannot be written.
    """
    by_id = read_votes(votes)
    fields = QgsFields(parcels.fields)
    for name, kind in COLUMNS.items():
        if fields.lookupField(name) >= 0:  # of a copy that was made before
            fields.remove(fields.lookupField(name))
        fields.append(column(name, kind))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", Path(out).stem
    # a layer's own column "fid" need not be unique
    options.layerOptions = ["FID=s4_row"]
    writer = QgsVectorFileWriter.create(
        out, fields, parcels.geometry_type, parcels.crs, QgsCoordinateTransformContext(), options
    )
    id_index = id_column(parcels.fields)
    own = [parcels.fields.lookupField(field.name()) for field in fields][: -len(COLUMNS)]
    voted = 0
    for feature in parcels.features():
        vote = by_id.get(parcel_id(feature, id_index), (None, None, None, 0))
        voted += vote[0] is not None
        values = feature.attributes()
        copy = QgsFeature(fields)
        copy.setAttributes([*(values[i] for i in own), *vote])
        copy.setGeometry(feature.geometry())
        writer.addFeature(copy, QgsFeatureSink.Flag.FastInsert)
    message = writer.errorMessage()
    del writer  # closes the file
    if message:
        raise OutputError(
            tr("{path} cannot be written: {message}").format(path=out, message=message),
            tr("Choose another folder, with free space."),
        )
    return voted
